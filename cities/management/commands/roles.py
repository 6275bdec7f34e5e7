from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from cities.tenancy import roles


class Command(BaseCommand):
    help = "Print the SQL with which an administrator makes the database's roles. Touches nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sql", action="store_true", required=True, help="print a script for psql")
        parser.add_argument("--database", default="lyb", help="name of the application's database")

    def handle(self, *, database: str, **options: object) -> None:
        self.stdout.write(roles.script(database))
