import hmac
import re
import time
from urllib.parse import urlencode

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cities.access.models import Membership, OpenSession, Role
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.factories import UserFactory, make_city, make_member, make_officer
from tests.people import sign_in

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def digits(secret: str = SECRET, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def baltimore():
    return make_city("baltimore")


@pytest.fixture
def manager(baltimore):
    return make_member(baltimore, Role.MANAGER, email="manager@example.org")


def sign_in_by_code(client: Client, email: str):
    client.post("/accounts/login/", {"email": email})
    with city_scope(CENTER_ID):
        code = open_body(Message.objects.latest("created_at").sealed_body)
    return client.post("/accounts/login/code/", {"code": code})


def kinds_of(user) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.REVIEWER, Role.OFFICER, Role.AUDITOR}]
)
def test_no_staff_page_opens_without_a_second_factor(client, baltimore, role):
    person = make_member(baltimore, role)

    sign_in(client, person, second_factor=False)
    response = client.get("/baltimore/staff/setup/team/")

    assert response[
        "Location"
    ] == f"{reverse('residents:factor-required')}?next=/baltimore/staff/setup/team/".replace(
        "next=/", "next=%2F"
    ).replace("more/staff/setup/team/", "more%2Fstaff%2Fsetup%2Fteam%2F")


def test_setting_up_an_app_opens_the_door_and_gives_recovery_codes(client, manager):
    sign_in_by_code(client, manager.email)
    assert client.get("/accounts/factor/required/?next=/baltimore/staff/setup/team/").status_code == 200
    page = client.get("/accounts/factor/app/").content.decode()
    secret = re.search(r'<code class="key">([A-Z2-7]{32})</code>', page)[1]
    link = re.search(r'href="(otpauth://totp/[^"]+)"', page)[1]
    assert f"secret={secret}" in link
    assert page.index(link) < page.index('<svg class="qr"') < page.index('name="code"')

    response = client.post("/accounts/factor/app/", {"code": digits(secret)})

    assert response["Location"] == "/accounts/factor/codes/"
    assert kinds_of(manager) == ["recovery_codes", "totp"]
    page = client.get("/accounts/factor/codes/").content.decode()
    assert len(re.findall(r'<code class="key">\d{8}</code>', page)) == 10
    assert 'href="/baltimore/staff/setup/team/"' in page
    assert client.get("/baltimore/staff/setup/team/").status_code == 200


def test_the_square_is_drawn_inline_without_any_style(client, manager):
    sign_in(client, manager, second_factor=False)

    page = client.get("/accounts/factor/app/").content.decode()

    assert re.search(r'<svg class="qr" viewBox="0 0 \d+ \d+"', page)
    assert "style=" not in page
    assert "<?xml" not in page


def test_a_wrong_first_code_sets_nothing_up(client, manager):
    sign_in(client, manager, second_factor=False)
    client.get("/accounts/factor/app/")

    response = client.post("/accounts/factor/app/", {"code": "000000"})

    assert b"This code is not right" in response.content
    assert kinds_of(manager) == []


def test_the_secret_lies_encrypted_in_the_database(manager):
    TOTP.activate(manager, SECRET)

    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        assert SECRET not in cursor.fetchone()[0]


def test_a_person_with_a_factor_is_asked_for_it_at_every_sign_in(client, manager):
    TOTP.activate(manager, SECRET)

    response = sign_in_by_code(client, manager.email)

    assert response["Location"] == "/accounts/factor/give/"
    assert "_auth_user_id" not in client.session
    assert client.get("/baltimore/staff/setup/team/")["Location"].startswith("/accounts/login/")
    response = client.post("/accounts/factor/give/", {"code": digits()})
    assert response["Location"] == "/baltimore/staff/"
    assert client.get("/baltimore/staff/setup/team/").status_code == 200


def test_residents_with_a_factor_are_asked_too(client):
    person = UserFactory(email="ana@example.org")
    TOTP.activate(person, SECRET)

    assert sign_in_by_code(client, "ana@example.org")["Location"] == "/accounts/factor/give/"


def test_the_same_digits_work_once(client, manager):
    TOTP.activate(manager, SECRET)
    code = digits()
    sign_in_by_code(client, manager.email)
    client.post("/accounts/factor/give/", {"code": code})

    thief = Client(REMOTE_ADDR="203.0.113.9")
    sign_in_by_code(thief, manager.email)
    response = thief.post("/accounts/factor/give/", {"code": code})

    assert b"This code is not right" in response.content
    assert "_auth_user_id" not in thief.session


@pytest.fixture
def later(settings, time_machine):
    """Begin with a period; move on from there. Valkey's clock would go on by itself."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    start = int(time.time()) // 30 * 30
    time_machine.move_to(start, tick=False)
    return lambda seconds: time_machine.move_to(start + seconds, tick=False)


def gives(client, manager) -> str:
    sign_in_by_code(client, manager.email)
    return "/accounts/factor/give/"


def gives_again(client, manager) -> str:
    sign_in(client, manager, second_factor=False)
    return "/accounts/factor/again/"


@pytest.mark.parametrize("step", [gives, gives_again])
@pytest.mark.parametrize("seconds", [31, 59, 89])
def test_digits_of_the_next_period_work_once_while_they_are_valid(client, manager, later, step, seconds):
    TOTP.activate(manager, SECRET)
    code = digits(steps=1)
    assert client.post(step(client, manager), {"code": code}).status_code == 302

    later(seconds)
    thief = Client(REMOTE_ADDR="203.0.113.9")
    response = thief.post(step(thief, manager), {"code": f"{code[:3]} {code[3:]}"})

    assert b"This code is not right" in response.content


def test_digits_that_set_up_the_app_are_used(client, manager):
    sign_in(client, manager, second_factor=False)
    page = client.get("/accounts/factor/app/").content.decode()
    code = digits(re.search(r'<code class="key">([A-Z2-7]{32})</code>', page)[1])
    client.post("/accounts/factor/app/", {"code": code})

    thief = Client(REMOTE_ADDR="203.0.113.9")
    sign_in_by_code(thief, manager.email)
    response = thief.post("/accounts/factor/give/", {"code": code})

    assert b"This code is not right" in response.content


def test_digits_are_guessed_five_times_at_most(client, manager):
    TOTP.activate(manager, SECRET)
    sign_in_by_code(client, manager.email)

    for _ in range(5):
        client.post("/accounts/factor/give/", {"code": "000000"})
    response = client.post("/accounts/factor/give/", {"code": digits()})

    assert "_auth_user_id" not in client.session
    assert response.status_code == 200


def test_a_recovery_code_works_once(client, manager):
    TOTP.activate(manager, SECRET)
    code = RecoveryCodes.activate(manager).get_unused_codes()[0]
    sign_in_by_code(client, manager.email)
    assert client.post("/accounts/factor/give/", {"code": code})["Location"] == "/baltimore/staff/"

    other = Client(REMOTE_ADDR="203.0.113.9")
    sign_in_by_code(other, manager.email)
    other.post("/accounts/factor/give/", {"code": code})

    assert "_auth_user_id" not in other.session


@pytest.fixture
def _key_is_gone(settings, manager):
    """The manager's app and codes lie under a key that nobody names any more."""
    present, settings.BODY_ENCRYPTION_KEY = settings.BODY_ENCRYPTION_KEY, "a former key"
    TOTP.activate(manager, SECRET)
    RecoveryCodes.activate(manager)
    settings.BODY_ENCRYPTION_KEY = present


def codes_of_nothing() -> str:
    """The first recovery code of an empty seed."""
    return str(int.from_bytes(hmac.new(b"", b"  0,", "sha1").digest()[:4], "big") % 10**8).zfill(8)


@pytest.mark.usefixtures("_key_is_gone")
@pytest.mark.parametrize("code", [lambda: digits(""), codes_of_nothing, digits])
def test_a_factor_whose_key_is_gone_is_refused_with_whatever_code(client, manager, code, caplog):
    sign_in_by_code(client, manager.email)

    answer = client.post("/accounts/factor/give/", {"code": code()})

    assert b"This code is not right" in answer.content
    assert "_auth_user_id" not in client.session
    assert "factor.secret_unreadable" in caplog.text
    assert manager.email not in caplog.text


@pytest.mark.usefixtures("_key_is_gone")
def test_whoever_came_in_by_a_passkey_makes_new_codes_when_the_key_is_gone(client, manager):
    Authenticator.objects.create(user=manager, type="webauthn", data={"name": "x"})
    sign_in(client, manager)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(manager.pk)
    session.save()

    assert client.get("/accounts/factor/").status_code == 200
    for page in ("", "download/"):
        assert client.get(f"/accounts/factor/codes/{page}")["Location"] == "/accounts/factor/codes/new/"
    assert "can’t be read any more" in client.get("/accounts/factor/codes/new/").content.decode()
    assert client.post("/accounts/factor/codes/new/")["Location"] == "/accounts/factor/codes/"
    assert len(re.findall(r"\d{8}<", client.get("/accounts/factor/codes/").content.decode())) == 10


def test_a_factor_outlives_the_first_own_key_and_once_sealed_anew_the_former_secret(
    client, manager, settings, capsys
):
    TOTP.activate(manager, SECRET)
    used = RecoveryCodes.activate(manager).get_unused_codes()[0]
    settings.BODY_ENCRYPTION_KEY = "the first own key"
    sign_in_by_code(client, manager.email)
    assert client.post("/accounts/factor/give/", {"code": used})["Location"] == "/baltimore/staff/"

    call_command("reseal")
    settings.SECRET_KEY = "another secret"

    assert capsys.readouterr().out == "2 secrets lie under the present key.\n"
    other = Client(REMOTE_ADDR="203.0.113.9")
    sign_in_by_code(other, manager.email)
    assert b"not right" in other.post("/accounts/factor/give/", {"code": used}).content
    assert other.post("/accounts/factor/give/", {"code": digits()})["Location"] == "/baltimore/staff/"


@pytest.mark.usefixtures("_key_is_gone")
def test_sealing_anew_names_what_it_could_not_read_and_leaves_it(manager, settings):
    with pytest.raises(CommandError, match="2 can’t be read"):
        call_command("reseal")

    settings.BODY_ENCRYPTION_KEYS_BEFORE = ["a former key"]
    call_command("reseal")
    settings.BODY_ENCRYPTION_KEYS_BEFORE = []
    assert Authenticator.objects.get(user=manager, type="totp").wrap().validate_code(digits())


def test_a_session_that_began_before_the_factor_is_asked_for_it(client, manager):
    sign_in(client, manager, second_factor=False)
    TOTP.activate(manager, SECRET)

    page = client.get("/accounts/factor/required/?next=/baltimore/staff/setup/team/").content.decode()

    assert reverse("mfa_reauthenticate") in page
    assert reverse("mfa_activate_totp") not in page
    response = client.post("/accounts/factor/again/", {"code": digits()})
    assert response.status_code == 302
    assert client.get("/accounts/factor/required/?next=/baltimore/")["Location"] == "/baltimore/"


@pytest.mark.parametrize("step", ["given", "set up"])
def test_a_step_up_gives_the_session_another_key(client, manager, step):
    sign_in(client, manager, second_factor=False)
    if step == "given":
        TOTP.activate(manager, SECRET)
        address, code = "/accounts/factor/again/", digits()
    else:
        address = "/accounts/factor/app/"
        page = client.get(address).content.decode()
        code = digits(re.search(r'<code class="key">([A-Z2-7]{32})</code>', page)[1])
    planted, before = Client(), OpenSession.objects.get()
    planted.cookies["sessionid"] = client.cookies["sessionid"].value

    assert client.post(address, {"code": code}).status_code == 302

    assert client.get("/me/account/").status_code == 200
    assert planted.get("/me/account/").status_code == 302
    after = OpenSession.objects.get()
    assert (after.pk, after.started_at) == (before.pk, before.started_at)
    assert after.key_hash != before.key_hash


def test_another_persons_proof_in_the_same_session_does_not_count(client, manager):
    sign_in(client, manager)
    session = client.session
    session["account_authentication_methods_user"] = str(UserFactory().pk)
    session.save()

    assert client.get("/baltimore/staff/setup/team/")["Location"].startswith("/accounts/factor/required/")


def test_nobody_at_a_desk_takes_off_the_last_factor(client, manager):
    TOTP.activate(manager, SECRET)
    sign_in_by_code(client, manager.email)
    client.post("/accounts/factor/give/", {"code": digits()})
    client.post("/accounts/factor/again/", {"code": digits(steps=1)})

    response = client.post("/accounts/factor/app/remove/")

    assert b"Your role needs a second step" in response.content
    assert kinds_of(manager) == ["totp"]


def test_a_resident_may_take_it_off_after_giving_it_again_and_is_told(
    client, django_capture_on_commit_callbacks
):
    person = UserFactory(email="ana@example.org")
    TOTP.activate(person, SECRET)
    sign_in_by_code(client, person.email)
    client.post("/accounts/factor/give/", {"code": digits()})
    assert client.post("/accounts/factor/app/remove/")["Location"].startswith("/accounts/factor/again/")
    client.post("/accounts/factor/again/", {"code": digits(steps=1)})

    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/factor/app/remove/")

    assert kinds_of(person) == []
    with city_scope(CENTER_ID):
        message = Message.objects.get(kind="second-factor-changed")
        assert (message.recipient, message.data) == (person, {"change": "totp_deactivated"})


def test_the_center_needs_a_second_factor_as_well(client):
    officer = make_officer()
    sign_in(client, officer, second_factor=False)

    assert client.get("/center/")["Location"] == "/accounts/factor/required/?next=%2Fcenter%2F"
    sign_in(client, officer)
    assert client.get("/center/").status_code == 200


@pytest.mark.parametrize("page", ["/dallas/staff/setup/team/", "/me/", "/me/account/", "/accounts/kept/"])
def test_a_role_in_one_city_asks_for_the_factor_in_every_other_place(client, baltimore, manager, page):
    dallas = make_city("dallas")
    with city_scope(dallas):
        Membership.objects.create(user=manager, role=Role.REVIEWER)

    sign_in(client, manager, second_factor=False)
    assert client.get(page)["Location"] == f"/accounts/factor/required/?{urlencode({'next': page})}"

    sign_in(client, manager)
    assert client.get(page).status_code in {200, 403}


def test_a_role_at_the_center_asks_for_the_factor_in_a_city(client, baltimore):
    officer = make_officer()
    sign_in(client, officer, second_factor=False)

    assert client.get("/baltimore/apply/x/")["Location"].startswith("/accounts/factor/required/")
    assert client.get("/api/v1/me/inbox/").json()["code"] == "second_factor"


def test_residents_and_outside_reviewers_are_not_asked(client, baltimore):
    reviewer = make_member(baltimore, Role.REVIEWER)
    former = make_member(baltimore, Role.MANAGER)
    with city_scope(baltimore):
        Membership.objects.filter(user=former).update(ended_at=timezone.now())

    for person in (UserFactory(), reviewer, former):
        sign_in(client, person, second_factor=False)
        assert client.get("/me/").status_code == 200
        assert client.get("/baltimore/staff/setup/team/").status_code == 403


def test_the_api_of_a_desk_needs_a_second_factor_as_well(client, manager):
    sign_in(client, manager, second_factor=False)

    answer = client.get("/api/v1/cities/baltimore/members/")

    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor")


@pytest.mark.parametrize(
    "name",
    ["mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_list_webauthn", "mfa_add_webauthn",
     "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes", "residents:factor-required"],
)  # fmt: skip
def test_pages_about_factors_are_for_the_signed_in(client, name):
    assert client.get(reverse(name))["Location"].startswith("/accounts/login/")


def test_giving_a_factor_needs_a_proved_code_first(client):
    assert client.get("/accounts/factor/give/")["Location"] == "/accounts/login/"


def test_a_persons_passkey_is_out_of_reach_of_others(client, manager):
    passkey = Authenticator.objects.create(user=UserFactory(), type="webauthn", data={"name": "x"})
    sign_in(client, manager)

    assert client.post(f"/accounts/factor/passkeys/{passkey.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=passkey.pk).exists()
