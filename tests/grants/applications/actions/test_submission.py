from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied

from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from grants.applications.actions import (
    reopen_application,
    save_answer,
    submit_application,
    withdraw_application,
)
from grants.applications.errors import DeadlinePassedError, IncompleteError, WrongStatusError
from grants.applications.models import Application
from grants.applications.queries import digest_of
from grants.applications.states import CAN_REOPEN, CAN_WITHDRAW, ON_THE_DESK, Status
from tests.grants.applications.forms import ANSWERS, filled, make_call, make_draft

WITHIN = {"columns": ["requested"], "categories": [{"key": "food", "label": "Food", "max_percent": "10", "max_amount": None}], "disallowed": [], "match_required": None, "vendor_quotes_over": None}  # fmt: skip


def tags(application):
    return list(
        Event.objects.filter(subject_id=application.pk).order_by("created_at").values_list("tag", flat=True)
    )


def kinds(application):
    return list(
        Message.objects.filter(subject_id=application.pk)
        .order_by("created_at")
        .values_list("kind", flat=True)
    )


def test_a_complete_draft_is_sent_with_reference_hash_audit_and_notice(in_city, resident):
    draft = make_draft(resident)

    sent = submit_application(
        draft.pk, actor=resident, received_at=draft.closes_at - timedelta(hours=1)
    ).application

    sent.refresh_from_db()
    year = sent.submitted_at.astimezone(in_city.zone).year
    assert (sent.status, sent.reference) == ("submitted", f"TIL-{year}-0001")
    assert sent.submitted_at == draft.closes_at - timedelta(hours=1)
    assert sent.next_date_on == draft.cycle.decision_on
    assert sent.answers_hash == digest_of(filled(sent))
    assert len(sent.answers_hash) == 64
    assert tags(sent) == ["application:submit"]
    assert Event.objects.get(subject_id=sent.pk).data["hash"] == sent.answers_hash
    assert kinds(sent) == ["application-submitted"]


def test_references_count_up_without_gaps(in_city, resident):
    cycle = make_call()
    drafts = [make_draft(resident, cycle=cycle) for _ in range(3)]

    references = [submit_application(draft.pk, actor=resident).application.reference for draft in drafts]

    assert [reference[-4:] for reference in references] == ["0001", "0002", "0003"]


def test_sending_twice_is_one_application(in_city, resident):
    draft = make_draft(resident)
    first = submit_application(draft.pk, actor=resident).application

    second = submit_application(draft.pk, actor=resident).application

    assert (second.reference, second.submitted_at) == (first.reference, first.submitted_at)
    assert tags(draft) == ["application:submit"]
    assert Message.objects.filter(subject_id=draft.pk).count() == 1


def test_an_unfinished_draft_names_what_is_left(in_city, resident):
    draft = make_draft(resident, {**ANSWERS, "description": "", "has_sponsor": "yes"})

    with pytest.raises(IncompleteError) as refused:
        submit_application(draft.pk, actor=resident)

    assert [(gap["section"], gap["question"]) for gap in refused.value.extra["missing"]] == [
        ("about", "sponsor"),
        ("project", "description"),
    ]
    assert Application.objects.get().status == "draft"


@pytest.mark.parametrize(("amount", "words"), [("50.00", "least"), ("2,000.01", "most")])
def test_an_amount_outside_of_the_calls_limits_is_refused(in_city, resident, amount, words):
    draft = make_draft(resident, {**ANSWERS, "amount": amount})

    with pytest.raises(IncompleteError) as refused:
        submit_application(draft.pk, actor=resident)

    assert words in refused.value.findings[0]


@pytest.mark.parametrize("amount", ["100.00", "2,000.00"])
def test_floor_and_cap_themselves_are_fine(in_city, resident, amount):
    draft = make_draft(resident, {**ANSWERS, "amount": amount})

    assert submit_application(draft.pk, actor=resident).application.status == "submitted"


def test_a_budget_over_a_ceiling_is_refused(in_city, resident):
    from grants.cycles.models import FormVersion
    from tests.factories import CycleFactory, question

    cycle = CycleFactory(budget=WITHIN)
    lines = question(
        "lines",
        "table",
        columns=[
            {
                "key": "kind",
                "label": "Kind",
                "type": "single_choice",
                "options": [{"value": "food", "label": "Food"}],
            },
            {"key": "requested", "label": "Asked", "type": "money"},
        ],
    )
    FormVersion.objects.create(
        cycle=cycle,
        city_id=in_city.pk,
        definition=[{"key": "budget", "title": "Budget", "questions": [lines]}],
        summary_keys={"budget": "lines"},
    )
    draft = make_draft(resident, {"lines": [{"_id": "a", "kind": "food", "requested": "400"}]}, cycle=cycle)

    with pytest.raises(IncompleteError) as refused:
        submit_application(draft.pk, actor=resident)

    assert "Food" in refused.value.findings[0]
    assert draft.requested_cents == 40_000


def test_a_minute_late_is_too_late(in_city, resident):
    draft = make_draft(resident)

    with pytest.raises(DeadlinePassedError):
        submit_application(draft.pk, actor=resident, received_at=draft.closes_at + timedelta(seconds=1))

    draft.refresh_from_db()
    assert (draft.status, draft.reference) == ("draft", None)


def test_nobody_else_sends_it(in_city, resident, neighbor):
    draft = make_draft(resident)

    with pytest.raises(PermissionDenied):
        submit_application(draft.pk, actor=neighbor)


def test_withdrawing_is_audited_and_confirmed(in_city, resident):
    draft = make_draft(resident)
    submit_application(draft.pk, actor=resident)

    gone = withdraw_application(draft.pk, actor=resident)

    assert (gone.status, gone.next_date_on) == ("withdrawn", None)
    assert tags(draft) == ["application:submit", "application:withdraw"]
    assert kinds(draft) == ["application-submitted", "application-withdrawn"]


def test_opening_again_gives_the_draft_back_with_its_reference(in_city, resident):
    draft = make_draft(resident)
    reference = submit_application(draft.pk, actor=resident).application.reference

    again = reopen_application(draft.pk, actor=resident)

    assert (again.status, again.reference, again.submitted_at, again.answers_hash) == (
        "draft",
        reference,
        None,
        "",
    )
    assert kinds(draft) == ["application-submitted", "application-reopened"]

    save_answer(draft.pk, "project_title", "Better title", version=1, actor=resident)
    sent = submit_application(draft.pk, actor=resident).application

    assert (sent.status, sent.reference, sent.title) == ("submitted", reference, "Better title")
    assert kinds(draft) == ["application-submitted", "application-reopened", "application-submitted"]


@pytest.mark.parametrize("status", ["eligible", "ineligible"])
def test_what_was_screened_is_opened_again_and_screened_anew(in_city, resident, status):
    draft = make_draft(resident)
    submit_application(draft.pk, actor=resident)
    Application.objects.update(
        status=status,
        screened_at=draft.created_at,
        screening_reason="Outside the city." if status == "ineligible" else "",
    )

    reopen_application(draft.pk, actor=resident)
    submit_application(draft.pk, actor=resident)

    sent = Application.objects.get()
    assert (sent.status, sent.screened_at, sent.screening_reason) == ("submitted", None, "")


def test_after_the_close_nothing_is_opened_again(in_city, resident):
    draft = make_draft(resident)
    submit_application(draft.pk, actor=resident)

    with pytest.raises(DeadlinePassedError):
        reopen_application(draft.pk, actor=resident, received_at=draft.closes_at + timedelta(seconds=1))


DEEDS = {
    "submit": (submit_application, {Status.DRAFT, *(ON_THE_DESK - {Status.WITHDRAWN})}),
    "withdraw": (withdraw_application, CAN_WITHDRAW),
    "reopen": (reopen_application, CAN_REOPEN),
}


@pytest.mark.parametrize(("status", "deed"), list(product(Status, DEEDS)))
def test_each_deed_starts_from_its_statuses_only(in_city, resident, status, deed):
    draft = make_draft(resident)
    if status != Status.DRAFT:
        Application.objects.filter(pk=draft.pk).update(
            status=status,
            reference="TIL-2026-0007",
            submitted_at=draft.created_at,
            answers_hash="0" * 64,
            screening_reason="Outside the city.",
            decision_reason="Too few neighbors.",
        )
    act, allowed = DEEDS[deed]

    if status in allowed:
        act(draft.pk, actor=resident)
    else:
        with pytest.raises(WrongStatusError):
            act(draft.pk, actor=resident)


@pytest.mark.parametrize("deed", DEEDS)
def test_a_failure_after_the_last_write_leaves_nothing(in_city, resident, deed):
    from cities.tenancy.actions import action

    draft = make_draft(resident)
    if deed != "submit":
        submit_application(draft.pk, actor=resident)
    before = (Application.objects.values().get(), Event.objects.count(), Message.objects.count())

    @action
    def act_and_fail():
        DEEDS[deed][0](draft.pk, actor=resident)
        raise RuleError("No.")

    with pytest.raises(RuleError):
        act_and_fail()

    assert (Application.objects.values().get(), Event.objects.count(), Message.objects.count()) == before
