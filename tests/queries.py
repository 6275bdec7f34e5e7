"""Count SQL statements, transaction control apart."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

CONTROL = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK", "BEGIN", "COMMIT", "SET CONSTRAINTS")


class Statements(list[str]):
    """The statements of a block, filled when it ends."""


@contextmanager
def count_statements() -> Iterator[Statements]:
    found = Statements()
    with CaptureQueriesContext(connection) as captured:
        yield found
    found.extend(q["sql"] for q in captured.captured_queries if not q["sql"].startswith(CONTROL))
