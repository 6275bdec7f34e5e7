"""What an address says of where a list goes on: anybody may have written it, and PostgreSQL takes less than Python."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


def is_text(words: str) -> bool:
    """Say whether PostgreSQL could hold this: neither NUL nor half a character stands in it."""
    return _UNWRITABLE.search(words) is None


def comparable(value: Any) -> Any:
    """Return a value that columns can be compared with; instants in UTC, since displacements end at 15:59 there.

    Raises ``ValueError`` or ``OverflowError``.
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("without an offset")
        return value.astimezone(UTC)
    if isinstance(value, str) and not is_text(value):
        raise ValueError("no text of ours")
    return value


def moment_cursor(at: datetime, row_id: UUID) -> str:
    """Write the cursor of a list that goes by instants."""
    return f"{at.isoformat()}_{row_id.hex}"


def read_moment(cursor: str) -> tuple[datetime, UUID] | None:
    """Read such a cursor; one made by hand may be ``None``, which is the beginning."""
    at, _underscore, row_id = cursor.partition("_")
    try:
        return comparable(datetime.fromisoformat(at)), UUID(row_id)
    except (ValueError, OverflowError):
        return None
