"""What a cursor says, as the database can compare it."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from cities.tenancy.cursors import comparable, moment_cursor, read_moment


def test_a_cursor_of_ours_is_read_as_it_was_written():
    place = datetime(2026, 5, 1, 12, 30, 15, 999_999, tzinfo=UTC), uuid4()

    assert read_moment(moment_cursor(*place)) == place


@pytest.mark.parametrize(
    "at", ["", "2026-05-01", "2026-05-01T12:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_cursor_without_an_instant_is_the_beginning(at):
    assert read_moment(f"{at}_{uuid4().hex}") is None


def test_instants_are_compared_in_utc():
    """PostgreSQL refuses what Python reads: no displacement there is beyond 15:59."""
    read, _row_id = read_moment(f"2026-01-01T00:00:00+23:00_{uuid4().hex}")

    assert read.isoformat() == "2025-12-31T01:00:00+00:00"


@pytest.mark.parametrize("words", ["\0", "a\0b", "\ud800", "a\udfffb"])
def test_what_is_no_text_of_the_databases_is_refused(words):
    with pytest.raises(ValueError, match="text"):
        comparable(words)


def test_other_values_stay_as_they_are():
    assert [comparable(value) for value in ("🌳 é", 5, "")] == ["🌳 é", 5, ""]
