"""In the browser: the project is told about, three people pay, receipts prove it, the award ends."""

from datetime import timedelta

from grants.awards.models import Award
from tests.days import today
from tests.grants.applications.uploads.making import picture
from tests.story.cast import HOME, STAFF, Cast
from tests.story.visitor import Visitor


def tell_the_block(cast: Cast, award: Award) -> None:
    """The resident tells, the city publishes, everybody reads."""
    resident, manager, anybody = cast.resident, cast.manager, cast.anybody
    anybody.go(f"{HOME}projects/")
    assert award.title not in anybody.page.inner_text("main")
    resident.go(f"{HOME}projects/of/{award.pk}/")
    resident.click("Add an update", role="link")
    resident.put(text="The lot is clear.", happened_on=today().isoformat(), alt_1="An empty lot, swept")
    put_photo(resident, "photo_1", color="olive")
    resident.press("Send this update")
    resident.sees("Only you and the city see these")

    manager.go(f"{STAFF}projects/")
    manager.sees("The lot is clear.")
    manager.press("Publish")

    anybody.go(f"{HOME}projects/")
    anybody.click(award.title, role="link")
    anybody.sees("The lot is clear.")
    assert anybody.page.get_by_alt_text("An empty lot, swept").count() == 1


def disburse(cast: Cast, award: Award) -> str:
    """One asks, a second approves, a third records; return the payment's page."""
    finance, approver, treasurer = cast.finance, cast.approver, cast.treasurer
    finance.go(f"{STAFF}payments/new/?award={award.pk}")
    finance.put(amount_cents="300", payee_name="Tilden Street Neighbors", purpose="First part")
    finance.page.locator("[name=method]").select_option("check")
    finance.press_twice("Request this payment")
    page = finance.path
    finance.sees("You requested this payment. Somebody else has to approve it.")
    assert finance.page.get_by_role("button", name="Approve").count() == 0
    assert finance.status_of(f"{page}approve/", {"key": "mine"}) == 422

    approver.go(f"{STAFF}payments/")
    approver.go(page)
    approver.press_twice("Approve")
    treasurer.go(page)
    treasurer.put(paid_on=today().isoformat(), voucher_number="CHK-1001")
    treasurer.press_twice("Record as paid")
    for name in ("Fay Quint", "Ada Boone", "Rex Hale"):
        treasurer.sees(name)
    return page


def prove(cast: Cast, award: Award) -> None:
    """A photographed receipt is accepted in part, in cents; the resident reads why and what is left."""
    resident, finance = cast.resident, cast.finance
    add_receipt(resident, award, "180.00", color="khaki")
    finance.go(f"{STAFF}receipts/")
    finance.click("Hill Hardware", role="link")
    finance.page.get_by_text("Accept a part", exact=True).click()
    part = finance.page.locator("form", has=finance.page.get_by_role("button", name="Accept this part"))
    part.locator("[name=accepted_cents]").fill("162.37")
    part.locator("[name=reason]").fill("The snacks are not in the budget.")
    finance.press_twice("Accept this part")

    resident.go(f"{HOME}awards/{award.pk}/")
    for words in ("$162.37", "The snacks are not in the budget.", "$287.63", "$137.63"):
        resident.sees(words)


def add_receipt(resident: Visitor, award: Award, amount: str, *, color: str) -> None:
    resident.go(f"{HOME}awards/{award.pk}/")
    resident.click("Add a receipt", role="link")
    put_photo(resident, "photo", color=color)
    bought_on = (today() - timedelta(days=1)).isoformat()
    resident.put(vendor="Hill Hardware", bought_on=bought_on, amount_cents=amount, what="Lumber")
    resident.press("Send this receipt")
    resident.sees("Hill Hardware")


def put_photo(visitor: Visitor, name: str, *, color: str) -> None:
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(640, 480), color=color)}
    visitor.page.locator(f"[name={name}]").set_input_files(photo)


def close(cast: Cast, award: Award) -> None:
    """What is paid is proved, so the award ends; what was never paid goes back to the call."""
    resident, finance, manager = cast.resident, cast.finance, cast.manager
    money = f"{STAFF}payments/awards/{award.pk}/"
    manager.go(f"{money}complete/")
    manager.sees("$137.63 was paid and isn’t proved.")
    add_receipt(resident, award, "137.63", color="gold")
    finance.go(f"{STAFF}receipts/")
    finance.click("Hill Hardware", role="link")
    finance.press_twice("Accept all of it")
    manager.go(money)
    manager.click("Complete the award", role="link")
    manager.sees("$150.00")
    manager.press_twice("Yes, complete it")

    resident.go(f"{HOME}awards/{award.pk}/")
    resident.sees("Your grant is complete.")
    resident.go("/me/")
    resident.sees("All done")
