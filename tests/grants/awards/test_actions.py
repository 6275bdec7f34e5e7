"""Deciding, answering and taking back: one success per action, and each refusal."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from cities.access.models import Role
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from grants.applications.conflicts import ConflictOfInterestError
from grants.applications.models import Application, Conflict
from grants.awards.actions import (
    Chosen,
    Declined,
    accept_award,
    award_application,
    award_applications,
    decline_application,
    decline_applications,
    decline_award,
    rescind_award,
    undo_decline,
)
from grants.awards.errors import (
    AlreadyAnsweredError,
    AmountError,
    AnswerDayError,
    CantBeDecidedError,
    ChosenTwiceError,
    NotTheApplicantError,
    OwnApplicationError,
    ReasonMissingError,
)
from grants.awards.models import Award
from grants.awards.signals import award_accepted, award_ended
from grants.awards.states import Status
from grants.cycles.errors import WrongStatusError
from grants.cycles.models import Cycle
from grants.ledger.errors import NotEnoughError
from grants.ledger.models import Entry
from grants.ledger.queries import balance_of, balances_of
from grants.ledger.states import AccountKind
from grants.payments.actions import complete_award
from tests.factories import CycleFactory, FormVersionFactory

from .factories import fund, make_application, make_award, make_colleague


@pytest.fixture
def application(form_version):
    fund(form_version.cycle, 500_000)
    return make_application(form_version=form_version)


@pytest.fixture
def award(application, manager):
    return award_application(application.pk, amount_cents=120_000, actor=manager)


def available(row):
    return balance_of(AccountKind.AVAILABLE, row.cycle_id)


def told_to(person):
    return sorted(Message.objects.filter(recipient=person).values_list("kind", flat=True))


def tags_of(row):
    return list(Event.objects.filter(subject_id=row.pk).order_by("created_at").values_list("tag", flat=True))


def test_an_award_promises_money_and_commits_it(application, manager):
    award = award_application(application.pk, amount_cents=120_000, actor=manager)

    application.refresh_from_db()
    assert (award.status, award.amount_cents, award.requested_cents) == (Status.OFFERED, 120_000, 150_000)
    assert (application.status, application.award_status, application.awarded_cents) == (
        "awarded",
        "offered",
        120_000,
    )
    assert application.decided_at
    assert balances_of([award.pk])[award.pk] == {
        "committed": 120_000,
        "obligated": -120_000,
        "to_prove": 120_000,
    }
    assert available(application) == 380_000
    assert tags_of(award) == ["award:offer"]
    assert told_to(application.applicant) == ["award-offered"]


def test_an_award_takes_period_and_conditions_from_its_call(form_version, manager):
    cycle = form_version.cycle
    cycle.project_starts_on, cycle.project_ends_on = date(2026, 5, 1), date(2026, 9, 30)
    cycle.award_terms = {
        **cycle.award_terms,
        "conditions": ["Keep receipts.", "Put up the sign."],
        "payment_modes": ["advance"],
    }
    cycle.save()
    fund(cycle)

    award = award_application(make_application(form_version=form_version).pk, amount_cents=1, actor=manager)

    assert (award.starts_on, award.ends_on) == (date(2026, 5, 1), date(2026, 9, 30))
    assert (award.conditions, award.payment_mode) == ("Keep receipts.\nPut up the sign.", "advance")
    today = timezone.localdate(timezone=award.city.zone)
    assert award.answer_by_on == today + timedelta(days=14)


def test_an_award_has_no_conditions_if_those_of_the_call_were_deleted(form_version, manager):
    cycle = form_version.cycle
    cycle.award_terms = {**cycle.award_terms, "conditions": ["Keep receipts."]}
    cycle.save()
    fund(cycle)
    application = make_application(form_version=form_version)

    assert award_application(application.pk, amount_cents=1, conditions=" ", actor=manager).conditions == ""


@pytest.mark.parametrize("days", [-1, 367])
def test_no_offer_is_made_that_is_over_already_or_holds_money_for_decades(form_version, manager, days):
    fund(form_version.cycle)
    row = make_application(form_version=form_version)
    day = timezone.localdate(timezone=row.city.zone) + timedelta(days=days)

    with pytest.raises(AnswerDayError) as refusal:
        award_application(row.pk, amount_cents=1, answer_by_on=day, actor=manager)

    assert refusal.value.field == "answer_by_on"
    assert not Award.objects.exists()


def test_several_awards_are_one_decision(form_version, manager):
    fund(form_version.cycle, 200_000)
    rows = [make_application(form_version=form_version) for _ in range(2)]

    awards = award_applications([Chosen(row.pk, 100_000) for row in rows], actor=manager)

    assert {award.application_id for award in awards} == {row.pk for row in rows}
    assert available(rows[0]) == 0


def test_awards_beyond_the_pool_are_refused_as_one(form_version, manager):
    fund(form_version.cycle, 199_999)
    rows = [make_application(form_version=form_version) for _ in range(2)]

    with pytest.raises(NotEnoughError, match=r"0\.01"):
        award_applications([Chosen(row.pk, 100_000) for row in rows], actor=manager)

    assert not Award.objects.exists()
    assert available(rows[0]) == 199_999


def test_one_bad_row_stops_the_whole_decision_and_is_named(form_version, manager):
    fund(form_version.cycle)
    good, bad = (
        make_application(form_version=form_version, status=status) for status in ("eligible", "submitted")
    )

    with pytest.raises(CantBeDecidedError, match=f"Nothing was changed, because of {bad.reference}"):
        award_applications([Chosen(good.pk, 1), Chosen(bad.pk, 1)], actor=manager)

    assert not Award.objects.exists()


def test_nothing_is_offered_to_whoever_deleted_their_account(application, manager):
    application.applicant.is_active = False
    application.applicant.save(update_fields=["is_active"])

    with pytest.raises(CantBeDecidedError, match="deleted their account"):
        award_application(application.pk, amount_cents=120_000, actor=manager)

    assert available(application) == 500_000


def test_the_same_application_is_not_awarded_twice_in_one_decision(application, manager):
    with pytest.raises(ChosenTwiceError):
        award_applications([Chosen(application.pk, 1), Chosen(application.pk, 2)], actor=manager)


def test_a_draft_is_not_there_to_be_awarded(form_version, manager):
    draft = make_application(form_version=form_version, status="draft")

    with pytest.raises(CantBeDecidedError, match="left the desk"):
        award_application(draft.pk, amount_cents=1, actor=manager)


@pytest.mark.parametrize(
    ("cents", "sentence"),
    [(0, "more than nothing"), (-5, "more than nothing"), (150_001, "asked for")],
)
def test_an_amount_outside_of_what_was_asked_is_refused(application, manager, cents, sentence):
    with pytest.raises(AmountError, match=sentence) as refusal:
        award_application(application.pk, amount_cents=cents, actor=manager)

    assert refusal.value.field == "amount_cents"


def test_an_amount_above_what_the_call_gives_is_refused(in_city, manager):
    version = FormVersionFactory(cycle=CycleFactory(max_request_cents=100_000))
    fund(version.cycle)
    application = make_application(form_version=version, requested_cents=None)

    with pytest.raises(AmountError, match="This call gives"):
        award_application(application.pk, amount_cents=100_001, actor=manager)


@pytest.mark.parametrize("deed", ["award", "decline"])
def test_nobody_decides_about_their_own_application(form_version, manager, deed):
    own = make_application(form_version=form_version, applicant=manager)

    with pytest.raises(OwnApplicationError):
        decide(deed, own, manager)


@pytest.mark.parametrize("deed", ["award", "decline"])
def test_nobody_decides_with_a_conflict_of_interest(application, manager, deed):
    Conflict.objects.create(application=application, person=manager, kind="family", declared_by=manager)

    with pytest.raises(ConflictOfInterestError):
        decide(deed, application, manager)


def decide(deed, application, actor):
    if deed == "award":
        return award_application(application.pk, amount_cents=1, actor=actor)
    return decline_application(application.pk, reason="No.", actor=actor)


def test_a_declined_application_keeps_its_reason_and_the_applicant_reads_it(application, manager):
    decline_application(application.pk, reason="  Too far from a street. ", actor=manager)

    application.refresh_from_db()
    assert (application.status, application.decision_reason) == ("unfunded", "Too far from a street.")
    letter = Message.objects.get(recipient=application.applicant)
    assert (letter.kind, letter.data["reason"]) == ("application-declined", "Too far from a street.")
    assert tags_of(application) == ["application:decline"]


def test_declining_needs_a_reason_for_each(form_version, manager):
    first, second = (make_application(form_version=form_version) for _ in range(2))

    with pytest.raises(ReasonMissingError, match=second.reference):
        decline_applications([Declined(first.pk, "No."), Declined(second.pk, " ")], actor=manager)

    assert not Application.objects.filter(status="unfunded").exists()


def test_a_no_can_be_taken_back(application, manager):
    decline_application(application.pk, reason="No.", actor=manager)

    undo_decline(application.pk, actor=manager)

    application.refresh_from_db()
    assert (application.status, application.decision_reason, application.decided_at) == ("eligible", "", None)
    assert told_to(application.applicant) == ["application-decline-undone", "application-declined"]
    assert tags_of(application) == ["application:decline", "application:undo-decline"]


def test_a_no_stays_in_an_archived_call(application, manager):
    decline_application(application.pk, reason="No.", actor=manager)
    Cycle.objects.update(status="archived")

    with pytest.raises(WrongStatusError, match="none of its applications can wait for a decision"):
        undo_decline(application.pk, actor=manager)

    application.refresh_from_db()
    assert application.status == "unfunded"


def test_the_applicant_accepts_and_the_city_is_told(award, manager):
    finance = make_colleague(Role.FINANCE)
    heard = []
    award_accepted.connect(receiver := lambda **news: heard.append(news["award"]))

    accept_award(award.pk, payee_name=" Riverbend CDC ", actor=award.applicant)

    award_accepted.disconnect(receiver)
    award.refresh_from_db()
    assert (award.status, award.signatory, award.payee_name) == (
        Status.ACCEPTED,
        award.applicant,
        "Riverbend CDC",
    )
    assert award.application.award_status == "accepted"
    assert heard == [award]
    assert tags_of(award) == ["award:offer", "award:accept"]
    assert {"award-confirmed", "award-offered"} <= set(told_to(award.applicant))
    assert told_to(manager) == told_to(finance) == ["award-accepted"]


@pytest.mark.parametrize("words", ["{name}", " {upper} ", "{email}"])
def test_an_applicant_who_is_paid_in_person_becomes_the_payee(award, words):
    who = award.applicant

    accept_award(
        award.pk, payee_name=words.format(name=who.name, upper=who.name.upper(), email=who.email), actor=who
    )

    assert Award.objects.get(pk=award.pk).payee == who


def test_a_group_that_is_paid_is_no_account(award):
    accept_award(award.pk, payee_name="Riverbend CDC", actor=award.applicant)

    assert Award.objects.get(pk=award.pk).payee is None


def test_whoever_has_a_conflict_hears_nothing_of_the_answer(award, manager):
    close = make_colleague(Role.MANAGER)
    Conflict.objects.create(application=award.application, person=close, kind="family", declared_by=close)

    accept_award(award.pk, payee_name="Rosa Vega", actor=award.applicant)

    assert told_to(close) == []
    assert told_to(manager) == ["award-accepted"]


def test_accepting_needs_a_payee(award):
    with pytest.raises(RuleError) as refusal:
        accept_award(award.pk, payee_name=" ", actor=award.applicant)

    assert refusal.value.field == "payee_name"


@pytest.mark.parametrize("deed", [accept_award, decline_award])
def test_only_the_applicant_answers(award, manager, deed):
    words = {"payee_name": "x"} if deed is accept_award else {}

    with pytest.raises(NotTheApplicantError):
        deed(award.pk, actor=manager, **words)


def test_a_declined_offer_puts_the_money_back(award, manager):
    heard = []
    award_ended.connect(receiver := lambda **news: heard.append(news["award"]))

    decline_award(award.pk, reason="We moved.", actor=award.applicant)

    award_ended.disconnect(receiver)
    application = award.application
    application.refresh_from_db()
    assert available(award) == 500_000
    award.refresh_from_db()
    assert (award.current_cents, award.unpaid_cents, award.released_cents) == (0, 0, award.amount_cents)
    assert Application.objects.get(pk=award.application_id).released_cents == 0
    assert set(balances_of([award.pk])[award.pk].values()) == {0}
    assert (application.status, application.award_status, application.awarded_cents) == (
        "awarded",
        "declined",
        None,
    )
    assert heard == [award]
    letter = Message.objects.get(recipient=manager)
    assert (letter.kind, letter.data["reason"]) == ("award-declined", "We moved.")


def test_who_said_no_may_be_offered_money_again(award, manager):
    decline_award(award.pk, actor=award.applicant)

    again = award_application(award.application_id, amount_cents=90_000, actor=manager)

    assert again.status == Status.OFFERED
    assert available(award) == 410_000


def test_a_rescinded_offer_leaves_the_application_to_be_decided(award, manager):
    rescind_award(award.pk, reason="The lot was sold.", actor=manager)

    application = award.application
    application.refresh_from_db()
    award.refresh_from_db()
    assert (award.status, award.answer_reason) == (Status.RESCINDED, "The lot was sold.")
    assert (application.status, application.award_status, application.decided_at) == (
        "eligible",
        "rescinded",
        None,
    )
    assert available(award) == 500_000
    award.refresh_from_db()
    assert (award.current_cents, award.unpaid_cents, award.released_cents) == (0, 0, award.amount_cents)
    assert Application.objects.get(pk=award.application_id).released_cents == 0
    assert told_to(award.applicant) == ["award-offered", "award-rescinded"]
    assert tags_of(award) == ["award:offer", "award:rescind"]


def test_nothing_is_offered_in_an_archived_call(award, manager):
    """Else nobody could take it back there, and money nobody answers for would be committed for good."""
    decline_award(award.pk, reason="We moved.", actor=award.applicant)
    Cycle.objects.update(status="archived")

    with pytest.raises(WrongStatusError, match="or an answer again"):
        award_application(award.application_id, amount_cents=1_000, actor=manager)

    assert Award.objects.get().status == Status.DECLINED


def test_an_offer_is_not_taken_back_in_an_archived_call(award, manager):
    Cycle.objects.update(status="archived")

    with pytest.raises(WrongStatusError):
        rescind_award(award.pk, reason="The lot was sold.", actor=manager)

    award.refresh_from_db()
    assert award.status == Status.OFFERED


def test_rescinding_needs_a_reason(award, manager):
    with pytest.raises(ReasonMissingError):
        rescind_award(award.pk, reason=" ", actor=manager)


def test_nobody_rescinds_an_offer_of_their_own_or_of_somebody_close(award, manager):
    Conflict.objects.create(application=award.application, person=manager, kind="family", declared_by=manager)

    with pytest.raises(OwnApplicationError):
        rescind_award(award.pk, reason="x", actor=award.applicant)
    with pytest.raises(ConflictOfInterestError):
        rescind_award(award.pk, reason="x", actor=manager)


def test_the_trail_binds_every_entry_of_an_award(award, manager):
    rescind_award(award.pk, reason="x", actor=manager)

    told = {event.data["entry"] for event in Event.objects.filter(subject_id=award.pk)}

    assert told == {str(key) for key in Entry.objects.about(award.pk).values_list("pk", flat=True)}


DEEDS = {
    "accept": lambda award, _manager: accept_award(award.pk, payee_name="x", actor=award.applicant),
    "decline": lambda award, _manager: decline_award(award.pk, actor=award.applicant),
    "rescind": lambda award, manager: rescind_award(award.pk, reason="x", actor=manager),
}


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("status", Status.values)
def test_an_award_is_answered_only_while_it_is_offered(in_city, manager, status, deed):
    award = make_award(is_accepted=status in {"accepted", "completed"})
    if status in {"declined", "rescinded"}:
        DEEDS["decline" if status == "declined" else "rescind"](award, manager)
    if status == "completed":
        complete_award(award.pk, actor=manager)

    if status == Status.OFFERED:
        DEEDS[deed](award, manager)
        assert Award.objects.get().status != Status.OFFERED
    else:
        with pytest.raises(AlreadyAnsweredError):
            DEEDS[deed](award, manager)
        assert Award.objects.get().status == status


DECISIONS = {
    "award": (lambda row, manager: award_application(row.pk, amount_cents=1, actor=manager), {"eligible"}),
    "decline": (lambda row, manager: decline_application(row.pk, reason="x", actor=manager), {"eligible"}),
    "undo": (lambda row, manager: undo_decline(row.pk, actor=manager), {"unfunded"}),
}


@pytest.mark.parametrize("deed", DECISIONS)
@pytest.mark.parametrize(
    "status", ["draft", "submitted", "eligible", "ineligible", "withdrawn", "awarded", "unfunded"]
)
def test_an_application_is_decided_only_from_its_statuses(form_version, manager, status, deed):
    fund(form_version.cycle)
    application = make_application(
        form_version=form_version, status=status, screening_reason="x", decision_reason="x"
    )
    decide_so, allowed = DECISIONS[deed]

    if status in allowed:
        decide_so(application, manager)
        application.refresh_from_db()
        assert application.status != status
    else:
        with pytest.raises(CantBeDecidedError):
            decide_so(application, manager)
