"""What the database itself refuses, whoever asks: raw writes as the web role."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cities.tenancy.models import new_id
from grants.awards.models import Award
from grants.ledger.posting import Deed, Line, post
from grants.ledger.states import AccountKind, EntryKind
from tests.factories import UserFactory

from .factories import fund, make_application, make_award

REFUSED = [
    ("UPDATE grants_award SET amount_cents = amount_cents + 1", "award_frozen"),
    ("UPDATE grants_award SET conditions = 'Nothing'", "award_frozen"),
    ("UPDATE grants_award SET reference = 'X'", "award_frozen"),
    ("UPDATE grants_award SET application_id = gen_random_uuid()", "award_frozen"),
    ("UPDATE grants_award SET status = 'completed'", "award_way"),
    ("UPDATE grants_award SET status = 'lost'", "award_way"),
    ("UPDATE grants_award SET status = 'rescinded'; SET CONSTRAINTS ALL IMMEDIATE", "award_in_ledger"),
    ("UPDATE grants_award SET status = 'declined'; SET CONSTRAINTS ALL IMMEDIATE", "award_in_ledger"),
    ("UPDATE grants_award SET status = 'accepted'", "award_accepted_is_signed"),
    ("UPDATE grants_award SET paid_cents = amount_cents + 1", "award_paid_within_amount"),
    ("UPDATE grants_award SET proved_cents = amount_cents + 1", "award_proved_within_amount"),
    ("UPDATE grants_award SET starts_on = '2026-02-02', ends_on = '2026-02-01'", "award_days_in_order"),
]


@pytest.fixture
def award(in_city):
    return make_award()


def refused(sql, *params):
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return refusal.value.__cause__


@pytest.mark.parametrize(("sql", "constraint"), REFUSED)
def test_a_raw_write_to_an_award_is_refused(award, sql, constraint):
    assert refused(sql).diag.constraint_name == constraint


def test_the_applicant_of_an_award_can_not_be_changed(award):
    error = refused("UPDATE grants_award SET applicant_id = %s", UserFactory().pk)

    assert error.diag.constraint_name == "award_frozen"


def test_an_answer_stays_as_it_was_given(in_city):
    make_award(is_accepted=True)

    assert (
        refused("UPDATE grants_award SET signatory_id = %s", UserFactory().pk).diag.constraint_name
        == "award_frozen"
    )


def born(award, status, **fields):
    """Copy an award's row past the actions, for another application, without a word in the books."""
    application = make_application()
    copy = Award.objects.get(pk=award.pk)
    copy.pk, copy.application, copy.applicant = new_id(), application, application.applicant
    copy.cycle, copy.status = application.cycle, status
    for name, value in fields.items():
        setattr(copy, name, value)
    copy._state.adding = True
    copy.save(force_insert=True)
    return copy


def settled(award, *lines, kind=EntryKind.COMMITMENT):
    if lines:
        post(Deed(kind, f"raw:{award.pk}", award, award.applicant), lines)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("status", ["offered", "accepted", "completed", "declined", "rescinded"])
def test_an_award_is_not_born_without_its_money(award, manager, status):
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        settled(born(award, status, signatory=manager, answered_at=timezone.now()))

    assert refusal.value.__cause__.diag.constraint_name == "award_in_ledger"


def test_an_awards_money_comes_out_of_its_own_cycle(award):
    other = make_application().cycle
    fund(other, award.amount_cents)

    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        copy = born(award, "offered")
        settled(
            copy,
            Line(AccountKind.AVAILABLE, other.pk, -award.amount_cents, pool_id=other.pk),
            Line(AccountKind.COMMITTED, copy.pk, award.amount_cents, pool_id=other.pk),
        )

    assert refusal.value.__cause__.diag.constraint_name == "award_in_ledger"


def test_an_award_that_still_holds_money_is_not_completed(in_city):
    make_award(is_accepted=True)

    error = refused("UPDATE grants_award SET status = 'completed'; SET CONSTRAINTS ALL IMMEDIATE")

    assert error.diag.constraint_name == "award_in_ledger"


def test_awards_are_never_deleted(award):
    assert refused("DELETE FROM grants_award").sqlstate == "42501"


def test_an_application_has_one_standing_award(award):
    copy = Award.objects.get()
    copy.pk = None
    copy._state.adding = True

    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        copy.save(force_insert=True)

    assert refusal.value.__cause__.diag.constraint_name == "award_one_per_application"


def test_an_award_of_nothing_is_refused(award):
    sql = "INSERT INTO grants_award SELECT (jsonb_populate_record(a, %s::jsonb)).* FROM grants_award a"
    change = '{"id": "01900000-0000-7000-8000-00000000abcd", "status": "rescinded", "amount_cents": 0}'

    assert refused(sql, change).diag.constraint_name == "award_amount_positive"


def test_an_unfunded_application_has_its_reason(award):
    sql = "UPDATE grants_application SET status = 'unfunded', decision_reason = ''"

    assert refused(sql).diag.constraint_name == "application_unfunded_has_reason"
