"""Two people in the same instant, on real connections."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from cities.access.models import Role
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application
from grants.awards.actions import (
    Chosen,
    accept_award,
    award_application,
    award_applications,
    decline_application,
    decline_award,
    rescind_award,
    undo_decline,
)
from grants.awards.errors import AlreadyAnsweredError
from grants.awards.models import Award
from grants.cycles.actions import archive_cycle
from grants.cycles.models import Cycle
from grants.ledger.errors import InProgressError, NotEnoughError
from grants.ledger.models import Entry, MoneyCall
from grants.ledger.once import Call, once
from grants.ledger.queries import balance_of
from grants.ledger.states import AccountKind
from tests.factories import FormVersionFactory, make_city, make_member

from .factories import fund, make_application

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(city, *deeds):
    """Do all of these in one instant, each in its own thread and scope. Returns what came of each."""
    gate, results = Barrier(len(deeds)), [None] * len(deeds)

    def run(number, deed):
        try:
            with city_scope(city):
                gate.wait(timeout=10)
                results[number] = deed()
        except RuleError as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number, deed)) for number, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.fixture
def city():
    return make_city("tilden", name="Tilden")


@pytest.fixture
def managers(city):
    return [make_member(city, Role.MANAGER) for _ in range(2)]


@pytest.fixture
def applications(city):
    """Six applications for a pool that is enough for three."""
    with city_scope(city):
        version = FormVersionFactory()
        fund(version.cycle, 300_000)
        return [make_application(form_version=version) for _ in range(6)]


def left(applications):
    return balance_of(AccountKind.AVAILABLE, applications[0].cycle_id)


def test_two_managers_who_award_the_last_money_never_exceed_the_pool(city, managers, applications):
    first, second = [applications[:2], applications[2:4]]

    results = at_once(
        city,
        *[
            lambda rows=rows, who=who: award_applications(
                [Chosen(row.pk, 100_000) for row in rows], actor=who
            )
            for rows, who in zip([first, second], managers, strict=True)
        ],
    )

    assert sorted(type(result).__name__ for result in results) == ["NotEnoughError", "list"]
    with city_scope(city):
        assert left(applications) == 100_000
        assert Award.objects.count() == 2


def test_many_single_awards_at_once_stop_at_the_pool(city, managers, applications):
    results = at_once(
        city,
        *[
            lambda row=row: award_application(row.pk, amount_cents=100_000, actor=managers[0])
            for row in applications
        ],
    )

    assert sum(isinstance(result, Award) for result in results) == 3
    assert sum(isinstance(result, NotEnoughError) for result in results) == 3
    with city_scope(city):
        assert left(applications) == 0


def test_two_managers_who_pick_the_same_rows_award_them_once(city, managers, applications):
    rows = applications[:2]

    results = at_once(
        city,
        *[
            lambda rows=order, who=who: award_applications(
                [Chosen(row.pk, 50_000) for row in rows], actor=who
            )
            for order, who in zip([rows, rows[::-1]], managers, strict=True)
        ],
    )

    assert sorted(type(result).__name__ for result in results) == ["CantBeDecidedError", "list"]
    with city_scope(city):
        assert Award.objects.count() == 2


def test_an_offer_accepted_and_taken_back_at_once_has_one_end(city, managers, applications):
    with city_scope(city):
        award = award_application(applications[0].pk, amount_cents=100_000, actor=managers[0])

    results = at_once(
        city,
        lambda: accept_award(award.pk, payee_name="Rosa", actor=award.applicant),
        lambda: rescind_award(award.pk, reason="x", actor=managers[0]),
    )

    assert sum(isinstance(result, AlreadyAnsweredError) for result in results) == 1
    with city_scope(city):
        expected = 200_000 if Award.objects.get().status == "accepted" else 300_000
        assert left(applications) == expected


@pytest.mark.parametrize("wait", [True, False])
def test_one_key_sent_twice_at_once_awards_once(city, managers, applications, wait):
    call = Call("key-1", "award", managers[0], {"id": str(applications[0].pk)})

    def deed():
        award = award_application(applications[0].pk, amount_cents=100_000, actor=managers[0])
        return {"award": str(award.pk)}

    results = at_once(city, *[lambda: once(call, deed, wait=wait)] * 2)

    answers = [result for result in results if isinstance(result, dict)]
    assert all(isinstance(result, (dict, InProgressError)) for result in results)
    assert len({answer["award"] for answer in answers}) == 1
    assert len(answers) == 2 or not wait
    with city_scope(city):
        assert left(applications) == 200_000
        assert MoneyCall.objects.count() == 1
        assert Entry.objects.filter(kind="commitment").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_a_call_archived_while_a_no_is_taken_back_keeps_nobody_waiting(city, managers, _round):
    with city_scope(city):
        cycle = FormVersionFactory(
            cycle__opens_at=timezone.now() - timedelta(days=9),
            cycle__closes_at=timezone.now() - timedelta(days=1),
        ).cycle
        application = make_application(form_version=cycle.forms.get())
        decline_application(application.pk, reason="No.", actor=managers[0])

    results = at_once(
        city,
        lambda: archive_cycle(cycle.pk, actor=managers[0]),
        lambda: undo_decline(application.pk, actor=managers[1]),
    )

    assert sum(isinstance(result, RuleError) for result in results) == 1
    with city_scope(city):
        now = Cycle.objects.get(pk=cycle.pk).status, Application.objects.get(pk=application.pk).status
    assert now in {("archived", "unfunded"), ("published", "eligible")}


@pytest.mark.parametrize("_round", range(3))
def test_a_call_archived_while_money_is_offered_again_keeps_nobody_waiting(city, managers, _round):
    with city_scope(city):
        cycle = FormVersionFactory(
            cycle__opens_at=timezone.now() - timedelta(days=9),
            cycle__closes_at=timezone.now() - timedelta(days=1),
        ).cycle
        fund(cycle, 100_000)
        application = make_application(form_version=cycle.forms.get())
        award = award_application(application.pk, amount_cents=1_000, actor=managers[0])
        decline_award(award.pk, actor=award.applicant)

    results = at_once(
        city,
        lambda: archive_cycle(cycle.pk, actor=managers[0]),
        lambda: award_application(application.pk, amount_cents=1_000, actor=managers[1]),
    )

    assert sum(isinstance(result, RuleError) for result in results) == 1
    with city_scope(city):
        now = Cycle.objects.get(pk=cycle.pk).status, Award.objects.latest("offered_at").status
    assert now in {("archived", "declined"), ("published", "offered")}
