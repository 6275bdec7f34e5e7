"""A score sheet in a real browser: saved as it is typed, the total in sight, then sent."""

import pytest

from cities.tenancy.scopes import city_scope
from grants.reviews.models import Review
from grants.reviews.states import Status
from tests.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_sheet_saves_itself_shows_its_total_and_is_sent(chromium, live_server, client, panel):
    review = panel.review(panel.application(), panel.robert)
    sign_in(client, panel.robert, second_factor=False)
    context = chromium.new_context(viewport={"width": 360, "height": 780}, locale="en-US")
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.add_init_script("delete HTMLFormElement.prototype.requestSubmit")  # as in Safari before 16

    page.goto(f"{live_server.url}/baltimore/review/{review.pk}/")
    page.locator('input[name="gates.workshop"][value="yes"]').evaluate("input => input.click()")
    page.fill('input[name="scores.impact"]', "25")
    page.fill('input[name="scores.budget"]', "17.5")
    page.locator('[data-save="saved"]').wait_for()
    page.locator("[data-total]", has_text="42.5").wait_for()
    with city_scope(panel.city):
        assert Review.objects.get().scores == {"impact": "25", "budget": "17.5"}
    page.get_by_role("button", name="Check and send").click()
    page.get_by_role("button", name="Yes, send them").click()
    page.get_by_text("are in.").wait_for()

    with city_scope(panel.city):
        assert Review.objects.get().status == Status.SUBMITTED
    context.close()
