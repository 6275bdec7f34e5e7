"""``manage.py retry_letters``: what is run once mail goes again after a long outage."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from cities.outbox.letters import nudges_done
from cities.outbox.retrying import retry_letters


class Command(BaseCommand):
    help = (
        "Put letters back that failed in the last days, and let those that wait for another try go at once. "
        "Sign-in codes and invitations stay failed, since their secrets were erased: they are asked for anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--days",
            type=int,
            default=7,
            help="how long ago a letter may have failed (7): old news stays unsent",
        )

    def handle(self, *_args: Any, days: int, **_options: Any) -> None:
        put_back, hurried = retry_letters(timedelta(days=days))
        nudges_done()
        self.stdout.write(f"{put_back} failed letters are tried again; {hurried} that waited go now.")
