from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from cities.audit.models import Event
from cities.tenancy.errors import RuleError, ScopeError
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.programs.actions import change_cohort, create_cohort, join_cohort, leave_cohort
from grants.programs.errors import (
    AlreadyInCohortError,
    CohortNameTakenError,
    NotInCohortError,
    UnknownCityError,
    UnknownCohortError,
)
from grants.programs.models import Cohort
from tests.grants.programs.center import (
    NEVER,
    cohorts,
    events,
    failing_at_the_last_write,
    make_cohort,
    members_of,
)

pytestmark = pytest.mark.django_db


def test_a_cohort_lies_in_the_centers_tenant_and_is_audited_there(officer):
    with center_scope(officer):
        cohort = create_cohort(
            actor=officer,
            name=" 2024–26 ",
            starts_on=date(2024, 5, 6),
            ends_on=date(2026, 12, 31),
            grant_cents=10_000_000,
        )

    assert (cohort.city_id, cohort.name) == (CENTER_ID, "2024–26")
    with city_scope(CENTER_ID):
        event = Event.objects.get()
    assert (event.tag, event.actor_id, event.subject_id) == ("cohort:create", officer.pk, cohort.pk)
    assert event.data == {
        "name": "2024–26", "starts_on": "2024-05-06", "ends_on": "2026-12-31", "grant_cents": 10_000_000,
    }  # fmt: skip


def test_two_cohorts_of_one_name_are_refused_whatever_the_capitals(officer):
    make_cohort(officer, "Spring")

    with center_scope(officer), pytest.raises(CohortNameTakenError) as refusal:
        create_cohort(actor=officer, name="SPRING")

    assert (str(refusal.value), refusal.value.field) == ("There is a cohort of this name already.", "name")
    assert cohorts() == ["Spring"]


def test_a_cohort_that_ends_before_it_starts_is_refused(officer):
    with center_scope(officer), pytest.raises(RuleError) as refusal:
        create_cohort(actor=officer, name="Backwards", starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 1))

    assert (str(refusal.value), refusal.value.field) == ("A cohort ends after it starts.", "ends_on")
    assert cohorts() == []


def test_a_cohort_without_a_name_is_refused_at_its_field(officer):
    with center_scope(officer), pytest.raises(RuleError) as refusal:
        create_cohort(actor=officer, name="  ")

    assert refusal.value.field == "name"


def test_the_database_refuses_days_in_the_wrong_order_too(officer):
    with (
        center_scope(officer),
        pytest.raises(IntegrityError, match="cohort_days_in_order"),
        transaction.atomic(),
    ):
        Cohort.objects.create(
            city_id=CENTER_ID, name="x", starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 1)
        )


def test_creating_that_fails_at_the_end_leaves_nothing(officer):
    with center_scope(officer), failing_at_the_last_write(), pytest.raises(RuleError):
        create_cohort(actor=officer, name="Lost")

    assert (cohorts(), events()) == ([], [])


def test_changing_a_cohort_tells_before_and_after(officer):
    cohort = make_cohort(officer)

    with center_scope(officer):
        change_cohort(cohort.pk, actor=officer, name="2024–2026", grant_cents=10_000_000)

    with city_scope(CENTER_ID):
        event = Event.objects.get(tag="cohort:change")
    assert event.data == {"name": "2024–2026", "before": {"name": "2024–26"}, "after": {"name": "2024–2026"}}
    assert cohorts() == ["2024–2026"]


def test_changing_nothing_writes_nothing(officer):
    cohort = make_cohort(officer)

    with center_scope(officer):
        change_cohort(cohort.pk, actor=officer, name="2024–26", grant_cents=10_000_000)

    assert events() == ["cohort:create"]


def test_a_cohort_may_keep_its_own_name_but_not_take_anothers(officer):
    make_cohort(officer, "One")
    other = make_cohort(officer, "Two")

    with center_scope(officer), pytest.raises(CohortNameTakenError):
        change_cohort(other.pk, actor=officer, name="one")

    assert cohorts() == ["One", "Two"]


def test_changing_that_fails_at_the_end_leaves_nothing(officer):
    cohort = make_cohort(officer)

    with center_scope(officer), failing_at_the_last_write(), pytest.raises(RuleError):
        change_cohort(cohort.pk, actor=officer, name="Lost")

    assert (cohorts(), events()) == (["2024–26"], ["cohort:create"])


def test_a_city_joins_and_leaves_a_cohort(officer, baltimore, dallas):
    cohort = make_cohort(officer)

    with center_scope(officer):
        join_cohort(cohort.pk, city_id=dallas.pk, actor=officer)
        join_cohort(cohort.pk, city_id=baltimore.pk, actor=officer)
        leave_cohort(cohort.pk, city_id=dallas.pk, actor=officer)

    assert members_of(cohort) == ["baltimore"]
    assert events() == ["cohort:create", "cohort:join", "cohort:join", "cohort:leave"]
    assert (events(baltimore.pk), events(dallas.pk)) == ([], [])


def test_a_city_joins_a_cohort_once(officer, baltimore):
    cohort = make_cohort(officer, "2024–26", baltimore)

    with center_scope(officer), pytest.raises(AlreadyInCohortError) as refusal:
        join_cohort(cohort.pk, city_id=baltimore.pk, actor=officer)

    assert str(refusal.value) == "Baltimore is in the cohort “2024–26” already."
    assert members_of(cohort) == ["baltimore"]


def test_neither_an_unknown_city_nor_the_center_joins(officer, baltimore):
    cohort = make_cohort(officer)

    for stranger in (NEVER, CENTER_ID):
        with center_scope(officer), pytest.raises(UnknownCityError):
            join_cohort(cohort.pk, city_id=stranger, actor=officer)

    assert members_of(cohort) == []


def test_nobody_joins_or_leaves_a_cohort_that_is_not_there(officer, baltimore):
    for deed in (join_cohort, leave_cohort):
        with center_scope(officer), pytest.raises(UnknownCohortError):
            deed(NEVER, city_id=baltimore.pk, actor=officer)


def test_leaving_a_cohort_twice_is_refused(officer, baltimore):
    cohort = make_cohort(officer)

    with center_scope(officer), pytest.raises(NotInCohortError):
        leave_cohort(cohort.pk, city_id=baltimore.pk, actor=officer)


def test_joining_and_leaving_that_fail_at_the_end_leave_everything_as_it_was(officer, baltimore, dallas):
    cohort = make_cohort(officer, "2024–26", baltimore)

    with failing_at_the_last_write():
        with center_scope(officer), pytest.raises(RuleError):
            join_cohort(cohort.pk, city_id=dallas.pk, actor=officer)
        with center_scope(officer), pytest.raises(RuleError):
            leave_cohort(cohort.pk, city_id=baltimore.pk, actor=officer)

    assert members_of(cohort) == ["baltimore"]
    assert events() == ["cohort:create", "cohort:join"]


def test_a_city_can_neither_see_nor_make_cohorts(officer, baltimore):
    make_cohort(officer, "2024–26", baltimore)

    with city_scope(baltimore):
        assert not Cohort.objects.exists()
        with pytest.raises(ScopeError), transaction.atomic():
            Cohort.objects.create(city_id=CENTER_ID, name="Ours")
        with (
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "INSERT INTO grants_cohort (id, city_id, name, grant_cents, created_at) VALUES (gen_random_uuid(), %s, 'Ours', 0, now())",
                [CENTER_ID],
            )
