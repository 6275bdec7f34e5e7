"""A score sheet in a real browser: saved as it is typed, the total in sight, then sent."""

import pytest

from cities.tenancy.scopes import city_scope
from grants.reviews.actions import save_review
from grants.reviews.models import Review
from grants.reviews.states import Status
from tests.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sheet(chromium, live_server, client, panel):
    """The page of a score sheet, on a phone."""
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
    yield page
    context.close()


def stored(panel):
    with city_scope(panel.city):
        return Review.objects.get()


def note(page, state):
    return page.locator(f'[data-saved-note][data-save="{state}"]')


def saving(page, version):
    """Wait for an answer to a save that tells this version."""
    return page.expect_response(
        lambda answer: "/api/" in answer.url and answer.ok and answer.json()["version"] == version
    )


def test_a_sheet_saves_itself_shows_its_total_and_is_sent(sheet, panel):
    sheet.locator('input[name="gates.workshop"][value="yes"]').evaluate("input => input.click()")
    sheet.fill('input[name="scores.impact"]', "25")
    sheet.fill('input[name="scores.budget"]', "17.5")
    note(sheet, "saved").wait_for()
    sheet.locator("[data-total]", has_text="42.5").wait_for()
    assert stored(panel).scores == {"impact": "25", "budget": "17.5"}
    sheet.get_by_role("button", name="Check and send").click()
    sheet.get_by_role("button", name="Yes, send them").click()
    sheet.get_by_text("are in.").wait_for()

    assert stored(panel).status == Status.SUBMITTED


def test_a_save_whose_answer_is_lost_is_no_conflict(sheet, panel):
    def lose(route):
        route.fetch()
        sheet.fill('textarea[name="comment"]', "Typed meanwhile.")
        route.abort()

    sheet.route("**/api/**", lose, times=1)
    with saving(sheet, version=2):
        sheet.fill('input[name="scores.impact"]', "25")
    note(sheet, "saved").wait_for()

    assert (stored(panel).scores, stored(panel).comment) == ({"impact": "25"}, "Typed meanwhile.")


def test_after_a_change_in_another_window_save_keeps_what_is_typed(sheet, panel):
    review = stored(panel)
    with city_scope(panel.city):
        save_review(review.pk, version=0, changes={"comment": "Elsewhere."}, actor=panel.robert)
    sheet.fill('textarea[name="comment"]', "Here.")

    note(sheet, "conflict").filter(has_text="Use “Save” to go on").wait_for()
    press_save(sheet)
    sheet.get_by_text("Below is what you typed here.").first.wait_for()

    assert sheet.input_value('textarea[name="comment"]') == "Here."


def test_an_amount_that_cannot_be_read_holds_up_nothing_else(sheet, panel):
    sheet.fill('input[name="recommended"]', "about 1500")
    sheet.fill('textarea[name="comment"]', "Well thought out.")

    note(sheet, "failed").filter(has_text="Amount you recommend").wait_for()
    with saving(sheet, version=2):
        sheet.fill('input[name="scores.impact"]', "25")

    assert note(sheet, "saved").count() == 0
    assert (stored(panel).comment, stored(panel).scores) == ("Well thought out.", {"impact": "25"})
    sheet.fill('input[name="recommended"]', "1500")
    note(sheet, "saved").wait_for()
    assert stored(panel).recommended_cents == 150_000


def test_a_sheet_drawn_again_unsaved_saves_all_that_it_shows(sheet, panel):
    sheet.route("**/api/**", lambda route: route.abort())
    sheet.fill('textarea[name="comment"]', "Well thought out.")
    sheet.fill('input[name="recommended"]', "about 1500")
    press_save(sheet)
    note(sheet, "failed").wait_for()

    sheet.unroute("**/api/**")
    sheet.fill('input[name="recommended"]', "1500")
    note(sheet, "saved").wait_for()

    assert (stored(panel).comment, stored(panel).recommended_cents) == ("Well thought out.", 150_000)


def test_without_a_network_save_keeps_the_sheet(sheet, panel):
    sheet.context.set_offline(True)
    sheet.fill('textarea[name="comment"]', "On the bus.")
    press_save(sheet)
    note(sheet, "waiting").filter(has_text="No connection").wait_for()

    sheet.context.set_offline(False)
    press_save(sheet)
    sheet.get_by_text("Saved. You can stop here").wait_for()

    assert stored(panel).comment == "On the bus."


def test_save_does_not_wait_for_ever_for_an_answer(sheet, panel):
    sheet.route("**/api/**", lambda route: None)
    with sheet.expect_request("**/api/**"):
        sheet.fill('textarea[name="comment"]', "Slow line.")
    press_save(sheet)

    sheet.get_by_text("Saved. You can stop here").wait_for()

    assert stored(panel).comment == "Slow line."


def test_who_signed_in_again_in_another_tab_goes_on(sheet, panel, client, live_server):
    sheet.context.clear_cookies()
    sheet.fill('textarea[name="comment"]', "While signed out.")
    note(sheet, "failed").filter(has_text="You are signed out").wait_for()
    sign_in(client, panel.robert, second_factor=False)
    cookies = {"sessionid": client.cookies["sessionid"].value, "csrftoken": "a" * 32}
    sheet.context.add_cookies(
        [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
    )

    sheet.fill('input[name="scores.impact"]', "25")
    note(sheet, "saved").wait_for()
    press_save(sheet)
    sheet.get_by_text("Saved. You can stop here").wait_for()

    assert (stored(panel).comment, stored(panel).scores["impact"]) == ("While signed out.", "25")


def press_save(page):
    page.get_by_role("button", name="Save", exact=True).click()
