from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection

from cities.tenancy.instants import InstantLoader

pytestmark = pytest.mark.django_db


def read(written, zone="UTC"):
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('TimeZone', %s, true)", [zone])
        cursor.execute("SELECT %s::timestamptz", [written])
        return cursor.fetchone()[0]


def test_a_connection_reads_instants_by_pythons_parser():
    connection.ensure_connection()

    assert connection.connection.adapters.get_loader(1184, 0) is InstantLoader


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-11-01 05:30:00+00", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)),
        ("2026-11-01 05:30:00.5+00", datetime(2026, 11, 1, 5, 30, 0, 500_000, UTC)),
        ("2026-11-01 05:30:00.000001-04", datetime(2026, 11, 1, 9, 30, 0, 1, UTC)),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/Phoenix", "Asia/Kolkata"])
def test_an_instant_is_the_same_whatever_the_session_says(written, instant, zone):
    found = read(written, zone)

    assert found == instant
    assert found.utcoffset() == timedelta(0)


def test_the_first_and_the_last_instant_that_python_can_say():
    assert read("0001-01-01 00:00:00+00") == datetime.min.replace(tzinfo=UTC)
    assert read("9999-12-31 23:59:59.999999+00") == datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["infinity", "-infinity", "0044-03-15 12:00:00+00 BC", "12026-01-01 00:00:00+00"]
)
def test_what_no_datetime_can_say_is_refused(written):
    with pytest.raises(DataError):
        read(written)
