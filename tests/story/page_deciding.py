"""In the browser: the Center's money comes to the call, people review, the manager decides, residents answer."""

from grants.applications.models import Application
from tests.days import today
from tests.story.arriving import read_mail
from tests.story.cast import HOME, STAFF, Cast
from tests.story.visitor import Visitor

REASON = "There is no permit for the wall yet."
RANKING = f"{STAFF}awards/"


def bring_the_money(cast: Cast, application: Application) -> None:
    """At each step the manager reads what is missing for an award, and whose turn it is."""
    on = today()
    officer, finance, manager = cast.officer, cast.finance, cast.manager
    officer.go("/center/grants/new/")
    officer.page.locator("[name=city]").select_option(label="Marlow Falls")
    officer.put(
        reference="LYB-MF",
        amount_cents="100,000",
        starts_on=f"{on.year}-01-01",
        ends_on=f"{on.year + 1}-12-31",
    )
    officer.press_twice("Grant this money")
    officer.put(amount_cents="40,000", bank_reference="WIRE 77")
    officer.press_twice("Record as sent")
    officer.sees("Not confirmed")

    finance.go(f"{STAFF}money/")
    finance.click("Accept this grant", role="link")
    finance.press_twice("Accept this grant")
    try_to_award(manager, application, "Finance must confirm tranche 1 of LYB-MF: $40,000.00")
    finance.click("Confirm", role="link")
    finance.press_twice("Yes, it arrived")
    finance.sees("$40,000.00 is confirmed.")
    try_to_award(manager, application, "A manager can allocate $40,000.00 that is received.")

    manager.go(f"{STAFF}money/calls/{application.cycle_id}/")
    manager.page.locator("#id_allocate_amount_cents").fill("20,000")
    manager.press_twice("Allocate to this call")
    manager.go(f"{STAFF}money/")
    manager.sees("$20,000")
    manager.go(f"{STAFF}money/entries/")


def try_to_award(manager: Visitor, application: Application, words: str) -> None:
    offer(manager, application, "450")
    manager.sees("There is not enough money for this")
    manager.press("Yes, award 1")
    manager.sees("$450.00 is missing in “Marlow Falls mini-grants”.")
    manager.sees(words)


def offer(manager: Visitor, application: Application, amount: str) -> None:
    """Tick one row of the ranking and go to what would be offered."""
    manager.go(RANKING)
    tick_row(manager, application)
    manager.page.locator(f'[name="amount-{application.pk.hex}"]').fill(amount)
    manager.press("Award ticked…")


def tick_row(manager: Visitor, application: Application) -> None:
    manager.page.locator(f'[name=selected][value="{application.pk}"]').check()


def review(cast: Cast, application: Application) -> None:
    """A resident from outside city hall scores; a colleague says no, and the file is gone for them."""
    manager = cast.manager
    manager.go(f"{STAFF}reviews/")
    tick_row(manager, application)
    manager.press("Assign reviewers")
    for name in ("Rita Moss", "Stan Rhee"):
        manager.page.locator("label", has_text=name).first.click()
    manager.press("Each reviewer gets all")
    score(cast.outsider, application)
    step_back(cast.torn, application)
    manager.go(f"{STAFF}reviews/applications/{application.pk}/")
    manager.sees("29.5")


def score(outsider: Visitor, application: Application) -> None:
    outsider.go(f"{HOME}review/")
    outsider.click(application.title, role="link")
    assert "We clear the lot" not in outsider.page.inner_text("main")
    outsider.tick("kind", "none")
    outsider.press("Go on")
    outsider.sees("We clear the lot")
    outsider.page.locator("[name='scores.impact']").fill("24,5")
    outsider.page.locator("[data-save=saved]").wait_for()
    outsider.press("Check and send")
    outsider.sees("29.5" if outsider.page.locator("[name='bonus.youth']").is_checked() else "24.5")
    outsider.tick("gates.complete", "yes")
    outsider.tick("bonus.youth")
    outsider.put(recommended="480", comment="A good block.")
    outsider.press("Check and send")
    outsider.press("Yes, send them")
    outsider.sees("All done")
    assert outsider.status_of(RANKING) == outsider.status_of(f"{STAFF}applications/{application.pk}/") == 403


def step_back(torn: Visitor, application: Application) -> None:
    torn.go(f"{HOME}review/")
    torn.click(application.title, role="link")
    torn.tick("kind", "family")
    torn.put(words="My sister leads it.")
    torn.press("Go on")
    for page in (f"{HOME}review/", f"{STAFF}applications/?q=odessa", RANKING, f"{STAFF}reviews/", STAFF):
        torn.go(page)
        assert application.reference not in torn.page.inner_text("main"), page
    assert torn.status_of(f"{STAFF}applications/{application.pk}/") == 403


def decide(cast: Cast, application: Application, other: Application) -> None:
    """Award less than was asked for; decline the other, in words that its applicant reads."""
    manager = cast.manager
    offer(manager, application, "450")
    manager.sees("less than asked")
    manager.press_twice("Yes, award 1")
    manager.sees("1 award offered.")
    tick_row(manager, other)
    manager.press("Decline ticked…")
    manager.put(reason=REASON)
    manager.press("Yes, decline 1")
    manager.go(f"{STAFF}awards/list/")
    assert "$450" in read_mail(manager, "odessa@example.org", "offers")


def speak_english(resident: Visitor) -> None:
    """Spanish was her choice before: pages and letters follow the account."""
    resident.go("/me/account/")
    resident.page.locator("label[for=id_language_0]").click()
    resident.page.locator("form", has=resident.page.locator("#id_language_0")).locator(
        "[type=submit]"
    ).click()
    resident.page.wait_for_load_state()
    resident.go("/me/account/")
    resident.sees("Save")


def answer(cast: Cast, other: Application) -> None:
    resident, neighbor = cast.resident, cast.neighbor
    neighbor.go(f"{HOME}apply/{other.pk}/")
    neighbor.sees(REASON)

    resident.go("/me/")
    resident.sees("The city offers you a grant")
    resident.page.locator("main a[href*='/apply/']").first.click()
    resident.page.wait_for_load_state()
    resident.look()
    resident.click("Read the offer and answer", role="link")
    resident.put(payee_name="Tilden Street Neighbors")
    resident.tick("agrees")
    resident.press_twice("Yes, I accept")
    resident.sees("You said yes")
