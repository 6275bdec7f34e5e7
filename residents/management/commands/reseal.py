"""``manage.py reseal``: the step of a change of keys after which a former body key may go."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from residents.accounts.resealing import reseal_factors


class Command(BaseCommand):
    help = (
        "Encrypt the secrets of all apps and recovery codes with the present body key. "
        "Run it after a change of keys, while the former ones are still named. "
        "Exit 1: some can’t be read, their key is missing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        sealed, unreadable = reseal_factors()
        self.stdout.write(f"{sealed} secrets lie under the present key.")
        if unreadable:
            raise CommandError(
                f"{unreadable} can’t be read: name the key that they lie under, and run this again."
            )
