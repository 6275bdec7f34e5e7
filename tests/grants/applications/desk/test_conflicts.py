"""A conflict of interest hides an application from that person in everything the desk shows."""

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from cities.access.models import Role
from cities.audit import trail
from cities.audit.queries import trail_page
from cities.tenancy.scopes import city_scope
from grants.applications.conflicts import (
    ConflictOfInterestError,
    conflicted_ids,
    has_conflict,
    without_conflict,
)
from grants.applications.desk.actions import Chosen, add_note, screen_application, screen_applications, seen
from grants.applications.desk.dossier import applications_on_the_desk
from grants.applications.desk.errors import SeenOtherwiseError
from grants.applications.desk.permissions import can_see_on_desk, visible_to
from grants.applications.desk.queue import Queue, neighbors
from grants.applications.desk.states import Decision
from grants.applications.models import Application, Attachment, Conflict, Note
from grants.cycles.queries_staff import today
from tests.factories import make_member
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


def declare(desk, application, person, **fields) -> Conflict:
    with city_scope(desk.city):
        return Conflict.objects.create(
            application=application, person=person, kind="family", declared_by=person, **fields
        )


def ticket(application) -> str:
    return seen(application.status, application.screened_at, application.submitted_at)


@pytest.fixture
def two(desk):
    """Two applications; the manager has a conflict with the second."""
    open_one = desk.submitted(title="Open garden", latitude=39.1, longitude=-76.1, neighborhood="Abell")
    hidden = desk.submitted(
        title="CANARY mural", latitude=39.2, longitude=-76.2, neighborhood="CANARY Heights"
    )
    declare(desk, hidden, desk.manager)
    cache.clear()
    return open_one, hidden


def test_queue_counts_map_and_choices_leave_the_hidden_one_out(client, desk, two):
    with city_scope(desk.city):
        queue, colleague = Queue(desk.manager, desk.city, {}), Queue(desk.staff, desk.city, {})
        colleague.offer_choices()  # what is remembered for them is not for others
        queue.offer_choices()

        assert [row["title"] for row in queue.page.rows] == ["Open garden"]
        assert (queue.total.count, colleague.total.count) == (1, 2)
        assert "CANARY" in str(colleague.form.fields["neighborhood"].widget.offered)
        assert "CANARY" not in str(queue.form.fields["neighborhood"].widget.offered)
        assert [place.title for place in today(desk.city, reader=desk.manager).places] == ["Open garden"]
        (figures,) = today(desk.city, reader=desk.manager).figures
        assert (figures.submitted, figures.to_screen) == (1, 1)
        (figures,) = today(desk.city, reader=desk.staff).figures
        assert figures.submitted == 2

    for person, leaks in ((desk.manager, False), (desk.staff, True)):
        page = sign_in(client, person).get("/baltimore/staff/applications/").content.decode()
        assert "Open garden" in page
        assert ("CANARY" in page) is leaks


def test_search_does_not_find_it(client, desk, two):
    _open_one, hidden = two

    for query in ("canary", hidden.reference):
        sign_in(client, desk.manager)
        assert (
            "CANARY mural" not in client.get("/baltimore/staff/applications/", {"q": query}).content.decode()
        )
        sign_in(client, desk.staff)
        assert "CANARY mural" in client.get("/baltimore/staff/applications/", {"q": query}).content.decode()


def test_the_way_to_the_next_one_passes_it_over(desk, two):
    open_one, hidden = two
    third = desk.submitted(title="Third")

    with city_scope(desk.city):
        mine = neighbors(Queue(desk.manager, desk.city, {"sort": "submitted"}), open_one)
        theirs = neighbors(Queue(desk.staff, desk.city, {"sort": "submitted"}), open_one)

    assert (mine[1], theirs[1]) == (third.pk, hidden.pk)


def test_page_note_screening_and_file_are_forbidden(client, desk, two):
    _open_one, hidden = two
    with city_scope(desk.city):
        file = Attachment.objects.create(
            application=hidden, question="photos", file="attachments/x", name="CANARY.jpg",
            content_type="image/jpeg", size_bytes=1, sha256="0" * 64, uploaded_by=hidden.applicant, width=1, height=1,
        )  # fmt: skip
        Note.objects.create(application=hidden, author=desk.staff, text="CANARY note")
    pages = [
        ("get", f"/baltimore/staff/applications/{hidden.pk}/"),
        ("post", f"/baltimore/staff/applications/{hidden.pk}/screening/"),
        ("post", f"/baltimore/staff/applications/{hidden.pk}/notes/"),
        ("get", f"/baltimore/files/{file.pk}/"),
        ("get", f"/baltimore/files/{file.pk}/small/"),
        ("get", f"/api/v1/cities/baltimore/desk/applications/{hidden.pk}/"),
        ("post", f"/api/v1/cities/baltimore/desk/applications/{hidden.pk}/screening/"),
        ("post", f"/api/v1/cities/baltimore/desk/applications/{hidden.pk}/notes/"),
    ]
    sign_in(client, desk.manager)

    for method, address in pages:
        answer = getattr(client, method)(address)
        assert (answer.status_code, b"CANARY" in answer.content) == (403, False), address


def test_bulk_screening_neither_shows_nor_names_it(client, desk, two):
    open_one, hidden = two
    page = sign_in(client, desk.manager).post(
        "/baltimore/staff/applications/screening/",
        {"decision": "eligible", "selected": [open_one.pk, hidden.pk]},
    )

    assert b"Open garden" in page.content
    assert b"CANARY" not in page.content
    chosen = [Chosen(one.pk, ticket(one)) for one in two]
    with city_scope(desk.city), pytest.raises(SeenOtherwiseError) as refused:
        screen_applications(chosen, decision=Decision.ELIGIBLE, actor=desk.manager)
    assert hidden.reference not in str(refused.value)
    assert desk.now(open_one).status == "submitted"


def test_the_action_refuses_even_if_the_page_was_open_before(desk, two):
    _open_one, hidden = two

    with city_scope(desk.city):
        with pytest.raises(ConflictOfInterestError):
            screen_application(
                hidden.pk, decision=Decision.ELIGIBLE, actor=desk.manager, seen_as=ticket(hidden)
            )
        with pytest.raises(ConflictOfInterestError):
            add_note(hidden.pk, text="Hello", actor=desk.manager)


def test_the_trail_keeps_the_line_but_not_the_words(client, desk, two):
    open_one, hidden = two
    with city_scope(desk.city):
        for one in two:
            trail.record(
                "application:mark-ineligible", actor=desk.staff, subject=one, reason=f"{one.title} is late"
            )
        lines = {line.is_hidden: line for line in trail_page(desk.city, {}, reader=desk.manager).lines}

        assert "Hidden from you" in lines[True].words
        assert (lines[True].subject, lines[True].reason, lines[True].tag, lines[True].subject_id) == (
            None,
            "",
            "",
            None,
        )
        assert lines[False].subject_id == open_one.pk
        assert not any(line.is_hidden for line in trail_page(desk.city, {}, reader=desk.staff).lines)
    sign_in(client, desk.manager)
    for address in ("/baltimore/staff/audit/", "/api/v1/cities/baltimore/audit/"):
        body = client.get(address).content.decode()
        assert "CANARY" not in body
        assert str(hidden.pk) not in body
    assert "Open garden" in client.get("/baltimore/staff/audit/").content.decode()


def test_ones_own_application_stays_ones_own(client, desk):
    own = desk.submitted(applicant=desk.manager, title="My own block")
    declare(desk, own, desk.manager)

    page = sign_in(client, desk.manager).get(f"/baltimore/apply/{own.pk}/")

    assert page.status_code == 200
    assert "My own block" in page.content.decode()
    assert client.get(f"/baltimore/staff/applications/{own.pk}/").status_code == 403


def test_a_lifted_conflict_hides_nothing(desk, two):
    _open_one, hidden = two
    with city_scope(desk.city):
        Conflict.objects.update(lifted_by=desk.staff, lifted_at=hidden.submitted_at)

        assert visible_to(desk.manager, desk.city).count() == 2
        assert not has_conflict(desk.manager, hidden)


@pytest.mark.parametrize("role", list(Role))
def test_list_and_rule_agree_about_conflicts_for_every_role(desk, two, role):
    person = make_member(desk.city, role)
    declare(desk, two[0], person)

    with city_scope(desk.city):
        listed = set(visible_to(person, desk.city).values_list("pk", flat=True))
        ruled = {one.pk for one in applications_on_the_desk() if can_see_on_desk(person, one)}

    assert listed == ruled
    assert two[0].pk not in listed


def test_whoever_has_a_conflict_is_told_nothing(desk, two):
    open_one, hidden = two
    with city_scope(desk.city):
        assert without_conflict([desk.manager, desk.staff], hidden.pk) == [desk.staff]
        assert without_conflict([desk.manager, desk.staff], open_one.pk) == [desk.manager, desk.staff]
        assert conflicted_ids(desk.manager, [open_one.pk, hidden.pk]) == {hidden.pk}


def test_asking_for_a_conflict_costs_the_page_nothing(desk, two):
    with city_scope(desk.city):
        found = applications_on_the_desk().get(pk=two[1].pk)
        with count_statements() as statements:
            assert has_conflict(desk.manager, found)

    assert statements == []


def test_the_database_refuses_a_second_open_conflict_and_lifting_ones_own(desk, two):
    _open_one, hidden = two

    with city_scope(desk.city):
        with pytest.raises(IntegrityError, match="conflict_open_once"), transaction.atomic():
            Conflict.objects.create(
                application=hidden, person=desk.manager, kind="other", declared_by=desk.manager
            )
        with pytest.raises(IntegrityError, match="conflict_lifted_by_another"), transaction.atomic():
            Conflict.objects.update(lifted_by=desk.manager)
        assert Application.objects.without_conflicts_of(desk.manager).count() == 1
        assert Application.objects.judged_by(hidden.applicant).count() == 1
