import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client

from cities.access.models import Role, User
from residents.accounts.personas import PERSONAS
from residents.notices.mailbox import DemoMailbox
from tests.factories import make_city, make_member, make_officer
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def personas():
    baltimore = make_city("baltimore")
    make_officer(email="officer@demo.example")
    make_member(baltimore, Role.MANAGER, email="manager@demo.example")
    User.objects.create_user("vecino@demo.example", name="Javier", language="es")
    return baltimore


def test_the_page_offers_one_person_per_role_and_two_residents(client):
    page = client.get("/demo/").content.decode()

    assert {persona.role for persona in PERSONAS} == {*Role.values, ""}
    for persona in PERSONAS:
        assert f"Be {persona.name}" in page
    assert len({persona.email for persona in PERSONAS}) == len(PERSONAS)


def test_a_persona_is_signed_in_with_its_second_factor(client, personas):
    response = client.post("/demo/", {"persona": "manager"})

    assert response["Location"] == "/baltimore/staff/"
    assert client.get("/baltimore/staff/setup/team/").status_code == 200


def test_a_spanish_speaking_persona_gets_spanish_pages(client, personas):
    response = client.post("/demo/", {"persona": "vecino"})

    assert (response["Location"], response.cookies["django_language"].value) == ("/me/", "es")


def test_changing_the_persona_leaves_nothing_of_the_last_one(client, personas):
    client.post("/demo/", {"persona": "manager"})
    before = client.session.session_key

    client.post("/demo/", {"persona": "vecino"})

    assert client.session.session_key != before
    assert client.get("/baltimore/staff/setup/team/").status_code == 403


@pytest.mark.parametrize("persona", ["nobody", "", "finance"])
def test_a_person_who_is_not_there_is_nobody(client, personas, persona):
    response = client.post("/demo/", {"persona": persona})

    assert response.status_code == 200
    assert "_auth_user_id" not in client.session


def test_looking_signs_nobody_in(client, personas):
    client.get("/demo/?persona=officer")

    assert "_auth_user_id" not in client.session


def test_choosing_needs_a_csrf_token(personas):
    assert Client(enforce_csrf_checks=True).post("/demo/", {"persona": "officer"}).status_code == 403


@pytest.mark.parametrize("page", ["/demo/", "/demo/mail/"])
def test_without_the_demo_there_is_no_such_page(client, settings, personas, page):
    settings.DEMO = False

    assert client.get(page).status_code == 404
    assert client.post(page, {"persona": "officer"}).status_code in {404, 405}
    assert "_auth_user_id" not in client.session


def test_the_mail_is_shown_newest_first_with_its_code(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    letters = [
        EmailMultiAlternatives("Your code", "Type this:\n\n    BCDF-GHJK\n\nBye", to=["ana@example.org"]),
        EmailMultiAlternatives("A <b>notice</b>", "Hello https://example.org/x", to=["ben@example.org"]),
    ]
    DemoMailbox().send_messages(letters)

    page = client.get("/demo/mail/").content.decode()

    assert page.index("ben@example.org") < page.index("ana@example.org")
    assert 'data-copy="BCDF-GHJK"' in page
    assert "A &lt;b&gt;notice" in page
    assert (tmp_path / "mail").stat().st_mode & 0o777 == 0o700


def test_the_mailbox_keeps_the_last_five_hundred(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    (tmp_path / "mail").mkdir()
    for n in range(510):
        (tmp_path / "mail" / f"{n:020d}-x.json").write_text("{}")

    DemoMailbox().send_messages([EmailMultiAlternatives("s", "t", to=["a@example.org"])])

    assert len(list((tmp_path / "mail").glob("*.json"))) == 500


def test_signing_in_as_a_persona_ends_another_persons_session(client, personas):
    sign_in(client, User.objects.get(email="officer@demo.example"))

    client.post("/demo/", {"persona": "manager"})

    assert client.session["_auth_user_id"] == str(User.objects.get(email="manager@demo.example").pk)
