from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from grants.cycles.deadlines import SkippedHourError, closing, local_parts, opening

EAST = ZoneInfo("America/New_York")
PHOENIX = ZoneInfo("America/Phoenix")


def test_a_day_without_an_hour_opens_at_its_start_and_closes_at_its_end():
    assert opening(date(2026, 7, 1), None, EAST) == datetime(2026, 7, 1, 4, tzinfo=UTC)
    assert closing(date(2026, 7, 31), None, EAST) == datetime(2026, 8, 1, 3, 59, 59, tzinfo=UTC)


def test_the_last_minute_of_a_day_means_its_last_second():
    assert closing(date(2026, 7, 31), time(23, 59), EAST) == datetime(2026, 8, 1, 3, 59, 59, tzinfo=UTC)
    assert closing(date(2026, 7, 31), time(17, 0), EAST) == datetime(2026, 7, 31, 21, tzinfo=UTC)


def test_winter_and_summer_time_give_different_instants_of_one_hour():
    assert closing(date(2026, 1, 15), time(17), EAST) == datetime(2026, 1, 15, 22, tzinfo=UTC)
    assert closing(date(2026, 7, 15), time(17), EAST) == datetime(2026, 7, 15, 21, tzinfo=UTC)


def test_a_zone_without_summer_time_keeps_its_offset():
    assert closing(date(2026, 7, 15), time(17), PHOENIX) == datetime(2026, 7, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize("read", [opening, closing])
def test_an_hour_that_the_clocks_skip_is_refused(read):
    with pytest.raises(SkippedHourError, match="02:30 does not exist"):
        read(date(2026, 3, 8), time(2, 30), EAST)


def test_an_hour_that_comes_twice_is_read_in_the_applicants_favor():
    assert opening(date(2026, 11, 1), time(1, 30), EAST) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert closing(date(2026, 11, 1), time(1, 30), EAST) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_days_on_which_the_clocks_change_end_at_their_own_end():
    assert closing(date(2026, 3, 8), None, EAST) == datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC)
    assert closing(date(2026, 11, 1), None, EAST) == datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC)


def test_a_deadline_is_shown_again_as_it_was_typed():
    assert local_parts(closing(date(2026, 11, 1), time(1, 30), EAST), EAST) == (
        date(2026, 11, 1),
        time(1, 30),
    )
    assert local_parts(None, EAST) == (None, None)
