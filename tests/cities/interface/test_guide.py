"""The style guide in a real browser: every component in every state, in all three rhythms."""

import mimetypes

import pytest
from django.test import RequestFactory

from cities.interface.views import guide
from tests.browser import AXE, DIST

ORIGIN = "http://guide.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RHYTHMS = ["city", "staff", "center"]


def markup(rhythm):
    return guide(RequestFactory().get("/styleguide/", {"rhythm": rhythm})).content


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_the_guide_shows_no_inline_style_or_script(rhythm):
    html = markup(rhythm).decode()

    assert "style=" not in html
    assert "<style" not in html
    assert "onclick" not in html
    assert "<script>" not in html


@pytest.fixture
def visit(chromium):
    """Open the guide under the strict policy, served from memory and static/dist; collect what the console says."""
    pages = []

    def open_page(rhythm, width=1280, **options):
        page = chromium.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
        pages.append(page)
        page.complaints = []
        page.on(
            "console",
            lambda message: page.complaints.append(message.text) if message.type == "error" else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.route("**/*", lambda route: answer(route, rhythm))
        page.goto(f"{ORIGIN}/styleguide/", wait_until="load")
        return page

    yield open_page
    for page in pages:
        page.close()


def answer(route, rhythm):
    path = route.request.url.removeprefix(ORIGIN).split("?")[0]
    if not path.startswith("/static/"):
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(body=markup(rhythm), content_type="text/html; charset=utf-8", headers=headers)
        return
    file = DIST / path.removeprefix("/static/")
    if file.is_file():
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "font/woff2")
    else:
        route.fulfill(status=404, body="")


@pytest.mark.browser
@pytest.mark.parametrize("rhythm", RHYTHMS)
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(rhythm, width, visit):
    page = visit(rhythm, width)
    page.locator("[data-map]:not([hidden])").wait_for()

    # By the protocol, not by a script element: the page's policy stays in force for everything else.
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run({{runOnly: {STANDARDS}}})")["violations"]

    assert [(finding["id"], finding["nodes"][0]["html"]) for finding in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_without_scripts_everything_is_there_but_the_map(rhythm, visit):
    page = visit(rhythm, 360, java_script_enabled=False)

    assert page.locator("[data-map]").is_hidden()
    assert page.locator("[data-copy]").is_hidden()
    assert page.locator("nav[data-nav] a").count() == page.locator("nav[data-nav] a:visible").count()
    assert page.locator(".bulk button").first.is_visible()


@pytest.mark.browser
def test_the_rows_of_a_stacked_table_are_cards_on_a_phone_and_still_a_table(visit):
    page = visit("staff", 360)
    table = page.get_by_role("table", name="Applications", exact=True)

    assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")
    assert table.get_by_role("columnheader").count() == 6
    assert table.get_by_role("row").nth(1).get_by_role("cell").count() == 5
    table.locator("[data-row-check]").first.check()
    assert page.locator("[data-bulk-count]").text_content() == "1 row selected"


@pytest.mark.browser
def test_a_queue_is_worked_by_keyboard(visit):
    page = visit("staff")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")

    assert page.locator("tr.is-at").text_content().strip().startswith("Neighbors")
    assert page.locator("tr.is-at [data-row-check]").is_checked()
    assert page.locator("[data-bulk-count]").text_content() == "1 row selected"

    page.keyboard.press("/")
    page.keyboard.type("jx?")

    assert page.locator("[data-search]").input_value() == "jx?"
    assert page.locator("[data-keys-dialog]").is_hidden()


@pytest.mark.browser
def test_single_keys_can_be_switched_off(visit):
    page = visit("staff")

    page.keyboard.press("?")
    page.locator("label[for=keys-on]").click()
    page.keyboard.press("Escape")
    page.keyboard.press("j")

    assert page.locator("tr.is-at").count() == 0


@pytest.mark.browser
def test_the_menu_folds_on_a_narrow_screen(visit):
    page = visit("staff", 360)
    toggle = page.locator("[data-nav-toggle]")

    assert toggle.get_attribute("aria-expanded") == "false"
    assert page.locator(".nav__link").first.is_hidden()

    toggle.click()

    assert toggle.get_attribute("aria-expanded") == "true"
    assert page.locator(".nav__link").first.is_visible()


@pytest.mark.browser
def test_the_error_summary_takes_the_focus_and_leads_to_its_field(visit):
    page = visit("city")

    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")

    page.locator("[data-error-summary] a").first.click()

    assert page.evaluate("document.activeElement.id") == "id_title"


@pytest.mark.browser
def test_a_place_on_the_map_opens_by_keyboard(visit):
    page = visit("center")

    page.locator(".leaflet-marker-icon").first.focus()
    page.keyboard.press("Enter")

    assert page.locator(".leaflet-popup a").first.is_visible()
    assert page.locator(".leaflet-marker-icon:not([aria-label])").count() == 0


@pytest.mark.browser
def test_words_left_are_counted(visit):
    page = visit("city")

    page.locator("textarea").first.fill("one two three")

    page.locator(".counter", has_text="Words left: 147").first.wait_for()
