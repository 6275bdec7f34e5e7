"""Account deletion: what goes, what stays, and what stands in the way."""

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone
from psycopg.errors import CheckViolation

from cities.access.actions import invite_member, open_invitations
from cities.access.errors import LastManagerError
from cities.access.models import Invitation, Membership, OpenSession, Role, User
from cities.access.signals import person_signed_out_everywhere
from cities.audit.models import Event
from cities.machines.models import ApiToken
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.tenancy.scopes import CENTER_ID, city_scope, current_scope
from grants.applications.models import Answer, Application
from grants.payments.actions import complete_award
from projects.delivery.models import Photo, Update
from projects.delivery.states import UpdateStatus
from residents.accounts import notices
from residents.accounts.deletion import NAMELESS, MayNotLeaveError, _rooms, delete_account, farewell
from tests.cities.machines.factories import make_living_token
from tests.factories import ApplicationFactory, UserFactory, make_city, make_member
from tests.people import sign_in
from tests.projects.delivery.factories import make_project, make_update
from tests.services import DATABASE, servers

pytestmark = pytest.mark.django_db

PAGE = "/me/account/delete/"


@pytest.fixture
def city():
    return make_city("baltimore")


@pytest.fixture
def ana(city):
    person = UserFactory(email="ana@example.org", name="Ana Díaz", phone="410", may_be_contacted=True)
    Authenticator.objects.create(user=person, type="recovery_codes", data={})
    with city_scope(city):
        enqueue("reviews-assigned", key="x", recipient=person, count=1, calls="Spring", due_on="")
    return person


def application(city, ana, *, is_answered=True, **fields) -> Application:
    with city_scope(city):
        row = ApplicationFactory(applicant=ana, **fields)
        if is_answered:
            Answer.objects.create(application=row, question="story", version=1, value="x", written_by=ana)
    return row


def test_drafts_letters_factors_and_sessions_go_and_the_address_is_free(city, ana):
    draft = application(city, ana)
    sign_in(browser := Client(), ana, second_factor=False)
    told = []
    person_signed_out_everywhere.connect(hear := lambda **news: told.append(news["person_id"]))

    delete_account(ana)

    person_signed_out_everywhere.disconnect(hear)
    ana.refresh_from_db()
    assert (ana.name, ana.phone, ana.is_active, ana.may_be_contacted) == (NAMELESS, "", False, False)
    assert not User.objects.filter(email="ana@example.org").exists()
    assert not Authenticator.objects.filter(user=ana).exists()
    assert not OpenSession.objects.filter(person=ana).exists()
    assert told == [ana.pk]
    assert browser.get("/me/account/").status_code == 302
    with city_scope(city):
        assert not Application.objects.filter(pk=draft.pk).exists()
        assert not Answer.objects.exists()
        assert not Message.objects.exists()
    with city_scope(CENTER_ID):
        assert [(m.kind, m.address) for m in Message.objects.all()] == [
            ("account-deleted", "ana@example.org")
        ]
        assert [e.tag for e in Event.objects.all()] == ["person:delete"]


def test_the_address_goes_from_invitations_of_every_city_and_from_letters(city, ana):
    places = {name: make_city(name) for name in ("dallas", "fresno")}
    managers = {place: make_member(place, Role.MANAGER) for place in (city, *places.values())}
    for place, manager in managers.items():
        with city_scope(place):
            invite_member(email=ana.email, name="Ana D", roles=["viewer", "staff"], actor=manager)
            invite_member(email="other@example.org", name="O", roles=["viewer"], actor=manager)
    with city_scope(places["dallas"]):
        Invitation.objects.filter(email=ana.email).update(expires_at=timezone.now())
    with city_scope(places["fresno"]):
        Invitation.objects.filter(email=ana.email).update(
            email="former@example.org", accepted_by=ana, accepted_at=timezone.now()
        )
    with city_scope(CENTER_ID):
        notices.email_changed(ana, "former@example.org")

    delete_account(ana)

    for place in managers:
        with city_scope(place):
            left = {(i.email, i.name) for i in Invitation.objects.all()}
            assert left == {(f"{ana.pk}@deleted.invalid", ""), ("other@example.org", "O")}
            to = set(Message.objects.values_list("address", flat=True))
            assert to == {"other@example.org"}
    with city_scope(city):
        assert open_invitations().count() == 1
    with city_scope(CENTER_ID):
        assert [m.kind for m in Message.objects.all()] == ["account-deleted"]


def test_what_was_sent_stays_with_the_city_and_the_page_says_why(city, ana):
    sent = application(city, ana, submitted=True)

    said = farewell(ana)
    assert any("1 application that you sent" in sentence for sentence in said.stays)
    assert any("has not decided about: it is taken back" in sentence for sentence in said.goes)
    delete_account(ana)

    with city_scope(city):
        kept = Application.objects.get(pk=sent.pk)
        assert kept.status == "withdrawn"
        assert Event.objects.filter(tag="application:withdraw", subject_id=sent.pk).count() == 1
        assert Answer.objects.filter(application=kept).exists()
        assert kept.applicant.email.endswith("@deleted.invalid")


def test_whose_project_is_done_reads_that_its_page_stays(city, ana):
    application(city, ana, submitted=True, award_status="declined")
    assert not any("Your project’s page" in sentence for sentence in farewell(ana).stays)

    application(city, ana, submitted=True, award_status="completed")

    assert any("Your project’s page" in sentence for sentence in farewell(ana).stays)
    delete_account(ana)


def test_what_was_told_and_not_published_goes_and_nobody_publishes_it_later(city):
    manager = make_member(city, Role.MANAGER)
    with city_scope(city):
        project = make_project()
        out, *_rest = [
            make_update(project, status, photos=1)
            for status in (
                UpdateStatus.PUBLISHED,
                UpdateStatus.WAITING,
                UpdateStatus.HIDDEN,
                UpdateStatus.REMOVED,
            )
        ]
        complete_award(project.award_id, actor=manager)

    assert any("that is not published" in sentence for sentence in farewell(project.lead).goes)
    delete_account(project.lead)

    with city_scope(city):
        project.refresh_from_db()
        assert list(Update.objects.all()) == [out]
        assert Photo.objects.get().update == out
        assert (project.update_count, project.waiting_count) == (1, 0)
        assert Event.objects.filter(tag="project:forget-updates", subject_id=project.pk).count() == 1


def test_tokens_go_with_their_names(ana):
    make_living_token(ana, name="Ana’s phone")

    delete_account(ana)

    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("award_status", ["offered", "accepted"])
def test_open_money_stands_in_the_way_and_nothing_has_gone(city, ana, award_status):
    application(city, ana, submitted=True, award_status=award_status)
    draft = application(make_city("akron"), ana)
    sign_in(client := Client(), ana, second_factor=False)

    assert "Delete my account for good" not in client.get(PAGE).text
    with pytest.raises(MayNotLeaveError):
        delete_account(ana)

    with city_scope(draft.city_id):
        assert Application.objects.filter(pk=draft.pk).exists()
    ana.refresh_from_db()
    assert ana.email == "ana@example.org"


def test_the_last_manager_stays_and_another_may_go_with_their_name_in_the_books(city):
    marcus = make_member(city, Role.MANAGER, name="Marcus")
    with pytest.raises(LastManagerError):
        delete_account(marcus)
    make_member(city, Role.MANAGER)

    delete_account(marcus)

    marcus.refresh_from_db()
    assert (marcus.name, marcus.is_active) == ("Marcus", False)
    with city_scope(city):
        assert not Membership.objects.filter(user=marcus, ended_at__isnull=True).exists()


def test_if_the_last_city_fails_nothing_has_gone_in_the_first(city, ana, monkeypatch):
    draft = application(city, ana)
    other = application(make_city("dallas"), ana)

    def fail(_person):
        if current_scope().city_id == other.city_id:
            raise MayNotLeaveError("late")

    monkeypatch.setitem(_rooms, "late", (lambda *_all: None, fail))

    with pytest.raises(MayNotLeaveError):
        delete_account(ana)
    with city_scope(city):
        assert Application.objects.filter(pk=draft.pk).exists()


def test_the_page_asks_for_the_address_and_then_deletes(city, ana):
    Authenticator.objects.all().delete()
    sign_in(client := Client(), ana, second_factor=False)

    assert client.post(PAGE, {"email": "eve@example.org"}).status_code == 200
    assert User.objects.filter(email="ana@example.org").exists()

    assert client.post(PAGE, {"email": " Ana@example.org"})["Location"] == "/"
    assert not User.objects.filter(email="ana@example.org").exists()


def test_whoever_has_a_second_step_gives_it_before_deleting(city, ana):
    Authenticator.objects.create(user=ana, type="totp", data={})
    sign_in(client := Client(), ana, second_factor=False)

    for response in (client.get(PAGE), client.post(PAGE, {"email": ana.email})):
        assert response["Location"].startswith("/accounts/factor/again/")
    assert User.objects.filter(email="ana@example.org").exists()


def erase(application) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT erase_draft(%s)", [application.pk])


@pytest.mark.parametrize("status", ["submitted", "draft"], ids=["submitted", "reopened"])
@pytest.mark.parametrize("is_answered", [True, False])
def test_the_database_erases_nothing_that_was_sent_and_nothing_of_another_city(
    city, ana, status, is_answered
):
    sent = application(city, ana, is_answered=is_answered, submitted=True, status=status)
    draft = application(city, ana)

    with city_scope(city), pytest.raises(IntegrityError, match="not a draft"):
        erase(sent)
    with city_scope(make_city("dallas")), pytest.raises(IntegrityError, match="not a draft"):
        erase(draft)
    with city_scope(city), pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Answer.objects.filter(application=draft).delete()


@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_deletes_an_answer_of_what_was_ever_sent(city, ana):
    draft = application(city, ana)
    sent = [application(city, ana, submitted=True, status=status) for status in ("submitted", "draft")]
    delete = "DELETE FROM grants_answer WHERE application_id = %s"

    with psycopg.connect(servers.owner_url(DATABASE)) as owner:
        assert owner.execute(delete, [draft.pk]).rowcount == 1
        for row in sent:
            with pytest.raises(CheckViolation, match="append-only"), owner.transaction():
                owner.execute(delete, [row.pk])
