"""What waits on a person, gathered from all rooms."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cities.interface import waiting
from cities.interface.waiting import LONG, Waiting, waiting_for, waits


@pytest.fixture
def rooms(monkeypatch):
    """No room but those that a test registers."""
    monkeypatch.setattr(waiting, "_waiters", {})


def test_the_longest_waiting_comes_first_and_what_has_no_day_last(rooms):
    now = timezone.now()

    @waits("one")
    def one(_user, _city):
        yield Waiting("new", 1, "/", since=now)
        yield Waiting("no day", 1, "/")

    @waits("other")
    def other(_user, _city):
        return [Waiting("old", 3, "/", since=now - timedelta(days=9))]

    assert [item.label for item in waiting_for(None, None)] == ["old", "new", "no day"]


def test_what_is_nothing_is_left_out(rooms):
    @waits("none")
    def none(_user, _city):
        yield Waiting("none", 0, "/")

    assert waiting_for(None, None) == []


def test_a_room_registers_once(rooms):
    for label in ("first", "second"):
        waits("room")(lambda _user, _city, label=label: [Waiting(label, 1, "/")])

    assert [item.label for item in waiting_for(None, None)] == ["second"]


@pytest.mark.parametrize(
    ("age", "is_long"), [(LONG + timedelta(hours=1), True), (LONG - timedelta(hours=1), False)]
)
def test_what_waits_for_more_than_two_weeks_is_marked(age, is_long):
    assert Waiting("x", 1, "/", since=timezone.now() - age).is_long == is_long
    assert Waiting("x", 1, "/").is_long is False
