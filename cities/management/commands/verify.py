"""``manage.py verify``: prove that nobody tampered with trail or walls."""

import json
import time
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from cities.audit.verification import Findings, run_checks


class Command(BaseCommand):
    help = (
        "Seal what is pending, then recompute audit chains and tenancy protections. Exits 1 on any break, naming it. "
        "Runs as the web role and opens each city's door in turn, so it needs no more rights than the application."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", dest="as_json", help="print one JSON object instead of lines"
        )
        parser.add_argument("--only", default="", metavar="NAME", help="run the checks whose name begins so")

    def handle(self, *, as_json: bool, only: str, **_options: Any) -> None:
        started = time.monotonic()
        found = run_checks(only)
        seconds = round(time.monotonic() - started, 2)
        is_clean = not any(findings.breaks for findings in found)
        if as_json:
            self.stdout.write(
                json.dumps(
                    {"ok": is_clean, "seconds": seconds, "checks": [asdict(f) for f in found]}, indent=2
                )
            )
        else:
            for findings in found:
                self._say(findings)
            self.stdout.write(f"{'Clean' if is_clean else 'BROKEN'} after {seconds} s.")
        if not is_clean:
            raise SystemExit(1)

    def _say(self, findings: Findings) -> None:
        mark = "BROKEN" if findings.breaks else "ok"
        self.stdout.write(f"{mark:7} {findings.name} ({findings.examined} examined)")
        for broken in findings.breaks:
            self.stdout.write(f"        {broken.place}: {broken.sentence}")
        for note in findings.notes:
            self.stdout.write(f"        note: {note}")
