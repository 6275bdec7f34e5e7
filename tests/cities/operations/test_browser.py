"""``/status`` in a real browser: axe finds no fault, and it fits a phone. Something of each state is on the page."""

import pytest

from tests.browser import AXE
from tests.cities.operations.test_status import proved, wait_in
from tests.factories import make_officer
from tests.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_axe_finds_nothing_and_the_page_fits_the_screen(chromium, live_server, client):
    wait_in("baltimore", minutes=31)
    proved(breaks=2)
    sign_in(client, make_officer())
    context = chromium.new_context(viewport={"width": 320, "height": 800}, reduced_motion="reduce")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    try:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{live_server.url}/status")
            page.evaluate(AXE.read_text())
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")

            assert [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.get_by_role("heading", name="What to look at").is_visible()
    finally:
        context.close()
