from datetime import timedelta

import pytest
from django.utils import timezone

from cities.audit.models import Event
from cities.tenancy.errors import RuleError
from grants.cycles import states
from grants.cycles.actions import archive_cycle, publish_cycle, publishing, withdraw_publication
from grants.cycles.errors import FormInUseError, IncompleteCycleError, UndecidedError, WrongStatusError
from grants.cycles.models import Cycle, empty_budget
from grants.cycles.states import Status
from tests.factories import ApplicationFactory, CycleFactory, FormVersionFactory

pytestmark = pytest.mark.django_db


def cycle_with_form(**fields):
    cycle = CycleFactory(**{"status": Status.DRAFT, **fields})
    FormVersionFactory(cycle=cycle)
    return cycle


@pytest.mark.parametrize(
    ("ceiling", "sentence"),
    [
        ({"max_percent": "10", "max_amount": None}, "together may take 10 percent"),
        ({"max_percent": None, "max_amount": "249.00"}, "less than the smallest request"),
        ({"max_percent": None, "max_amount": "250.00"}, None),
    ],
)
def test_a_call_whose_ceilings_shut_everybody_out_is_not_published(city, manager, ceiling, sentence):
    budget = {**empty_budget(), "categories": [{"key": "food", "label": "Food", **ceiling}]}
    cycle = cycle_with_form(budget=budget, min_request_cents=25_000)

    if sentence:
        with pytest.raises(IncompleteCycleError, match=sentence):
            publish_cycle(cycle.pk, actor=manager)
    else:
        publish_cycle(cycle.pk, actor=manager)

    cycle.refresh_from_db()
    assert cycle.status == (Status.DRAFT if sentence else Status.PUBLISHED)


def closed():
    return {"opens_at": timezone.now() - timedelta(days=9), "closes_at": timezone.now() - timedelta(days=1)}


def test_a_complete_draft_is_published_and_audited(city, manager):
    cycle = cycle_with_form()

    publish_cycle(cycle.pk, actor=manager)

    cycle.refresh_from_db()
    assert cycle.status == Status.PUBLISHED
    assert cycle.published_at is not None
    event = Event.objects.get(subject_id=cycle.pk)
    assert (event.tag, event.actor, event.data) == (
        "cycle:publish",
        manager,
        {"before": "draft", "after": "published"},
    )


def test_an_empty_draft_is_refused_with_all_that_is_missing(city, manager):
    cycle = CycleFactory(status=Status.DRAFT, opens_at=None, closes_at=None, planned_pool_cents=None)

    with pytest.raises(IncompleteCycleError) as refusal:
        publish_cycle(cycle.pk, actor=manager)

    assert refusal.value.gaps == (
        "Say when the call opens.",
        "Say when the call closes.",
        "Say how much money you plan to give out.",
        "Add at least one question to the form.",
    )
    cycle.refresh_from_db()
    assert cycle.status == Status.DRAFT
    assert not Event.objects.exists()


def test_a_close_in_the_past_is_refused(city, manager):
    cycle = cycle_with_form(**closed())

    with pytest.raises(IncompleteCycleError, match="The close lies in the past"):
        publish_cycle(cycle.pk, actor=manager)


def test_a_section_without_questions_is_refused(city, manager):
    cycle = CycleFactory(status=Status.DRAFT)
    form = FormVersionFactory(cycle=cycle)
    form.definition = [*form.definition, {"key": "empty", "title": "Extras", "questions": []}]
    form.save()

    with pytest.raises(IncompleteCycleError, match="“Extras” has no questions"):
        publish_cycle(cycle.pk, actor=manager)


def test_publication_is_taken_back_while_nobody_applied(city, manager):
    cycle = cycle_with_form(status=Status.PUBLISHED)

    withdraw_publication(cycle.pk, actor=manager)

    cycle.refresh_from_db()
    assert (cycle.status, cycle.published_at) == (Status.DRAFT, None)
    assert Event.objects.get(subject_id=cycle.pk).tag == "cycle:withdraw"


def test_publication_stays_once_somebody_began_to_apply(city, manager):
    application = ApplicationFactory()

    with pytest.raises(FormInUseError, match=r"begun to apply \(1 so far\)"):
        withdraw_publication(application.cycle_id, actor=manager)

    assert Cycle.objects.get(pk=application.cycle_id).status == Status.PUBLISHED


def test_a_closed_call_is_archived(city, manager):
    cycle = cycle_with_form(status=Status.PUBLISHED, **closed())

    archive_cycle(cycle.pk, actor=manager)

    cycle.refresh_from_db()
    assert cycle.status == Status.ARCHIVED
    assert Event.objects.get(subject_id=cycle.pk).tag == "cycle:archive"


def test_an_open_call_is_not_archived(city, manager):
    cycle = cycle_with_form(status=Status.PUBLISHED)

    with pytest.raises(WrongStatusError, match="This call is open"):
        archive_cycle(cycle.pk, actor=manager)


@pytest.mark.parametrize(
    ("status", "waits"),
    [
        ("submitted", True),
        ("eligible", True),
        ("ineligible", False),
        ("withdrawn", False),
    ],
)
def test_a_call_is_archived_once_no_application_waits_for_the_decision(city, manager, status, waits):
    cycle = cycle_with_form(status=Status.PUBLISHED, **closed())
    ApplicationFactory(form_version=cycle.forms.get(), submitted=True, status=status, screening_reason="No.")
    ApplicationFactory(form_version=cycle.forms.get())

    if waits:
        with pytest.raises(UndecidedError, match="1 application of this call still waits for a decision"):
            archive_cycle(cycle.pk, actor=manager)
    else:
        archive_cycle(cycle.pk, actor=manager)

    cycle.refresh_from_db()
    assert cycle.status == (Status.PUBLISHED if waits else Status.ARCHIVED)


def test_a_call_with_an_offer_that_is_not_answered_is_not_archived(city, manager):
    cycle = cycle_with_form(status=Status.PUBLISHED, **closed())
    ApplicationFactory(
        form_version=cycle.forms.get(), submitted=True, status="awarded", award_status="offered"
    )

    with pytest.raises(UndecidedError, match="1 offer of this call isn’t answered yet"):
        archive_cycle(cycle.pk, actor=manager)

    cycle.applications.update(award_status="accepted")
    assert archive_cycle(cycle.pk, actor=manager).status == Status.ARCHIVED


STARTS = {
    publish_cycle: states.CAN_PUBLISH,
    withdraw_publication: states.CAN_WITHDRAW,
    archive_cycle: states.CAN_ARCHIVE,
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("deed", STARTS, ids=lambda deed: deed.__name__)
def test_each_deed_starts_only_from_its_statuses(city, manager, deed, status):
    later = {} if deed is not archive_cycle else closed()
    cycle = cycle_with_form(status=status, **later)

    if status in STARTS[deed]:
        deed(cycle.pk, actor=manager)
    else:
        with pytest.raises(WrongStatusError):
            deed(cycle.pk, actor=manager)


@pytest.mark.parametrize("deed", STARTS, ids=lambda deed: deed.__name__)
def test_a_deed_that_fails_after_its_last_write_leaves_nothing(city, manager, deed, monkeypatch):
    cycle = cycle_with_form(status=next(iter(STARTS[deed])), **(closed() if deed is archive_cycle else {}))
    before = cycle.status
    written = publishing.audit.record

    def write_and_fail(*args, **kwargs):
        written(*args, **kwargs)
        raise RuleError("No.")

    monkeypatch.setattr(publishing.audit, "record", write_and_fail)
    with pytest.raises(RuleError):
        deed(cycle.pk, actor=manager)

    cycle.refresh_from_db()
    assert cycle.status == before
    assert not Event.objects.exists()
