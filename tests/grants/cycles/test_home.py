import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from cities.access.models import Invitation, Role
from cities.places.models import Area
from cities.tenancy.scopes import city_scope
from grants.applications import states as application_states
from grants.awards import states as award_states
from grants.cycles import applied
from grants.cycles.funding.actions import allocate
from grants.cycles.queries_staff import CycleFigures, today
from grants.cycles.states import Status
from tests.factories import (
    ApplicationFactory,
    CycleFactory,
    FormVersionFactory,
    UserFactory,
    make_city,
    make_member,
    make_officer,
)
from tests.grants.programs.factories import fund_city
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db
EAST = ZoneInfo("America/New_York")
SQUARE = {"type": "Polygon", "coordinates": [[[-76.6, 39.2], [-76.5, 39.2], [-76.5, 39.3], [-76.6, 39.2]]]}


@pytest.fixture
def city(db):
    return make_city("tilden")


def home(city):
    return reverse("grants:staff-home", kwargs={"city": city.slug})


def apply(cycle, **fields):
    form = cycle.forms.first() or FormVersionFactory(cycle=cycle)
    return ApplicationFactory(form_version=form, **fields)


def test_the_words_of_the_later_room_are_still_its_own():
    known = set(application_states.Status.values)

    assert {applied.DRAFT, applied.TO_SCREEN} | applied.RECEIVED <= known
    assert applied.OFFERED == award_states.Status.OFFERED
    assert set(application_states.ON_THE_DESK) - applied.RECEIVED == {application_states.Status.WITHDRAWN}


def test_figures_count_drafts_submitted_and_what_is_asked(city):
    with city_scope(city):
        cycle = CycleFactory(planned_pool_cents=600_000)
        apply(cycle)
        apply(cycle, submitted=True, requested_cents=100_000)
        apply(cycle, submitted=True, requested_cents=50_000, status="eligible")
        apply(
            cycle,
            submitted=True,
            requested_cents=70_000,
            status="ineligible",
            screening_reason="Outside the city.",
        )
        apply(cycle, submitted=True, requested_cents=90_000, status="withdrawn")

        (figures,) = today(city, reader=UserFactory()).figures

    assert (figures.drafts, figures.submitted, figures.to_screen, figures.asked_cents) == (1, 3, 1, 150_000)
    assert (figures.asked_share, figures.stage) == (25, "open")


def test_the_curve_counts_local_days_without_gaps(city):
    with city_scope(city), time_machine.travel(datetime(2026, 7, 5, 12, tzinfo=UTC), tick=False):
        cycle = CycleFactory(
            opens_at=datetime(2026, 7, 1, 4, tzinfo=UTC), closes_at=datetime(2026, 7, 9, 4, tzinfo=UTC)
        )
        apply(cycle, submitted=True, submitted_at=datetime(2026, 7, 3, 3, 59, tzinfo=UTC))
        apply(cycle, submitted=True, submitted_at=datetime(2026, 7, 4, 4, 1, tzinfo=UTC))
        apply(cycle, submitted=True, submitted_at=datetime(2026, 7, 4, 5, tzinfo=UTC))

        (figures,) = today(city, reader=UserFactory()).figures

    assert [(day.day, count, total) for day, count, total in figures.curve()] == [
        (1, 0, 0),
        (2, 1, 1),
        (3, 0, 1),
        (4, 2, 3),
        (5, 0, 3),
    ]


@pytest.mark.parametrize(
    ("left", "days", "hours", "in_hours"),
    [
        (timedelta(days=12, hours=3), 12, 291, False),
        (timedelta(hours=47, minutes=59), 1, 47, True),
        (timedelta(minutes=30), 0, 0, True),
        (timedelta(days=-1), 0, 0, True),
    ],
)
def test_time_left_is_told_in_days_and_then_in_hours(city, left, days, hours, in_hours):
    now = timezone.now()
    with city_scope(city):
        cycle = CycleFactory.build(city_id=city.pk, opens_at=now - timedelta(days=9), closes_at=now + left)

    figures = CycleFigures(cycle, now, EAST)

    assert (figures.days_left, figures.hours_left, figures.in_hours) == (days, hours, in_hours)


def test_open_calls_come_first_then_upcoming_then_the_last_closed(city):
    now = timezone.now()
    with city_scope(city):
        for name, opens, closes in [
            ("old", -90, -60),
            ("next", 5, 20),
            ("late", -5, 20),
            ("soon", -5, 2),
            ("recent", -20, -1),
        ]:
            CycleFactory(
                name=name, opens_at=now + timedelta(days=opens), closes_at=now + timedelta(days=closes)
            )
        CycleFactory(name="gone", status=Status.ARCHIVED)
        CycleFactory(name="draft", status=Status.DRAFT)

        found = today(city, reader=UserFactory())

    assert [figures.cycle.name for figures in found.figures] == ["soon", "late", "next", "recent", "old"]
    assert [cycle.name for cycle in found.drafts] == ["draft"]


def test_places_are_those_of_what_came_in(city):
    with city_scope(city):
        cycle = CycleFactory()
        apply(cycle, submitted=True, reference="TIL-2026-0001", latitude=39.3, longitude=-76.6)
        apply(cycle, submitted=True)
        apply(cycle, latitude=1.0, longitude=1.0)
        apply(cycle, submitted=True, status="withdrawn", latitude=2.0, longitude=2.0)

        places = today(city, reader=UserFactory()).places

    assert [(place.reference, place.latitude) for place in places] == [("TIL-2026-0001", 39.3)]


def test_the_home_shows_figures_map_and_what_waits(city, client):
    manager = make_member(city, Role.MANAGER)
    with city_scope(city):
        Area.objects.create(name="Tilden Park", geometry=SQUARE)
        cycle = CycleFactory(name="Spring call", closes_at=timezone.now() + timedelta(days=9, hours=1))
        apply(
            cycle,
            submitted=True,
            reference="TIL-2026-0001",
            latitude=39.25,
            longitude=-76.55,
            title="Corner garden",
        )
        CycleFactory(name="Autumn call", status=Status.DRAFT)
        Invitation.objects.create(
            email="new@example.org",
            role=Role.STAFF,
            token_hash="x" * 64,
            invited_by=manager,
            expires_at=timezone.now() + timedelta(days=7),
        )
    sign_in(client, manager)

    page = client.get(home(city)).content.decode()

    assert "Application to screen</a>" in page
    assert "Draft of a call to finish and publish</a>" in page
    assert "Invitation not accepted yet</a>" in page
    assert "9 days left" in page
    assert 'data-areas="/tilden/areas.json"' in page
    assert "Corner garden" in page
    assert "$1,500" in page


@pytest.mark.parametrize(
    ("role", "screens", "manages"),
    [
        (Role.MANAGER, True, True),
        (Role.STAFF, True, False),
        (Role.VIEWER, False, False),
        (Role.FINANCE, False, False),
    ],
)
def test_what_waits_depends_on_the_role(city, client, role, screens, manages):
    with city_scope(city):
        apply(CycleFactory(), submitted=True)
        CycleFactory(status=Status.DRAFT)
    sign_in(client, make_member(city, role))

    page = client.get(home(city)).content.decode()

    assert ("to screen</a>" in page) == screens
    assert ("Draft of a call to finish and publish" in page) == manages


def test_an_empty_home_says_how_to_begin(city, client):
    sign_in(client, make_member(city, Role.MANAGER))

    page = client.get(home(city)).content.decode()

    assert "No calls yet" in page
    assert reverse("grants:setup-overview", kwargs={"city": city.slug}) in page


def test_a_title_with_markup_stays_text(city, client):
    with city_scope(city):
        apply(
            CycleFactory(),
            submitted=True,
            latitude=39.2,
            longitude=-76.5,
            title="</script><script>alert(1)</script>",
        )
    sign_in(client, make_member(city, Role.MANAGER))

    assert "<script>alert(1)" not in client.get(home(city)).content.decode()


def test_the_home_is_closed_to_residents_reviewers_and_other_cities(city, client):
    elsewhere = make_city("elsewhere")
    for user in (UserFactory(), make_member(city, Role.REVIEWER), make_member(elsewhere, Role.MANAGER)):
        sign_in(client, user)
        assert client.get(home(city)).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_home_takes_as_many_statements_for_one_row_as_for_three(city, client, count):
    manager = make_member(city, Role.MANAGER)
    with city_scope(city):
        for _ in range(count):
            Area.objects.create(name=f"Area {_}", geometry=SQUARE)
            cycle = CycleFactory()
            CycleFactory(status=Status.DRAFT)
            for _ in range(count):
                apply(cycle, submitted=True, latitude=39.2, longitude=-76.5)
    sign_in(client, manager)

    with count_statements() as statements:
        page = client.get(home(city)).content.decode()

    assert page.count("call__head") == count
    # Eight of the page, and fourteen of those whose waiting is asked for: this person is a manager.
    # Leaving the scope inside the test's own transaction takes one more, which a request does not.
    assert len(statements) == 8 + 14 + 1


def test_the_planned_pool_stands_beside_what_is_available(city, client):
    manager = make_member(city, Role.MANAGER)
    fund_city(make_officer(), city, 1_000_000, finance=make_member(city, Role.FINANCE))
    with city_scope(city):
        cycle = CycleFactory(planned_pool_cents=5_000_000)
        allocate(cycle.pk, amount_cents=250_000, actor=manager)
    sign_in(client, manager)

    page = client.get(home(city)).content.decode()

    assert f'href="/{city.slug}/staff/money/calls/{cycle.pk}/"' in page
    assert "$2,500" in page
    assert "$50,000" in page
    assert '<data class="money" value="250000">$2,500</data> allocated' in page


def test_the_summary_over_the_api_says_the_same(city, client):
    with city_scope(city):
        cycle = CycleFactory(name="Spring call")
        apply(cycle, submitted=True, requested_cents=120_000, latitude=39.2, longitude=-76.5)
        apply(cycle)
        CycleFactory(name="Autumn call", status=Status.DRAFT)
    sign_in(client, make_member(city, Role.VIEWER))

    answer = json.loads(client.get(reverse("grants:api-summary", kwargs={"city": city.slug})).content)

    (call,) = answer["calls"]
    assert (call["name"], call["drafts"], call["submitted"], call["asked_cents"], call["stage"]) == (
        "Spring call",
        1,
        1,
        120_000,
        "open",
    )
    assert call["by_day"][-1]["total"] == 1
    assert [draft["name"] for draft in answer["drafts"]] == ["Autumn call"]
    assert answer["waiting"] == []
    assert len(answer["places"]) == 1


def test_the_summary_tells_what_waits_on_the_person_who_asks(city, client):
    closed = {
        "opens_at": timezone.now() - timedelta(days=30),
        "closes_at": timezone.now() - timedelta(days=1),
    }
    with city_scope(city):
        apply(
            CycleFactory(name="Spring call", slug="spring", **closed), submitted=True, requested_cents=120_000
        )
        CycleFactory(name="Summer call", slug="summer")
    sign_in(client, make_member(city, Role.STAFF))

    answer = json.loads(client.get(reverse("grants:api-summary", kwargs={"city": city.slug})).content)

    (item,) = answer["waiting"]
    assert (item["what"], item["count"], item["cents"]) == ("application to screen", 1, 120_000)
    assert item["address"] == "/tilden/staff/applications/?status=submitted&cycle=spring"
    assert client.get(item["address"]).context["queue"].cycle.name == "Spring call"


def test_nobody_is_asked_to_screen_an_application_of_their_own(city, client):
    staff = make_member(city, Role.STAFF)
    with city_scope(city):
        apply(CycleFactory(), submitted=True, applicant=staff)
    sign_in(client, staff)

    assert client.get(home(city)).context["waiting"] == []


def test_the_summary_is_closed_to_strangers(city, client):
    address = reverse("grants:api-summary", kwargs={"city": city.slug})
    anonymous = client.get(address).status_code
    sign_in(client, UserFactory())

    assert (anonymous, client.get(address).status_code) == (401, 403)
