import itertools
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.applications.desk import actions
from grants.applications.desk.actions import Chosen, add_note, screen_application, screen_applications, seen
from grants.applications.desk.errors import (
    CantBeDecidedError,
    OwnApplicationError,
    ReasonMissingError,
    SeenOtherwiseError,
)
from grants.applications.desk.states import CAN_DECIDE, Decision
from grants.applications.models import Application, Note
from grants.applications.states import ON_THE_DESK, Status
from grants.cycles.errors import WrongStatusError
from grants.cycles.models import Cycle
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def ticket(application) -> str:
    return seen(application.status, application.screened_at, application.submitted_at)


def screen(desk, application, decision, **changes):
    with city_scope(desk.city):
        return screen_application(
            application.pk,
            **{
                "decision": decision,
                "actor": desk.staff,
                "seen_as": ticket(application),
                "reason": "The lot is outside the area.",
                **changes,
            },
        )


def tags(desk) -> list[str]:
    with city_scope(desk.city):
        return list(Event.objects.order_by("created_at").values_list("tag", flat=True))


def letters(desk) -> list[dict]:
    with city_scope(desk.city):
        return list(Message.objects.filter(kind="application-screened").values_list("data", flat=True))


def test_an_eligible_application_goes_on_and_the_applicant_is_told_once(desk):
    application = desk.submitted()

    screen(desk, application, Decision.ELIGIBLE)

    now = desk.now(application)
    assert (now.status, now.screening_reason) == (Status.ELIGIBLE, "")
    assert now.screened_at == now.last_activity_at
    assert tags(desk) == ["application:mark-eligible"]
    assert [letter["status"] for letter in letters(desk)] == ["eligible"]


def test_an_ineligible_application_carries_its_reason_to_the_applicant_and_the_trail(desk):
    application = desk.submitted(next_date_on="2026-12-01")

    screen(desk, application, Decision.INELIGIBLE, reason="  The lot is outside the area.  ")

    now = desk.now(application)
    assert (now.status, now.screening_reason, now.next_date_on) == (
        Status.INELIGIBLE,
        "The lot is outside the area.",
        None,
    )
    assert [letter["reason"] for letter in letters(desk)] == ["The lot is outside the area."]
    with city_scope(desk.city):
        assert Event.objects.get().data == {
            "before": "submitted",
            "after": "ineligible",
            "reason": "The lot is outside the area.",
        }


def test_undoing_brings_it_back_and_tells_the_applicant(desk):
    application = desk.submitted()
    screened = screen(desk, application, Decision.INELIGIBLE)

    screen(desk, screened, Decision.SUBMITTED)

    now = desk.now(application)
    assert (now.status, now.screening_reason) == (Status.SUBMITTED, "")
    assert tags(desk) == ["application:mark-ineligible", "application:undo-screening"]
    assert sorted(letter["status"] for letter in letters(desk)) == ["ineligible", "submitted"]


def test_turning_down_without_a_reason_is_refused(desk):
    application = desk.submitted()

    with pytest.raises(ReasonMissingError) as refusal:
        screen(desk, application, Decision.INELIGIBLE, reason="   ")

    assert refusal.value.field == "reason"
    assert desk.now(application).status == Status.SUBMITTED


def test_who_looked_at_an_older_state_is_told_and_overwrites_nothing(desk):
    application = desk.submitted()
    screen(desk, application, Decision.INELIGIBLE)

    with pytest.raises(SeenOtherwiseError, match="Not eligible") as refusal:
        screen(desk, application, Decision.ELIGIBLE, actor=desk.manager)

    assert refusal.value.status == 409
    assert desk.now(application).status == Status.INELIGIBLE


def test_who_looked_at_what_was_sent_before_is_told(desk):
    application = desk.submitted()
    looked_at = ticket(application)
    with city_scope(desk.city):
        Application.objects.filter(pk=application.pk).update(
            submitted_at=timezone.now()
        )  # opened again, and sent

    with pytest.raises(SeenOtherwiseError):
        screen(desk, application, Decision.INELIGIBLE, seen_as=looked_at)

    assert desk.now(application).status == Status.SUBMITTED


def test_the_ticket_changes_when_the_same_decision_is_made_again(desk):
    application = desk.submitted()
    first = screen(desk, application, Decision.ELIGIBLE)
    back = screen(desk, first, Decision.SUBMITTED)

    with pytest.raises(SeenOtherwiseError):
        screen(desk, application, Decision.ELIGIBLE)

    assert ticket(back) != ticket(application)


def test_nobody_screens_their_own_application(desk):
    application = desk.submitted(applicant=desk.staff)

    with pytest.raises(OwnApplicationError):
        screen(desk, application, Decision.ELIGIBLE)

    assert tags(desk) == []


@pytest.mark.parametrize(("status", "decision"), list(itertools.product(Status, Decision)))
def test_each_decision_starts_only_from_its_statuses(desk, status, decision):
    application = (
        desk.draft()
        if status == Status.DRAFT
        else desk.submitted(
            status=status,
            screening_reason="So" if status == "ineligible" else "",
            decision_reason="So" if status == "unfunded" else "",
        )
    )

    if status in CAN_DECIDE[decision]:
        assert screen(desk, application, decision).status == decision.value
    else:
        with pytest.raises(CantBeDecidedError):
            screen(desk, application, decision)
        assert desk.now(application).status == status


@pytest.mark.parametrize("decision", [Decision.SUBMITTED, Decision.ELIGIBLE])
def test_nothing_comes_back_to_be_decided_in_an_archived_call(desk, decision):
    application = desk.submitted(status="ineligible", screening_reason="Late.")
    with city_scope(desk.city):
        Cycle.objects.update(status="archived")

    with pytest.raises(WrongStatusError, match="The call is archived"):
        screen(desk, application, decision)

    assert desk.now(application).status == Status.INELIGIBLE
    assert tags(desk) == []


def test_an_ineligible_application_of_a_closed_call_comes_back(desk):
    application = desk.submitted(status="ineligible", screening_reason="Late.")

    screen(desk, application, Decision.SUBMITTED)

    assert desk.now(application).status == Status.SUBMITTED


def test_the_database_refuses_ineligible_without_a_reason(desk):
    application = desk.submitted()

    with (
        city_scope(desk.city),
        pytest.raises(IntegrityError, match="application_ineligible_has_reason"),
        transaction.atomic(),
    ):
        Application.objects.filter(pk=application.pk).update(status="ineligible")


def test_an_application_of_another_city_is_not_found(desk, elsewhere):
    with city_scope(elsewhere.city):
        foreign = Application.objects.get()

    with pytest.raises(Application.DoesNotExist):
        screen(desk, foreign, Decision.ELIGIBLE)


class LastWriteFailedError(Exception):
    pass


@pytest.fixture
def failing_after_last_write(monkeypatch):
    """Fail after the notice, the last thing that an action writes."""
    real = actions.notices.application_screened

    def fail(*args, **kwargs):
        real(*args, **kwargs)
        raise LastWriteFailedError

    monkeypatch.setattr(actions.notices, "application_screened", fail)


def test_a_screening_that_fails_at_its_end_leaves_nothing(desk, failing_after_last_write):
    application = desk.submitted()

    with pytest.raises(LastWriteFailedError):
        screen(desk, application, Decision.ELIGIBLE)

    assert desk.now(application).status == Status.SUBMITTED
    assert tags(desk) == []
    assert letters(desk) == []


def chosen(*applications) -> list[Chosen]:
    return [Chosen(application.pk, ticket(application)) for application in applications]


def test_many_are_screened_in_one_deed(desk):
    some = [desk.submitted() for _ in range(3)]

    with city_scope(desk.city):
        screen_applications(chosen(*some), decision=Decision.ELIGIBLE, actor=desk.manager)

    assert {desk.now(one).status for one in some} == {Status.ELIGIBLE}
    assert len(letters(desk)) == 3


def test_one_refusal_among_many_changes_none_and_names_it(desk):
    first, second = desk.submitted(reference="BAL-2026-7001"), desk.submitted(reference="BAL-2026-7002")
    picked = chosen(first, second)
    screen(desk, second, Decision.ELIGIBLE)

    with city_scope(desk.city), pytest.raises(SeenOtherwiseError, match="BAL-2026-7002") as refusal:
        screen_applications(picked, decision=Decision.INELIGIBLE, actor=desk.manager, reason="Late.")

    assert "Nothing was changed" in str(refusal.value)
    assert desk.now(first).status == Status.SUBMITTED
    assert len(letters(desk)) == 1


def test_many_without_a_reason_are_refused_next_to_the_field(desk):
    picked = chosen(desk.submitted())

    with city_scope(desk.city), pytest.raises(ReasonMissingError) as refusal:
        screen_applications(picked, decision=Decision.INELIGIBLE, actor=desk.manager)

    assert refusal.value.field == "reason"


def test_one_that_is_not_on_this_desk_stops_them_all(desk):
    application = desk.submitted()

    with city_scope(desk.city), pytest.raises(SeenOtherwiseError, match="left the desk"):
        screen_applications(
            [*chosen(application), Chosen(uuid4(), "submitted.0")],
            decision=Decision.ELIGIBLE,
            actor=desk.manager,
        )

    assert desk.now(application).status == Status.SUBMITTED


def test_a_note_is_kept_counted_and_audited(desk):
    application = desk.submitted()

    with city_scope(desk.city):
        note = add_note(application.pk, text=" Called Ms. Rhee. ", actor=desk.staff)

    assert (note.text, desk.now(application).note_count) == ("Called Ms. Rhee.", 1)
    with city_scope(desk.city):
        event = Event.objects.get()
    assert (event.tag, event.data) == ("application:add-note", {"note": str(note.pk)})


def test_an_empty_note_is_refused(desk):
    application = desk.submitted()

    with city_scope(desk.city), pytest.raises(RuleError) as refusal:
        add_note(application.pk, text="  ", actor=desk.staff)

    assert refusal.value.field == "text"
    assert desk.now(application).note_count == 0


def test_a_note_to_a_draft_is_refused(desk):
    application = desk.draft()

    with city_scope(desk.city), pytest.raises(CantBeDecidedError, match="left the desk"):
        add_note(application.pk, text="Hm", actor=desk.staff)


def test_a_note_that_fails_at_its_end_leaves_nothing(desk, monkeypatch):
    application = desk.submitted()
    real = actions.trail.record

    def fail(*args, **kwargs):
        real(*args, **kwargs)
        raise LastWriteFailedError

    monkeypatch.setattr(actions.trail, "record", fail)
    with city_scope(desk.city), pytest.raises(LastWriteFailedError):
        add_note(application.pk, text="Hm", actor=desk.staff)

    assert desk.now(application).note_count == 0
    with city_scope(desk.city):
        assert Note.objects.count() == Event.objects.count() == 0


@pytest.mark.parametrize("statement", ["UPDATE grants_note SET text = 'x'", "DELETE FROM grants_note"])
def test_the_database_refuses_to_change_a_note(desk, statement):
    application = desk.submitted()
    with city_scope(desk.city):
        add_note(application.pk, text="As it was.", actor=desk.staff)

    with (
        city_scope(desk.city),
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_what_is_on_the_desk_can_be_screened_or_has_left_screening():
    left = {Status.WITHDRAWN, Status.AWARDED, Status.UNFUNDED}

    assert set().union(*CAN_DECIDE.values()) == ON_THE_DESK - left


def test_a_city_applicant_is_found_by_the_letter(desk):
    from django.utils import translation

    from residents.notices.registry import write_letter

    applicant = UserFactory(name="Odessa Rhee", language="es")
    application = desk.submitted(applicant=applicant, title="Tilden Street garden")
    screened = screen(desk, application, Decision.INELIGIBLE, reason="The lot is outside the area.")
    screen(desk, screened, Decision.SUBMITTED)
    with city_scope(desk.city):
        turned_down, undone = Message.objects.order_by("created_at").select_related("recipient", "city")

        with translation.override("es"):
            spanish = write_letter(turned_down)
        english = write_letter(undone)

    assert spanish.subject == f"{application.reference}: su solicitud no puede seguir"
    assert "Hola Odessa:" in spanish.text
    assert "The lot is outside the area." in spanish.text
    assert "410-555-0100" in spanish.text
    assert "again" in english.subject
    assert spanish.path == f"/baltimore/apply/{application.pk}/"
