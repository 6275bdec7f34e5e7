"""What ``manage.py`` does around a Django command."""

import contextlib
import os
from collections.abc import Sequence

from config.embedded.places import Place, data_dir
from config.embedded.services import Attachment, is_embedded

# These never open a connection. Any other command finds the servers running.
NEEDS_NOTHING = frozenset(
    {"help", "version", "check", "diffsettings", "roles", "spectacular", "startapp"}
    | {"collectstatic", "findstatic", "compilemessages", "makemessages"}
)
ASKS_FOR_HELP = frozenset({"-h", "--help", "--version"})
READS_PAST_POLICIES = frozenset({"backup"})
ACTS_AS_OWNER = frozenset({"migrate", "makemigrations", "seed"})


def needs_servers(arguments: Sequence[str]) -> bool:
    """Tell whether the command may touch database or broker. Unknown ones may."""
    command = arguments[1] if len(arguments) > 1 else "help"
    return command not in NEEDS_NOTHING and ASKS_FOR_HELP.isdisjoint(arguments[1:])


def manage(arguments: Sequence[str]) -> None:
    """Run a Django command, holding the embedded servers for as long as it takes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if len(arguments) > 1 and arguments[1] in ACTS_AS_OWNER:
        os.environ["LYB_DATABASE_ROLE"] = "owner"

    with contextlib.ExitStack() as stack:
        if is_embedded():
            place = Place(data_dir())
            place.announce()
            if READS_PAST_POLICIES.intersection(arguments[1:2]):
                os.environ.update(place.backup_environment())
            if needs_servers(arguments):
                stack.enter_context(Attachment(place))
        # Settings read the addresses when Django is imported, so not before here.
        from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415
        from django.core.management import execute_from_command_line  # noqa: PLC0415

        try:
            execute_from_command_line(list(arguments))
        except ImproperlyConfigured as refusal:
            raise SystemExit(str(refusal)) from None  # the sentences, without where in our code they stand
