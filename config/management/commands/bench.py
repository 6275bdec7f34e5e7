"""``manage.py bench``: how many times slower than a stock Django page the product's pages are."""

import json
import logging
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.bench import report
from config.bench.errors import BenchError
from config.bench.exports import measure_exports
from config.bench.running import Run, run_bench
from config.bench.sample import Sample

LEAST_ROUNDS = 50


class Command(BaseCommand):
    help = (
        "Time pages and API calls on the data present, as a ratio to a stock Django page and a stock write."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="the figures as a list, and nothing else on stdout"
        )
        parser.add_argument(
            "--rounds", type=int, default=60, metavar="N", help="requests per case (default 60)"
        )
        parser.add_argument(
            "--only", action="append", default=[], metavar="WORDS", help="cases whose name holds this"
        )

        parser.add_argument(
            "--exports",
            action="store_true",
            help="instead of pages the Center's exports of all payments, against a raw cursor (on Linux)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("bench writes to real rows and sends letters: not in production.")
        logging.getLogger().setLevel(logging.WARNING)  # what is asked in this process would log its requests
        if options["exports"]:
            self._tell_exports(is_json=options["json"])
            return
        try:
            run = run_bench(options["rounds"], options["only"], self._progress)
        except BenchError as problem:
            raise CommandError(str(problem)) from problem
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(run.figures), indent=1))
        self._tell(run, self.stderr if options["json"] else self.stdout, is_json=options["json"])
        if run.missing:
            raise CommandError("Not measured:\n  " + "\n  ".join(run.missing))

    def _tell(self, run: Run, out: Any, *, is_json: bool) -> None:
        if not is_json:
            for line in report.table(run.figures):
                out.write(line)
            out.write("")
        out.write(report.machine())
        for line in report.noise(run.figures):
            out.write(line)
        out.write(
            f"web worker {run.worker_megabytes:.0f} MB (floor {run.floor_megabytes:.0f} MB); "
            f"web server answers after {run.start_seconds:.1f} s (floor {run.floor_start_seconds:.1f} s)"
        )

    def _tell_exports(self, *, is_json: bool) -> None:
        with TemporaryDirectory() as folder:
            try:
                figures = measure_exports(Sample().officer(), Path(folder))
            except (BenchError, OSError) as problem:
                raise CommandError(str(problem)) from problem
        lines = (
            [json.dumps(report.exports_as_json(figures), indent=1)] if is_json else report.exports(figures)
        )
        for line in [*lines, *([] if is_json else ["", report.machine()])]:
            self.stdout.write(line)

    def _progress(self, name: str) -> None:
        self.stderr.write(f"… {name}")
        self.stderr.flush()
