import pytest
from django.utils import translation

from cities.access.actions import accept_invitation, change_roles, invite_member
from cities.access.handing import hand_over
from cities.access.memberships import forget_roles
from cities.access.models import Membership, Role
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import CENTER_ID, city_scope
from grants.payments.actions import approve_deputy, end_deputy, nominate_deputy
from grants.payments.errors import DeputyError, ReasonMissingError, WrongStatusError
from grants.payments.models import Deputy
from grants.payments.seats import forget_deputies, seats_of
from grants.payments.states import Seat
from residents.notices.registry import write_letter
from tests.factories import make_member, make_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(db):
    return make_officer(name="Otto")


@pytest.fixture
def viewer(city):
    return make_member(city, Role.VIEWER, name="Val")


@pytest.fixture
def reviewer(city):
    return make_member(city, Role.REVIEWER)


@pytest.fixture
def here(officer, viewer, reviewer, in_city):
    return in_city


def nominate(person, actor, **changes):
    fields = {"seat": Seat.APPROVER, "reason": "There are two of us", **changes}
    return nominate_deputy(person_id=person.pk, actor=actor, **fields)


def seats(user, city):
    forget_deputies(user)
    forget_roles(user)
    return seats_of(user, city.pk)


def test_a_deputy_takes_the_seat_only_once_the_center_has_approved(here, viewer, manager, officer):
    deputy = nominate(viewer, manager)
    assert seats(viewer, here) == frozenset()

    approve_deputy(deputy.pk, actor=officer)
    assert seats(viewer, here) == {Seat.APPROVER}

    end_deputy(deputy.pk, reason="A third person was hired", actor=manager)
    assert seats(viewer, here) == frozenset()
    assert sorted(Event.objects.values_list("tag", flat=True)) == [
        "deputy:approve",
        "deputy:end",
        "deputy:nominate",
    ]


def test_the_approval_stands_in_the_citys_chain_and_not_in_the_centers(here, viewer, manager, officer):
    approve_deputy(nominate(viewer, manager).pk, actor=officer)

    assert Event.objects.get(tag="deputy:approve").city_id == here.pk != CENTER_ID


def test_a_deputy_who_leaves_the_desk_has_no_seat(here, viewer, manager, officer):
    approve_deputy(nominate(viewer, manager).pk, actor=officer)

    Membership.objects.filter(user=viewer).update(ended_at="2026-01-01T00:00Z")

    assert seats(viewer, here) == frozenset()


def end_by_roles(person, manager):
    change_roles(person.pk, roles=[Role.REVIEWER], actor=manager)


def end_by_hand_over(person, manager):
    hand_over(person.pk, successor_id=manager.pk, actor=manager)


@pytest.mark.parametrize("end", [end_by_roles, end_by_hand_over])
def test_a_deputy_who_left_the_desk_and_is_invited_again_has_no_seat(here, viewer, manager, officer, end):
    approve_deputy(nominate(viewer, manager).pk, actor=officer)
    nominate(viewer, manager, seat=Seat.FINANCE)

    end(viewer, manager)
    invite_member(email=viewer.email, roles=[Role.VIEWER], actor=manager)
    letter = Message.objects.filter(kind="invitation").latest("created_at")
    accept_invitation(open_body(letter.sealed_body).split("/")[3], actor=viewer)

    assert seats(viewer, here) == frozenset()
    assert not Deputy.objects.filter(ended_at__isnull=True).exists()
    tags = Event.objects.filter(tag__in=["deputy:end", "deputy:refuse"]).values_list("tag", "actor")
    assert sorted(tags) == [("deputy:end", manager.pk), ("deputy:refuse", manager.pk)]


def test_a_deputy_who_stays_at_the_desk_keeps_the_seat(here, viewer, manager, officer):
    approve_deputy(nominate(viewer, manager).pk, actor=officer)

    change_roles(viewer.pk, roles=[Role.STAFF], actor=manager)

    assert seats(viewer, here) == {Seat.APPROVER}


def test_a_deputy_of_one_city_is_nobody_in_another(here, viewer, manager, officer):
    approve_deputy(nominate(viewer, manager).pk, actor=officer)

    assert seats_of(viewer, CENTER_ID) == frozenset()


YES = {"en": "The Center said yes", "es": "El Centro dijo que sí"}


@pytest.mark.parametrize("language", YES)
def test_the_deputy_and_who_named_them_are_told_of_each_answer(here, viewer, manager, officer, language):
    first, second = nominate(viewer, manager), nominate(viewer, manager, seat=Seat.FINANCE)
    assert not Message.objects.exists()

    approve_deputy(first.pk, actor=officer)
    end_deputy(second.pk, reason="Finance has three people", actor=officer)
    end_deputy(first.pk, reason="A third person was hired", actor=manager)
    end_deputy(nominate(viewer, manager).pk, actor=manager)

    told = Message.objects.select_related("recipient", "city").order_by("created_at", "recipient__name")
    said = [(message.data["said"], message.recipient) for message in told]
    assert {one for one in said if one[0] == "approved"} == {("approved", viewer), ("approved", manager)}
    assert {one for one in said if one[0] == "refused"} == {("refused", viewer), ("refused", manager)}
    assert said[4:] == [("ended", viewer), ("withdrawn", viewer)]  # whoever did it knows
    with translation.override(language):
        written = [write_letter(message) for message in told]
    for letter in written:
        assert "{{" not in letter.text + letter.subject
        assert letter.path == f"/{here.slug}/staff/payments/"
    assert YES[language] in written[0].text
    assert all("Finance has three people" in letter.text for letter in written[2:4])
    assert "A third person was hired" in written[4].text


def test_an_outside_reviewer_is_no_deputy(here, reviewer, manager):
    with pytest.raises(DeputyError, match="needs a role at the city’s desk"):
        nominate(reviewer, manager)


def test_a_nomination_says_why(here, viewer, manager):
    with pytest.raises(ReasonMissingError):
        nominate(viewer, manager, reason=" ")


def test_a_seat_that_is_not_there_is_refused(here, viewer, manager):
    with pytest.raises(RuleError):
        nominate(viewer, manager, seat="treasurer")


def test_nobody_is_named_twice_for_a_seat(here, viewer, manager):
    nominate(viewer, manager)

    with pytest.raises(RuleError, match="deputy for this seat already"):
        nominate(viewer, manager)
    assert nominate(viewer, manager, seat=Seat.FINANCE).pk


def test_a_deputy_is_approved_once(here, viewer, manager, officer):
    deputy = nominate(viewer, manager)
    approve_deputy(deputy.pk, actor=officer)

    with pytest.raises(WrongStatusError, match="approved already"):
        approve_deputy(deputy.pk, actor=officer)


def test_what_has_ended_is_neither_approved_nor_ended_again(here, viewer, manager, officer):
    deputy = nominate(viewer, manager)
    end_deputy(deputy.pk, actor=officer)

    for deed in (approve_deputy, end_deputy):
        with pytest.raises(WrongStatusError, match="ended already"):
            deed(deputy.pk, actor=officer)
    assert Event.objects.filter(tag="deputy:refuse").count() == 1


def test_an_officer_who_named_a_deputy_does_not_approve_it(here, viewer, manager):
    with pytest.raises(DeputyError, match="Nobody approves"):
        approve_deputy(nominate(viewer, manager).pk, actor=manager)
    with pytest.raises(DeputyError, match="Nobody approves"):
        approve_deputy(Deputy.objects.get().pk, actor=viewer)


def test_roles_give_seats_without_a_deputy(city, trio, manager, staff):
    with city_scope(city):
        assert [seats_of(person, city.pk) for person in (*trio, manager, staff)] == [
            {Seat.FINANCE},
            {Seat.APPROVER},
            {Seat.FINANCE},
            {Seat.APPROVER},
            frozenset(),
        ]
