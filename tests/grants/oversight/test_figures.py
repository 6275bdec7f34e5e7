from datetime import timedelta

import pytest
from django.utils import timezone

from cities.access.models import Membership, Role
from cities.tenancy.scopes import center_scope, city_scope
from grants.applications.models import Application
from grants.cycles.models import Cycle
from grants.oversight.figures import Stage, all_cities, one_city, stage_of, totals
from tests.factories import ApplicationFactory, FormVersionFactory, UserFactory, make_city, make_member
from tests.grants.programs.center import make_cohort
from tests.queries import count_statements

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


def call(city, *statuses, asked=150_000, **fields):
    """A call with one application per status."""
    with city_scope(city):
        form = FormVersionFactory(**{f"cycle__{name}": value for name, value in fields.items()})
        for number, status in enumerate(statuses):
            if status == "draft":
                ApplicationFactory(form_version=form)
                continue
            reason = "No." if status == "ineligible" else ""
            reference = f"X-{form.cycle.slug}-{number}"[:20]
            ApplicationFactory(
                submitted=True,
                form_version=form,
                reference=reference,
                status=status,
                screening_reason=reason,
                requested_cents=asked,
            )
    return form.cycle


def figures(officer, now=None):
    with center_scope(officer):
        return {row.city.slug: row for row in all_cities(now or timezone.now())}


def test_a_city_is_counted_with_what_its_own_desk_counts(officer, baltimore, manager):
    call(baltimore, "draft", "draft", "submitted", "eligible", "ineligible", "withdrawn")

    row = figures(officer)["baltimore"]

    assert (row.drafts, row.submitted, row.asked_cents, row.pool_cents, row.people) == (
        2,
        3,
        300_000,
        2_400_000,
        1,
    )


def test_calls_in_preparation_or_put_away_stand_in_no_sum(officer, baltimore):
    call(baltimore, "submitted", status="archived")
    call(baltimore, status="draft")
    call(baltimore, "submitted", closes_at=NOW - DAY)

    row = figures(officer)["baltimore"]

    assert (row.submitted, row.pool_cents, len(row.open_calls)) == (1, 2_400_000, 0)
    assert [each.stage for each in row.calls] == [Stage.DRAFT, Stage.CLOSED]


def test_one_city_shows_also_what_is_put_away(officer, baltimore, dallas):
    call(baltimore, "submitted", status="archived")
    call(dallas, "submitted")

    with center_scope(officer):
        row = one_city(baltimore, timezone.now())

    assert [(each.stage, each.submitted) for each in row.calls] == [(Stage.ARCHIVED, 1)]
    assert row.submitted == 0


def test_the_call_named_first_is_the_open_one_that_closes_next(officer, baltimore):
    call(baltimore, name="Later", closes_at=NOW + 9 * DAY)
    call(baltimore, name="Next", closes_at=NOW + 2 * DAY)
    call(baltimore, name="Coming", opens_at=NOW + DAY, closes_at=NOW + 30 * DAY)

    row = figures(officer)["baltimore"]

    assert (row.call.name, len(row.open_calls)) == ("Next", 2)


def test_what_closes_within_a_week_is_counted(officer, baltimore):
    call(baltimore, closes_at=NOW + 6 * DAY)
    call(baltimore, closes_at=NOW + 8 * DAY)
    call(baltimore, closes_at=NOW - DAY)

    assert totals(figures(officer).values()).closing_soon == 1


def test_without_an_open_call_the_next_to_open_is_named(officer, baltimore):
    call(baltimore, name="In June", opens_at=NOW + 20 * DAY, closes_at=NOW + 30 * DAY)
    call(baltimore, name="In May", opens_at=NOW + 10 * DAY, closes_at=NOW + 40 * DAY)

    assert figures(officer)["baltimore"].call.name == "In May"


def test_a_person_with_two_roles_is_one_person_and_who_left_is_none(officer, baltimore):
    make_member(baltimore, Role.MANAGER, Role.FINANCE)
    gone = make_member(baltimore, Role.STAFF)
    with city_scope(baltimore):
        Membership.objects.filter(user=gone).update(ended_at=timezone.now())

    assert figures(officer)["baltimore"].people == 1


def test_cohorts_of_a_city_stand_newest_first(officer, baltimore, dallas):
    make_cohort(officer, "Old", baltimore, dallas)
    newer = make_cohort(officer, "New", baltimore)
    with center_scope(officer):
        newer.starts_on = newer.starts_on.replace(year=2026)
        newer.save()

    found = figures(officer)

    assert [name for _key, name in found["baltimore"].cohorts] == ["New", "Old"]
    assert [name for _key, name in found["dallas"].cohorts] == ["Old"]


def test_money_is_never_summed_across_currencies(officer, baltimore):
    toronto = make_city("toronto", currency="CAD")
    call(baltimore, "submitted")
    call(toronto, "submitted", asked=70_000)

    sums = totals(figures(officer).values())

    assert sums.asked == {"USD": 150_000, "CAD": 70_000}
    assert sums.pool == {"USD": 2_400_000, "CAD": 2_400_000}
    assert (sums.cities, sums.open_calls, sums.submitted) == (2, 2, 2)


def test_the_center_itself_is_no_city(officer):
    assert figures(officer) == {}


@pytest.mark.parametrize(
    ("status", "opens", "closes", "stage"),
    [
        ("published", -1, 1, Stage.OPEN),
        ("published", 1, 2, Stage.UPCOMING),
        ("published", -2, -1, Stage.CLOSED),
        ("published", -1, 0, Stage.OPEN),
        ("draft", -1, 1, Stage.DRAFT),
        ("draft", None, None, Stage.DRAFT),
        ("archived", -1, 1, Stage.ARCHIVED),
    ],
)
def test_where_a_call_stands_follows_from_its_status_and_days(status, opens, closes, stage):
    at = {days: None if days is None else NOW + days * DAY for days in (opens, closes)}

    assert stage_of(status, at[opens], at[closes], NOW) == stage


def test_the_statements_are_the_same_for_one_city_and_three(officer):
    counts = []
    for slugs in (["baltimore"], ["dallas", "reno"]):
        for slug in slugs:
            city = make_city(slug)
            call(city, "submitted", "draft")
            make_member(city, Role.MANAGER)
        make_cohort(officer, f"with {slugs[0]}", city)
        with center_scope(officer), count_statements() as statements:
            rows = all_cities(timezone.now())
            assert all(row.submitted == 1 and row.people == 1 for row in rows)
        counts.append(len(statements))

    assert counts == [5, 5]


def test_counting_needs_no_row_of_a_city_to_be_written(officer, baltimore):
    call(baltimore, "submitted")

    with center_scope(officer):
        changed = Cycle.objects.filter(city=baltimore).update(name="Ours")
        gone, _by_model = Application.objects.filter(city=baltimore, applicant=UserFactory()).delete()

    assert (changed, gone) == (0, 0)
