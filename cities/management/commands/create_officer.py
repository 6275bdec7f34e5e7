"""``manage.py create_officer EMAIL``: the first officer of a new installation, who invites everybody else."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cities.access.actions import appoint_officer
from cities.audit.trail import OPERATOR
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import CENTER_ID, city_scope


class Command(BaseCommand):
    help = (
        "Make whoever proves this e-mail address the first officer of the Center. They sign in at /accounts/login/ "
        "with a code sent there, set up a second step, and invite all others from the Center’s pages. "
        "The deed stands in the Center’s audit trail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address that gets the sign-in codes")
        parser.add_argument("--name", default="", help="as others see it")
        parser.add_argument(
            "--another",
            action="store_true",
            help="although there is an officer: for when none of them can sign in any more",
        )

    def handle(self, *_args: Any, email: str, name: str, another: bool, **_options: Any) -> None:
        try:
            with city_scope(CENTER_ID):
                officer = appoint_officer(email=email, name=name, actor=OPERATOR, beside_others=another)
        except RuleError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{officer.email} is an officer of the Center. A letter is on its way.")
