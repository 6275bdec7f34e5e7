"""Two people at once, on real connections."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from cities.audit.models import Event
from cities.tenancy.scopes import city_scope
from grants.applications.desk.actions import Chosen, add_note, screen_application, screen_applications, seen
from grants.applications.desk.errors import SeenOtherwiseError
from grants.applications.desk.states import Decision
from grants.applications.states import Status

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(desk, *deeds: Callable[[], object]) -> list[object]:
    """Start all deeds in the same instant, each in its own transaction; return results and refusals."""
    barrier, outcomes = Barrier(len(deeds)), []

    def run(deed: Callable[[], object]) -> None:
        try:
            barrier.wait(timeout=10)
            with city_scope(desk.city):
                outcomes.append(deed())
        except Exception as error:  # noqa: BLE001  what it was is the test's question
            outcomes.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return outcomes


@pytest.mark.race(rounds=5)
def test_of_two_opposite_decisions_one_holds_and_the_other_person_is_told(desk):
    application = desk.submitted()
    ticket = seen(application.status, application.screened_at, application.submitted_at)

    outcomes = at_once(
        desk,
        lambda: screen_application(
            application.pk, decision=Decision.ELIGIBLE, actor=desk.staff, seen_as=ticket
        ),
        lambda: screen_application(
            application.pk, decision=Decision.INELIGIBLE, actor=desk.manager, seen_as=ticket, reason="Late."
        ),
    )

    assert [type(one) for one in outcomes if isinstance(one, Exception)] == [SeenOtherwiseError]
    with city_scope(desk.city):
        assert Event.objects.filter(subject_id=application.pk).count() == 1


def test_two_bulk_deeds_over_the_same_rows_in_opposite_order_dont_deadlock(desk):
    some = [desk.submitted() for _ in range(6)]
    picked = [Chosen(one.pk, seen(one.status, one.screened_at, one.submitted_at)) for one in some]

    outcomes = at_once(
        desk,
        lambda: screen_applications(picked, decision=Decision.ELIGIBLE, actor=desk.staff),
        lambda: screen_applications(picked[::-1], decision=Decision.ELIGIBLE, actor=desk.manager),
    )

    assert [type(one) for one in outcomes if isinstance(one, Exception)] == [SeenOtherwiseError]
    assert {desk.now(one).status for one in some} == {Status.ELIGIBLE}


def test_notes_written_at_once_are_all_counted(desk):
    application = desk.submitted()

    at_once(
        desk,
        *[
            lambda number=number: add_note(application.pk, text=f"Note {number}", actor=desk.staff)
            for number in range(4)
        ],
    )

    assert desk.now(application).note_count == 4
