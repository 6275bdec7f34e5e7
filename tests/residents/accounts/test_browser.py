"""Sign-in, second step and kept forms in a real browser, under the site's own content policy."""

import pytest
from django.core.cache import cache

from cities.access.actions import invite_member
from cities.access.models import OpenSession, Role, User
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.browser import AXE
from tests.factories import UserFactory, make_city, make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHIP = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def visitor(chromium, live_server):
    """Open pages as one visitor, and collect what the console complains about."""
    contexts = []
    cache.clear()

    def make(width: int = 360, *, javascript: bool = True):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def baltimore():
    return make_city("baltimore")


def newest_code() -> str:
    with city_scope(CENTER_ID):
        return open_body(Message.objects.filter(kind="sign-in-code").latest("created_at").sealed_body)


def press(page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()
    page.wait_for_load_state()


def enter(page, email: str, at: str = "/accounts/login/") -> None:
    page.goto(at)
    page.get_by_label("Your e-mail address").fill(email)
    press(page, "Send me a code")
    page.get_by_label("The code from the mail").fill(newest_code())
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def give_chip(page) -> None:
    """Plug a security chip into the browser, which says yes to everything."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": CHIP})


def make_passkey(page) -> None:
    page.goto("/accounts/factor/passkeys/add/")
    page.get_by_role("button", name="Make a passkey").click()
    page.wait_for_url("**/accounts/factor/codes/")


def test_a_manager_makes_a_passkey_and_signs_in_with_it(visitor, baltimore):
    manager = make_member(baltimore, Role.MANAGER, email="manager@example.org")
    page = visitor(1280)
    give_chip(page)
    enter(page, manager.email)
    page.goto("/baltimore/staff/setup/team/")
    assert "/accounts/factor/required/" in page.url

    make_passkey(page)
    page.get_by_role("link", name="I have kept them. Go on").click()
    page.wait_for_url("**/baltimore/staff/setup/team/")
    page.context.clear_cookies()
    enter(page, manager.email, "/accounts/login/?next=/baltimore/staff/setup/team/")
    assert page.url.endswith("/accounts/factor/give/")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url("**/baltimore/staff/setup/team/")

    assert page.complaints == []


def test_a_browser_that_refuses_a_passkey_is_told_so_in_words(visitor):
    page = visitor()
    enter(page, UserFactory().email)
    page.goto("/accounts/factor/passkeys/add/")
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject(new Error('no')); }")

    page.get_by_role("button", name="Make a passkey").click()

    page.get_by_text("That did not work.").wait_for()
    assert page.get_by_role("button", name="Make a passkey").is_enabled()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_form_sent_after_the_session_ran_out_is_sent_on_after_signing_in(visitor, javascript):
    person = UserFactory(email="ana@example.org", name="")
    page = visitor(javascript=javascript)
    enter(page, person.email)
    page.goto("/me/account/")
    page.get_by_label("Your name").fill("Ana Díaz\u00a0<b>")
    OpenSession.objects.all().delete()
    press(page, "Save")
    assert page.get_by_text("We kept what you typed for one hour").is_visible()

    enter(page, person.email, page.url)
    assert page.get_by_role("definition").filter(has_text="Ana Díaz").is_visible()
    press(page, "Send it now")

    assert page.url.endswith("/me/account/")
    person.refresh_from_db()
    assert person.name == "Ana Díaz\u00a0<b>"


def test_a_first_visitor_signs_in_without_javascript(visitor):
    page = visitor(javascript=False)

    enter(page, "new@example.org")

    assert page.url.endswith("/me/")
    assert User.objects.get().email == "new@example.org"


def look(page, width: int) -> list[str]:
    """Say what is wrong with the page as it stands: axe's findings, sideways scrolling, the console."""
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(AXE.read_text())
    options = {"runOnly": {"type": "tag", "values": STANDARDS}}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    wrong = [f"{page.url} {v['id']}: {v['nodes'][0]['html'][:120]}" for v in found]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append(f"{page.url} scrolls sideways at {width}")
    return wrong + [f"{page.url} console: {text}" for text in page.complaints if "404" not in text]


def test_axe_finds_nothing_on_these_pages(visitor, baltimore):
    manager = make_member(baltimore, Role.MANAGER, email="manager@example.org", name="Marcus Green")
    colleague = make_member(baltimore, Role.STAFF)
    with city_scope(baltimore):
        (invitation,) = invite_member(email="ana@example.org", roles=["staff"], actor=manager)
        link = open_body(Message.objects.get(kind="invitation").sealed_body)
        letter = enqueue(
            "roles-changed", key="x", recipient=manager, city="Baltimore", slug="baltimore", roles=["staff"]
        )
    page = visitor(1280)
    give_chip(page)
    wrong = []

    def walk(*paths: str) -> None:
        for path in paths:
            page.goto(path)
            wrong.extend(look(page, 360) + look(page, 1280))

    walk("/accounts/login/", link, "/demo/", "/demo/mail/", "/accounts/invitations/" + "A" * 64 + "/")
    page.goto("/accounts/login/")
    press(page, "Send me a code")
    wrong += look(page, 360)
    page.get_by_label("Your e-mail address").fill(manager.email)
    press(page, "Send me a code")
    wrong += look(page, 360)
    page.get_by_label("The code from the mail").fill("BBBB-BBBB")
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()
    wrong += look(page, 360) + look(page, 1280)
    enter(page, manager.email)
    walk(
        "/accounts/factor/required/?next=/baltimore/staff/setup/team/",
        "/accounts/factor/app/",
        "/accounts/factor/passkeys/",
        "/accounts/factor/passkeys/add/",
    )
    make_passkey(page)
    wrong += look(page, 360)
    team = "/baltimore/staff/setup/team/"
    walk(
        "/accounts/factor/", "/accounts/factor/passkeys/", "/accounts/factor/codes/new/", "/accounts/kept/", "/accounts/logout/", "/me/account/",
        "/me/account/email/", "/me/inbox/", f"/me/inbox/{letter.pk}/", team, f"{team}invite/", f"{team}{colleague.pk}/", f"{team}{colleague.pk}/end/",
        f"{team}invitations/{invitation.pk}/withdraw/", link,
    )  # fmt: skip

    assert wrong == []
