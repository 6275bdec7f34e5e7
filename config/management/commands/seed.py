"""``manage.py seed demo`` and ``manage.py seed load``. Both run as the owner of the tables."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import config.celery  # noqa: F401  a notice of the demo nudges the relay over our broker
from config.demo.freshness import date_anew, is_stale
from config.demo.load import seed_load
from config.demo.seeding import seed_demo


class Command(BaseCommand):
    help = "Write the demo, or many rows to measure with."

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        demo = kinds.add_parser(
            "demo", help="sixteen cities with calls and applications; adds what is missing"
        )
        demo.add_argument(
            "--fresh", action="store_true", help="date the demo cities anew: one call closes tonight"
        )
        load = kinds.add_parser("load", help="applications in bulk, in 280 cities")
        load.add_argument(
            "--applications", type=int, required=True, metavar="N", help="12,000 of them in the first city"
        )
        load.add_argument(
            "--postings",
            type=int,
            default=0,
            metavar="M",
            help="about so many in the ledger, on awards, payments and receipts",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["kind"] == "demo":
            self._demo(is_fresh=options["fresh"])
        else:
            self._load(options["applications"], options["postings"])

    def _demo(self, *, is_fresh: bool) -> None:
        now = timezone.now()
        seeded = seed_demo(now, self._progress)
        if seeded.cities:
            self.stdout.write(
                f"The demo has {seeded.cities} new cities with {seeded.cycles} calls and {seeded.applications} applications."
            )
        for name in seeded.left_alone:
            self.stdout.write(f"{name} is here already and is no demo city, so it was left alone.")
        if is_fresh:
            days = date_anew(now)
            self.stdout.write(
                f"All dates of the demo were moved by {days} days; Baltimore’s call closes tonight at 11:59 pm there."
                if days
                else "The demo is dated for today already."
            )
        elif is_stale():
            self.stdout.write("The demo’s dates have passed. “manage.py seed demo --fresh” dates it anew.")

    def _load(self, count: int, postings: int) -> None:
        if count < 1:
            raise CommandError("--applications takes a number from 1.")
        if postings < 0:
            raise CommandError("--postings takes a number from 0.")
        seed_load(count, postings, self._progress)

    def _progress(self, sentence: str) -> None:
        self.stdout.write(sentence)
        sys.stdout.flush()
