"""A leaver's work changes hands in one step: reviews, reports, seats; or not at all."""

import pytest
from django.test import Client
from django.utils import timezone

from cities.access.errors import LastManagerError, NotMemberError, WorkOpenError
from cities.access.handing import _rooms, end_membership, hand_over, leave_place, open_work
from cities.access.models import Membership, Role
from cities.audit.models import Event
from cities.documents.models import Document
from cities.outbox.models import Message
from cities.tenancy.scopes import city_scope
from grants.payments.models import Deputy
from grants.reviews.models import Review
from tests.cities.documents import kinds  # noqa: F401  registers
from tests.factories import make_city, make_member, make_officer
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def todo(panel):
    """Robert has two reviews to do."""
    applications = [panel.application(title=title) for title in ("Garden", "Mural")]
    return [(one, panel.review(one, panel.robert)) for one in applications]


def of(person) -> list:
    return list(Review.objects.filter(reviewer=person, status="assigned").order_by("pk"))


def works_here(person) -> bool:
    return Membership.objects.filter(user=person, ended_at__isnull=True).exists()


def test_unsent_reviews_go_to_the_successor_and_sent_ones_stay(panel, todo):
    done = panel.review(panel.application(), panel.robert, sent=True)

    with city_scope(panel.city):
        hand_over(panel.robert.pk, successor_id=panel.rosa.pk, actor=panel.manager)

        assert {row.application_id for row in of(panel.rosa)} == {one.pk for one, _review in todo}
        assert of(panel.robert) == []
        assert not works_here(panel.robert)
        assert Review.objects.get(pk=done.pk).status == "submitted"
        (event,) = Event.objects.filter(tag="member:hand-over")
        assert (event.actor, event.data["counts"]) == (panel.manager, {"reviews": 2})
        told = {(message.kind, message.recipient_id) for message in Message.objects.all()}
    assert {("roles-changed", panel.robert.pk), ("work-handed-over", panel.rosa.pk)} <= told
    assert [panel.now(one).assigned_count for one, _review in todo] == [1, 1]


def test_a_file_that_the_successor_has_a_conflict_with_is_left_and_named(panel, todo):
    (garden, _review), (mural, _other) = todo
    panel.conflict(garden, panel.rosa)

    with city_scope(panel.city):
        (part,) = open_work(panel.robert, panel.rosa, actor=panel.manager)
        assert (part.count, part.left, part.hidden) == (1, (garden.reference,), 0)
        hand_over(panel.robert.pk, successor_id=panel.rosa.pk, actor=panel.manager)

        assert [row.application_id for row in of(panel.rosa)] == [mural.pk]
    assert (panel.now(garden).assigned_count, panel.now(mural).assigned_count) == (0, 1)


def test_what_the_manager_has_a_conflict_with_is_neither_named_nor_touched(panel, todo):
    (garden, review), _mural = todo
    panel.conflict(garden, panel.manager)

    with city_scope(panel.city):
        (part,) = hand_over(panel.robert.pk, successor_id=panel.rosa.pk, actor=panel.manager)

    assert (part.count, part.left, part.hidden) == (1, (), 1)
    assert panel.now(review).status == "assigned"


def test_an_application_that_left_review_is_given_to_nobody(panel):
    panel.review(panel.application(status="ineligible", screening_reason="Outside the city."), panel.robert)

    with city_scope(panel.city):
        (part,) = hand_over(panel.robert.pk, successor_id=panel.rosa.pk, actor=panel.manager)

        assert (part.count, len(part.left), of(panel.rosa)) == (0, 1, [])


def test_a_report_under_way_goes_along_and_a_deputys_seat_ends(panel):
    with city_scope(panel.city):
        Document.objects.create(
            kind="test-list", title="List", requested_by=panel.staff, status="running", attempts=3
        )
        Deputy.objects.create(
            person=panel.staff, seat="approver", reason="few people", nominated_by=panel.manager
        )

        hand_over(panel.staff.pk, successor_id=panel.manager.pk, actor=panel.manager)

        moved = Document.objects.get()
        assert (moved.requested_by, moved.status, moved.attempts) == (panel.manager, "waiting", 6)
        assert Deputy.objects.get().ended_by == panel.manager


@pytest.mark.parametrize("who", ["stranger", "leaver"])
def test_the_successor_works_here_and_stays(panel, todo, who):
    stranger = make_member(make_city("dallas"), Role.STAFF)
    successor = {"stranger": stranger, "leaver": panel.robert}[who]

    with city_scope(panel.city):
        with pytest.raises(NotMemberError):
            hand_over(panel.robert.pk, successor_id=successor.pk, actor=panel.manager)

        assert works_here(panel.robert)
        assert len(of(panel.robert)) == 2


def test_the_last_manager_hands_nothing_over(panel):
    with city_scope(panel.city), pytest.raises(LastManagerError):
        hand_over(panel.manager.pk, successor_id=panel.staff.pk, actor=panel.manager)


def test_if_the_last_room_fails_nothing_has_changed(panel, todo, monkeypatch):
    def fail(*_arguments):
        raise NotMemberError("late")

    monkeypatch.setitem(_rooms, "late", fail)

    with city_scope(panel.city):
        with pytest.raises(NotMemberError):
            hand_over(panel.robert.pk, successor_id=panel.rosa.pk, actor=panel.manager)

        assert works_here(panel.robert)
        assert (len(of(panel.robert)), of(panel.rosa)) == (2, [])
        assert not Event.objects.exists()


def test_the_page_of_roles_says_what_waits_on_the_person(panel, todo):
    sign_in(client := Client(), panel.manager)

    waiting = client.get(f"/baltimore/staff/setup/team/{panel.robert.pk}/").text
    idle = client.get(f"/baltimore/staff/setup/team/{panel.rosa.pk}/").text

    assert "Reviews that are not sent yet: <strong>2</strong>" in waiting
    assert "are taken off them" in waiting
    assert "taken off" not in idle


def test_the_page_says_what_will_happen_and_to_how_many_before_it_happens(panel, todo):
    panel.conflict(todo[0][0], panel.rosa)
    sign_in(client := Client(), panel.manager)
    path = f"/baltimore/staff/setup/team/{panel.robert.pk}/end/"
    assert "Reviews that are not sent yet" in client.get(path).text

    preview = client.post(path, {"successor": panel.rosa.pk}).text

    assert "1 go to Rosa Diaz" in preview
    assert todo[0][0].reference in preview
    with city_scope(panel.city):
        assert works_here(panel.robert)
    assert client.post(path, {"successor": panel.rosa.pk, "sure": "yes"}).status_code == 302
    with city_scope(panel.city):
        assert not works_here(panel.robert)
        assert len(of(panel.rosa)) == 1


def test_an_officer_of_the_center_hands_a_managers_work_over(panel):
    application = panel.application()
    panel.review(application, panel.manager)
    sign_in(client := Client(), make_officer())
    path = f"/center/cities/baltimore/people/{panel.manager.pk}/remove/"
    page = client.get(path).text
    assert "Reviews that are not sent yet" in page
    assert f'<option value="{panel.staff.pk}">{panel.staff}' in page
    sure = client.post(path, {"successor": panel.staff.pk}).text
    assert f'name="successor" value="{panel.staff.pk}"' in sure

    assert client.post(path, {"successor": panel.staff.pk, "sure": "yes"}).status_code == 302

    with city_scope(panel.city):
        assert not works_here(panel.manager)
        assert len(of(panel.staff)) == 1


MEMBERS = "/api/v1/cities/baltimore/members"


def test_the_api_hands_over_too(panel, todo):
    sign_in(client := Client(), panel.manager)

    answer = client.delete(f"{MEMBERS}/{panel.robert.pk}/?successor={panel.rosa.pk}")

    assert answer.status_code == 204
    with city_scope(panel.city):
        assert len(of(panel.rosa)) == 2


def test_without_a_successor_the_api_refuses_and_says_what_is_open(panel, todo):
    sign_in(client := Client(), panel.manager)

    answer = client.delete(f"{MEMBERS}/{panel.robert.pk}/")

    assert (answer.status_code, answer.json()) == (
        422,
        {
            "detail": f"Work still waits on {panel.robert}: Reviews that are not sent yet (2). Name who takes it over.",
            "field": "successor",
            "code": "work_open",
            "open_work": [{"label": "Reviews that are not sent yet", "count": 2}],
        },
    )
    with city_scope(panel.city):
        assert works_here(panel.robert)
        assert len(of(panel.robert)) == 2


def test_no_call_ends_a_membership_and_leaves_work_behind(panel, todo):
    with city_scope(panel.city):
        for by_center in (False, True):
            with pytest.raises(WorkOpenError):
                end_membership(panel.robert.pk, actor=panel.manager, by_center=by_center)

        assert works_here(panel.robert)
        assert not Event.objects.exists()
        assert not Message.objects.exists()


def test_the_api_shows_what_would_happen_before_it_happens(panel, todo):
    panel.conflict(todo[0][0], panel.rosa)
    sign_in(client := Client(), panel.manager)
    path = f"{MEMBERS}/{panel.robert.pk}/open-work/"
    kind = {"label": "Reviews that are not sent yet", "hidden": 0, "ends": False}

    assert client.get(path).json() == [kind | {"count": 2, "left": []}]
    assert client.get(f"{path}?successor={panel.rosa.pk}").json() == [
        kind | {"count": 1, "left": [todo[0][0].reference]}
    ]
    assert client.get(f"{path}?successor={panel.robert.pk}").status_code == 409
    assert client.get(f"{path}?successor=rosa").status_code == 400
    assert client.get(f"{MEMBERS}/{panel.rosa.pk}/open-work/").json() == []
    with city_scope(panel.city):
        assert len(of(panel.robert)) == 2


def test_the_centers_api_asks_for_a_successor_too(panel):
    panel.review(panel.application(), panel.manager)
    sign_in(client := Client(), make_officer())
    path = f"/api/v1/center/cities/baltimore/members/{panel.manager.pk}/"

    assert client.delete(path).json()["code"] == "work_open"
    assert client.delete(f"{path}?successor={panel.staff.pk}").status_code == 204

    with city_scope(panel.city):
        assert not works_here(panel.manager)
        assert len(of(panel.staff)) == 1


@pytest.fixture
def alone(panel):
    """The city's manager, the only one left there: a review, a report and a deputy's seat are theirs."""
    application = panel.application(title="Garden")
    review = panel.review(application, panel.manager)
    with city_scope(panel.city):
        Document.objects.create(kind="test-list", title="List", requested_by=panel.manager)
        Deputy.objects.create(person=panel.manager, seat="finance", reason="few", nominated_by=panel.staff)
        Membership.objects.exclude(user=panel.manager).update(ended_at=timezone.now())
    return application, review


def test_the_center_locks_out_a_citys_only_member_whatever_is_open(panel, alone):
    application, review = alone
    officer = make_officer()

    with city_scope(panel.city):
        parts = end_membership(panel.manager.pk, actor=officer, by_center=True)

        assert [(part.total, part.ends) for part in parts] == [(1, False), (1, False), (1, True)]
        assert not works_here(panel.manager)
        assert Deputy.objects.get().ended_by == officer
        assert Document.objects.get().requested_by == panel.manager
        (event,) = Event.objects.filter(tag="member:leave-work")
        assert (event.actor, event.data["counts"]) == (officer, {"documents": 1, "reviews": 1})
        assert Event.objects.filter(tag="review:release", actor=officer).count() == 1
    assert panel.now(review).status == "released"
    assert panel.now(application).assigned_count == 0


def test_what_the_officer_has_a_conflict_with_stays_as_it_is(panel, alone):
    application, review = alone
    officer = make_officer()
    panel.conflict(application, officer)

    with city_scope(panel.city):
        end_membership(panel.manager.pk, actor=officer, by_center=True)

        assert not works_here(panel.manager)
    assert panel.now(review).status == "assigned"


def test_if_the_last_room_fails_the_center_has_changed_nothing_either(panel, alone, monkeypatch):
    def fail(_leaver, _successor, _actor, for_real):
        if for_real:
            raise NotMemberError("late")
        return _rooms["reviews"](panel.manager, None, panel.manager, False)

    officer = make_officer()
    monkeypatch.setitem(_rooms, "late", fail)

    with city_scope(panel.city):
        with pytest.raises(NotMemberError):
            end_membership(panel.manager.pk, actor=officer, by_center=True)

        assert works_here(panel.manager)
        assert len(of(panel.manager)) == 1
        assert Deputy.objects.get().ended_at is None
        assert not Event.objects.exists()


def test_the_centers_page_says_what_is_left_without_anybody_before_it_happens(panel, alone):
    sign_in(client := Client(), make_officer())
    path = f"/center/cities/baltimore/people/{panel.manager.pk}/remove/"

    page = client.get(path).text

    assert "Reviews that are not sent yet: <strong>1</strong>" in " ".join(page.split())
    assert page.count("left without anybody") == 2
    assert "Nobody else works in Baltimore" in page
    assert "<select" not in page
    assert client.post(path).status_code == 200
    with city_scope(panel.city):
        assert works_here(panel.manager)
    assert client.post(path, {"sure": "yes"}).status_code == 302
    with city_scope(panel.city):
        assert not works_here(panel.manager)


def test_the_centers_api_locks_out_a_citys_only_member_too(panel, alone):
    sign_in(client := Client(), make_officer())

    assert client.delete(f"/api/v1/center/cities/baltimore/members/{panel.manager.pk}/").status_code == 204

    with city_scope(panel.city):
        assert not works_here(panel.manager)


@pytest.fixture
def seat(panel):
    """A deputy's seat is all that Sofia holds."""
    with city_scope(panel.city):
        return Deputy.objects.create(
            person=panel.staff, seat="approver", reason="few people", nominated_by=panel.manager
        )


def test_nobody_takes_over_where_all_that_is_open_ends_with_the_membership(panel, seat):
    sign_in(client := Client(), panel.manager)
    path = f"/baltimore/staff/setup/team/{panel.staff.pk}/end/"

    page = client.get(path).text

    assert "they end; somebody else has to be named and approved" in page
    assert "<select" not in page
    assert client.post(path).status_code == 200
    assert client.post(path, {"sure": "yes"}).status_code == 302
    with city_scope(panel.city):
        assert not works_here(panel.staff)
        assert Deputy.objects.get().ended_by == panel.manager
        assert not Event.objects.filter(tag="member:leave-work").exists()


def test_the_api_asks_for_nobody_either_where_all_that_is_open_ends(panel, seat):
    sign_in(client := Client(), panel.manager)

    assert client.delete(f"{MEMBERS}/{panel.staff.pk}/").status_code == 204

    with city_scope(panel.city):
        assert Deputy.objects.get().ended_by == panel.manager


def test_whoever_leaves_by_themselves_takes_their_seats_along(panel, seat):
    with city_scope(panel.city):
        leave_place(actor=panel.staff)

        assert not works_here(panel.staff)
        assert Deputy.objects.get().ended_by == panel.staff
