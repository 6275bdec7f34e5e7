"""Autosave and uploads in a real browser, with the network and other people getting in the way."""

import re

import pytest

from cities.tenancy.scopes import city_scope
from grants.applications.actions import save_answer
from grants.cycles.models import Cycle
from tests.browser import AXE
from tests.factories import UserFactory, make_city
from tests.grants.applications.forms import filled, make_call, make_draft
from tests.grants.applications.uploads.making import geotagged, picture
from tests.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Desk:
    """A resident's draft, and the page it is edited on."""

    def __init__(self, page, draft, resident, url):
        self.page, self.draft, self.resident, self.url = page, draft, resident, url

    def open(self, section="project"):
        self.page.goto(f"{self.url}/tilden/apply/{self.draft.pk}/{section}/")
        return self

    def wait_for_note(self, question, text):
        self.page.locator(f'[data-question="{question}"] [data-saved]', has_text=text).wait_for()

    def values(self):
        with city_scope(self.draft.city_id):
            return filled(self.draft).values

    def save_and_continue(self):
        self.page.get_by_role("button", name="Save and continue").last.click()

    def elsewhere(self, question, value, version):
        with city_scope(self.draft.city_id):
            save_answer(self.draft.pk, question, value, version=version, actor=self.resident)


@pytest.fixture
def desk(chromium, live_server, client, files):
    city = make_city("tilden", name="Tilden", contact_phone="312 555 0100")
    resident = UserFactory(name="Odessa Rhee")
    with city_scope(city):
        draft = make_draft(resident, {}, cycle=make_call())
    sign_in(client, resident, second_factor=False)
    context = chromium.new_context(
        viewport={"width": 360, "height": 780}, locale="en-US", reduced_motion="reduce"
    )
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(8000)
    page.errors = []
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield Desk(page, draft, resident, live_server.url)
    assert page.errors == []
    context.close()


def test_an_answer_is_saved_as_its_field_is_left(desk):
    desk.open()
    desk.page.fill("#q-project_title", "Tilden garden")
    desk.page.press("#q-project_title", "Tab")

    desk.wait_for_note("project_title", re.compile("^Saved$"))

    assert desk.values() == {"project_title": "Tilden garden"}
    assert desk.page.input_value('input[name="v.project_title"]') == "1"


def test_what_is_wrong_is_told_next_to_the_field(desk):
    desk.open("money")
    desk.page.fill("#q-amount", "a lot")
    desk.page.press("#q-amount", "Tab")

    desk.page.locator("#q-amount_error").wait_for()

    assert desk.values() == {"amount": {"typed": "a lot"}}


def test_without_a_network_it_keeps_trying(desk):
    desk.open()
    desk.page.context.set_offline(True)
    desk.page.fill("#q-project_title", "On the bus")
    desk.page.press("#q-project_title", "Tab")
    desk.wait_for_note("project_title", "Not saved yet")

    desk.page.context.set_offline(False)

    desk.wait_for_note("project_title", re.compile("^Saved$"))
    assert desk.values() == {"project_title": "On the bus"}


def test_without_a_network_save_and_continue_keeps_the_form(desk):
    desk.open()
    desk.page.context.set_offline(True)
    desk.page.fill("#q-project_title", "On the bus")
    desk.save_and_continue()
    desk.page.locator("[data-page-note]", has_text="No connection").wait_for()
    desk.save_and_continue()
    desk.page.wait_for_timeout(500)
    assert desk.page.input_value("#q-project_title") == "On the bus"

    desk.page.context.set_offline(False)
    desk.page.locator("[data-page-note]", has_text=re.compile("^$")).wait_for(state="attached")
    desk.save_and_continue()

    desk.page.wait_for_url("**/money/")
    assert desk.values() == {"project_title": "On the bus"}


def test_nor_does_it_leave_a_page_on_which_nothing_was_typed(desk):
    desk.open()
    desk.page.context.set_offline(True)
    desk.save_and_continue()

    desk.page.locator("[data-page-note]", has_text="No connection").wait_for()

    assert desk.page.locator("#q-project_title").is_visible()


def test_where_the_network_is_cut_and_the_phone_has_not_noticed_the_form_stays(desk):
    desk.open()
    desk.page.route("**/*", lambda route: route.abort())
    desk.page.fill("#q-project_title", "In a tunnel")
    desk.save_and_continue()
    desk.page.locator("[data-page-note]", has_text="No connection").wait_for()
    assert desk.page.url.endswith("/project/")

    desk.page.unroute("**/*")
    desk.save_and_continue()

    desk.page.wait_for_url("**/money/")
    assert desk.values() == {"project_title": "In a tunnel"}


def test_where_only_the_saves_of_single_answers_are_stopped_the_page_goes(desk):
    desk.open()
    desk.page.route("**/answers/**", lambda route: route.abort())
    desk.page.fill("#q-project_title", "Behind a strict proxy")
    desk.save_and_continue()

    desk.page.wait_for_url("**/money/")

    assert desk.values() == {"project_title": "Behind a strict proxy"}


def test_where_a_phone_only_says_that_it_is_offline_the_page_goes(desk):
    desk.page.add_init_script("Object.defineProperty(navigator, 'onLine', {value: false})")
    desk.open()
    desk.page.fill("#q-project_title", "Through a tunnel of another kind")
    desk.save_and_continue()

    desk.page.wait_for_url("**/money/")

    assert desk.values() == {"project_title": "Through a tunnel of another kind"}


def lose_the_answer(desk, text):
    """Type what is saved, though its answer never comes back."""

    def cut(route):
        route.fetch()
        route.abort()

    desk.open()
    desk.page.route("**/answers/**", cut)
    desk.page.fill("#q-project_title", text)
    desk.page.press("#q-project_title", "Tab")
    desk.wait_for_note("project_title", "Not saved yet")
    assert desk.values() == {"project_title": text}
    desk.page.unroute("**/answers/**")


@pytest.mark.parametrize("then", ["A garden for all", ""])
def test_what_was_saved_without_an_answer_is_no_conflict_with_oneself(desk, then):
    lose_the_answer(desk, "A garden")

    desk.page.fill("#q-project_title", then)
    desk.page.press("#q-project_title", "Tab")

    desk.wait_for_note("project_title", re.compile("^Saved$"))
    desk.page.locator('[data-question="project_title"][data-version="2"]').wait_for()
    assert desk.page.locator(".question [data-conflict]").count() == 0
    assert (desk.values()["project_title"] or "") == then


def test_nor_when_the_page_is_sent_at_once(desk):
    lose_the_answer(desk, "A garden")

    desk.page.fill("#q-project_title", "A garden for all")
    desk.save_and_continue()

    desk.page.wait_for_url("**/money/")
    assert desk.values() == {"project_title": "A garden for all"}


def test_leaving_asks_first_while_nobody_knows_what_is_saved(desk):
    lose_the_answer(desk, "A garden")
    desk.page.route("**/answers/**", lambda route: route.abort())
    asked = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    desk.page.fill("#q-project_title", "")
    desk.page.get_by_role("link", name="Back").click()

    desk.page.wait_for_url("**/about/")
    assert asked == ["beforeunload"]


def test_what_somebody_else_saved_after_it_is_still_a_conflict(desk):
    lose_the_answer(desk, "A garden")
    desk.elsewhere("project_title", "From the kitchen", 1)

    desk.page.fill("#q-project_title", "A garden for all")
    desk.page.press("#q-project_title", "Tab")

    panel = desk.page.locator("[data-conflict]")
    panel.get_by_text("From the kitchen").wait_for()
    assert panel.get_by_text("A garden for all").is_visible()
    assert desk.values() == {"project_title": "From the kitchen"}


def test_two_writers_see_both_and_one_may_keep_theirs(desk):
    desk.open()
    desk.elsewhere("project_title", "From the kitchen", 0)
    desk.page.fill("#q-project_title", "From the phone")
    desk.page.press("#q-project_title", "Tab")
    panel = desk.page.locator("[data-conflict]")
    panel.get_by_text("From the kitchen").wait_for()
    assert panel.get_by_text("From the phone").is_visible()

    panel.get_by_role("button", name="Keep mine").click()

    desk.wait_for_note("project_title", re.compile("^Saved$"))
    assert desk.values() == {"project_title": "From the phone"}
    assert desk.page.evaluate("document.activeElement.id") == "q-project_title"


def test_or_take_the_other_one(desk):
    desk.open()
    desk.elsewhere("project_title", "From the kitchen", 0)
    desk.page.fill("#q-project_title", "From the phone")
    desk.page.press("#q-project_title", "Tab")

    desk.page.route("**/project/", lambda route: route.abort())
    desk.page.get_by_role("button", name="Use the other one").click()
    desk.wait_for_note("project_title", "The other answer could not be loaded")
    desk.page.unroute("**/project/")
    desk.page.get_by_role("button", name="Use the other one").click()

    desk.wait_for_note("project_title", re.compile("^Saved$"))
    assert desk.page.evaluate("document.activeElement.id") == "q-project_title"
    assert desk.page.input_value("#q-project_title") == "From the kitchen"
    assert desk.values() == {"project_title": "From the kitchen"}


def test_leaving_a_field_by_the_save_button_is_no_conflict_with_oneself(desk):
    desk.open()
    desk.page.fill("#q-project_title", "First")
    desk.page.press("#q-project_title", "Tab")
    desk.page.fill("#q-project_title", "Second")
    desk.save_and_continue()

    desk.page.wait_for_url("**/money/")

    assert desk.values() == {"project_title": "Second"}


@pytest.mark.parametrize(
    ("button", "page"), [("Save and continue", "**/money/"), ("Save and go to the list", "**/apply/*/")]
)
def test_the_page_is_sent_by_its_button_where_a_browser_has_no_request_submit(desk, button, page):
    desk.page.add_init_script("delete HTMLFormElement.prototype.requestSubmit")
    desk.open()
    desk.page.fill("#q-project_title", "Typed on an old phone")
    desk.page.get_by_role("button", name=button).last.click()

    desk.page.wait_for_url(page)

    assert desk.values() == {"project_title": "Typed on an old phone"}


def test_the_close_is_told_as_it_passes(desk):
    desk.open()
    with city_scope(desk.draft.city_id):
        Cycle.objects.update(closes_at=desk.draft.created_at)
    desk.page.fill("#q-project_title", "Too late")
    desk.page.press("#q-project_title", "Tab")

    desk.wait_for_note("project_title", "This call closed on")

    assert desk.page.input_value("#q-project_title") == "Too late"


def test_signing_out_meanwhile_loses_no_text(desk):
    desk.page.add_init_script("delete HTMLFormElement.prototype.requestSubmit")
    desk.open()
    desk.page.context.clear_cookies(name="sessionid")
    desk.page.fill("#q-project_title", "Still here")
    desk.page.press("#q-project_title", "Tab")
    desk.wait_for_note("project_title", "You are signed out")

    desk.page.get_by_role("button", name="Sign in and keep it").click()

    desk.page.wait_for_url("**/accounts/login/**")


def test_a_photo_that_is_chosen_signed_out_says_how_to_go_on(desk):
    desk.open()
    desk.page.context.clear_cookies(name="sessionid")

    desk.page.set_input_files(
        "#q-photos", {"name": "garden.jpg", "mimeType": "image/jpeg", "buffer": geotagged()}
    )
    desk.wait_for_note("photos", "You are signed out")
    desk.page.get_by_role("button", name="Sign in and keep it").click()

    desk.page.wait_for_url("**/accounts/login/**")


def test_after_signing_in_again_in_another_tab_the_page_saves_and_is_sent(desk):
    desk.open()
    session = next(one for one in desk.page.context.cookies() if one["name"] == "sessionid")
    desk.page.context.clear_cookies(name="sessionid")
    desk.page.fill("#q-project_title", "Typed while signed out")
    desk.page.fill("#q-description", "So was this")
    desk.page.press("#q-description", "Tab")
    desk.wait_for_note("project_title", "You are signed out")
    desk.wait_for_note("description", "You are signed out")
    another = {"name": "csrftoken", "value": "a" * 32, "url": desk.url}  # each sign-in makes one
    desk.page.context.add_cookies([session, another])

    desk.page.fill("#q-description", "And this after it")
    desk.page.press("#q-description", "Tab")

    desk.wait_for_note("description", re.compile("^Saved$"))
    desk.wait_for_note("project_title", re.compile("^Saved$"))
    desk.save_and_continue()
    desk.page.wait_for_url("**/money/")
    assert desk.values() == {
        "project_title": "Typed while signed out",
        "description": "And this after it",
    }


def test_the_page_is_sent_with_the_token_of_a_sign_in_elsewhere(desk):
    desk.open()
    desk.page.context.add_cookies([{"name": "csrftoken", "value": "a" * 32, "url": desk.url}])

    desk.save_and_continue()

    desk.page.wait_for_url("**/money/")


def test_rows_are_saved_as_they_are_filled(desk):
    desk.open()
    desk.page.fill('input[name="q.helpers.r1.name"]', "Ana")
    desk.page.press('input[name="q.helpers.r1.name"]', "Tab")
    desk.page.locator('button[name="add_row"]').click()
    desk.page.locator('[data-rows="q.helpers"] [data-row] input[type="text"]').nth(1).fill("Ben")
    desk.page.press("#q-description", "Tab")

    desk.page.locator('[data-question="helpers"][data-version="2"]').wait_for()

    assert [row["name"] for row in desk.values()["helpers"]] == ["Ana", "Ben"]


def test_photos_are_made_smaller_sent_and_removed(desk, tmp_path):
    large = tmp_path / "large.jpg"
    large.write_bytes(picture(size=(4200, 3200), quality=100, color="red") + b"\0" * 1_000_000)
    desk.open()
    small = tmp_path / "geo.jpg"
    small.write_bytes(geotagged())
    desk.page.set_input_files("#q-photos", [str(large), str(small)])

    desk.page.locator('[data-files="q.photos"] [data-file]').nth(1).wait_for()

    assert len(desk.values()["photos"]) == 2
    desk.page.route("**/files/**", lambda route: route.abort())
    desk.page.locator('button[name="remove_file"]').first.click()
    desk.wait_for_note("photos", "large.jpg could not be removed. Please try again.")
    assert desk.page.evaluate("document.activeElement.name") == "remove_file"
    desk.page.unroute("**/files/**")
    desk.page.locator('button[name="remove_file"]').first.click()
    desk.page.locator('[data-files="q.photos"] [data-file]').nth(1).wait_for(state="detached")
    assert len(desk.values()["photos"]) == 1
    desk.save_and_continue()
    desk.page.wait_for_url("**/money/")
    assert len(desk.values()["photos"]) == 1


def test_a_file_that_is_refused_says_why(desk):
    desk.open()
    desk.page.set_input_files(
        "#q-photos", {"name": "drawing.svg", "mimeType": "image/svg+xml", "buffer": b"<svg/>"}
    )

    desk.page.get_by_text("We can’t take this kind of file").wait_for()


def turned_away(desk, most):
    """Choose a photo while the server is busy for so many tries. Returns the tries so far, and how to wait one out."""
    desk.page.clock.install()
    desk.open()
    tries = []

    def answer(route):
        tries.append(route)
        if len(tries) > most:
            route.continue_()
        else:
            busy = {"detail": f"Many are sending ({len(tries)})."}
            route.fulfill(status=503, json=busy, headers={"Retry-After": "20"})

    def wait_out(number):
        desk.page.get_by_text(f"plot.jpg: Many are sending ({number}).").wait_for()
        desk.page.clock.run_for(19_000)
        assert len(tries) == number
        desk.page.clock.run_for(7_000)

    desk.page.route("**/files/", answer)
    photo = {"name": "plot.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    desk.page.set_input_files("#q-photos", photo)
    return tries, wait_out


def test_a_file_that_is_turned_away_for_now_is_tried_again_when_the_server_says(desk):
    tries, wait_out = turned_away(desk, 2)

    wait_out(1)
    wait_out(2)

    desk.page.locator('[data-files="q.photos"] [data-file]').wait_for()
    assert (len(tries), len(desk.values()["photos"])) == (3, 1)


def test_a_file_that_is_turned_away_each_time_says_why(desk):
    tries, wait_out = turned_away(desk, 9)

    for number in (1, 2, 3):
        wait_out(number)

    desk.page.locator(".file-list__item--failed", has_text="plot.jpg: Many are sending (4).").wait_for()
    assert len(tries) == 4


def photo(tmp_path, name="lot.jpg"):
    file = tmp_path / name
    file.write_bytes(geotagged())
    return str(file)


def hold_uploads(desk):
    """Return a list that each upload is held in: Playwright takes no built-in method for a handler."""
    held = []

    def hold(route):
        held.append(route)

    desk.page.route("**/files/", hold)
    return held


def test_save_and_continue_waits_for_a_photo_that_is_still_sent(desk, tmp_path):
    held = hold_uploads(desk)
    desk.page.clock.install()
    desk.open()
    desk.page.set_input_files("#q-photos", photo(tmp_path))
    desk.save_and_continue()
    desk.page.locator("[data-page-note]", has_text="Still sending your photo").wait_for()
    desk.save_and_continue()  # impatient
    desk.page.clock.run_for(10_000)
    desk.page.wait_for_timeout(500)  # in which it would have gone on
    assert desk.page.url.endswith("/project/")

    held[0].continue_()

    desk.page.wait_for_url("**/money/")
    assert len(held) == 1
    assert len(desk.values()["photos"]) == 1


def test_save_and_continue_waits_for_a_photo_that_is_still_made_smaller(desk, tmp_path):
    large = tmp_path / "large.jpg"
    large.write_bytes(picture(size=(2000, 1500), quality=100, color="red") + b"\0" * 1_000_000)
    desk.page.add_init_script(
        "const read = createImageBitmap;"
        "self.createImageBitmap = async (...a) => { await new Promise(r => setTimeout(r, 1000)); return read(...a); }"
    )
    desk.open()
    desk.page.set_input_files("#q-photos", str(large))
    desk.save_and_continue()

    desk.page.wait_for_url("**/money/")

    assert len(desk.values()["photos"]) == 1


def test_a_photo_that_is_refused_meanwhile_keeps_the_page(desk, tmp_path):
    held = hold_uploads(desk)
    desk.open()
    desk.page.set_input_files("#q-photos", photo(tmp_path))
    desk.save_and_continue()
    desk.page.locator("[data-page-note]", has_text="Still sending your photo").wait_for()

    held[0].fulfill(status=400, json={"detail": "This photo is broken."})

    desk.page.get_by_text("lot.jpg: This photo is broken.").wait_for()
    desk.page.wait_for_timeout(500)
    assert desk.page.url.endswith("/project/")
    assert desk.page.locator("[data-page-note]").text_content() == ""
    desk.save_and_continue()
    desk.page.wait_for_url("**/money/")


def test_leaving_while_a_photo_is_sent_asks_first(desk, tmp_path):
    asked = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    hold_uploads(desk)
    desk.open()
    desk.page.set_input_files("#q-photos", photo(tmp_path))
    desk.page.get_by_text("lot.jpg").wait_for()

    desk.page.get_by_role("link", name="Back").click(no_wait_after=True)
    desk.page.wait_for_timeout(500)

    assert asked == ["beforeunload"]
    assert desk.page.url.endswith("/project/")


def go_on_and_back(desk, text):
    """Save an answer, go on, have it changed elsewhere, come back by the browser's own button."""
    desk.open()
    desk.page.fill("#q-project_title", text)
    desk.save_and_continue()
    desk.page.wait_for_url("**/money/")
    desk.elsewhere("project_title", "From the kitchen", 1)
    desk.page.go_back()
    desk.page.wait_for_url("**/project/")
    assert desk.page.input_value("#q-project_title") == text


def test_what_the_back_button_brings_back_replaces_no_newer_answer(desk):
    go_on_and_back(desk, "From the phone")

    panel = desk.page.locator("[data-conflict]")
    panel.get_by_text("From the kitchen").wait_for()

    assert panel.get_by_text("From the phone").is_visible()
    assert desk.values() == {"project_title": "From the kitchen"}
    desk.page.fill("#q-project_title", "From the phone, again")
    desk.save_and_continue()
    desk.page.get_by_text("An answer was changed elsewhere").wait_for()
    assert desk.values() == {"project_title": "From the kitchen"}


def test_nor_does_it_when_the_page_is_sent_at_once(desk):
    desk.page.add_init_script("addEventListener('pageshow', () => self.fetch = () => new Promise(() => {}))")
    go_on_and_back(desk, "From the phone")

    desk.save_and_continue()

    desk.page.get_by_text("An answer was changed elsewhere").wait_for()
    assert desk.values() == {"project_title": "From the kitchen"}


def test_what_was_typed_and_not_yet_saved_is_saved_on_the_way_back(desk):
    desk.elsewhere("project_title", "First", 0)
    desk.open()
    desk.page.on("dialog", lambda dialog: dialog.accept())
    desk.page.route("**/answers/**", lambda route: route.abort())
    desk.page.fill("#q-project_title", "Second")
    desk.page.get_by_role("link", name="Back").click()
    desk.page.wait_for_url("**/about/")
    desk.page.unroute("**/answers/**")

    desk.page.go_back()

    desk.wait_for_note("project_title", re.compile("^Saved$"))
    assert desk.values() == {"project_title": "Second"}
    assert desk.page.locator(".question [data-conflict]").count() == 0


@pytest.mark.parametrize("section", ["about", "project", "money", "check-answers", ""])
def test_axe_finds_nothing(desk, section):
    desk.page.goto(f"{desk.url}/tilden/apply/{desk.draft.pk}/{section + '/' if section else ''}")
    desk.page.evaluate(AXE.read_text() + "; undefined")
    found = desk.page.evaluate(
        "axe.run({runOnly: ['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})"
    )

    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]] == []
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_form_page_weighs_little_on_a_first_visit(desk):
    weights = []
    session = desk.page.context.new_cdp_session(desk.page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))

    desk.open()
    desk.page.wait_for_load_state("networkidle")

    # The live server compresses nothing: fonts aside, the product's own server sends about a quarter of this.
    assert 0 < sum(weights) < 400_000
