"""Projects in a real browser: no page that axe finds fault with, none wider than a phone, and the queue by keyboard."""

import pytest

from cities.access.models import Role
from cities.places.models import Area
from cities.tenancy.scopes import city_scope
from projects.delivery.models import Project, Update
from projects.delivery.states import UpdateStatus
from tests.browser import AXE
from tests.factories import make_city, make_member
from tests.grants.applications.uploads.making import picture
from tests.people import sign_in

from .factories import make_project, make_update, yesterday

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SQUARE = {"type": "Polygon", "coordinates": [[[-76.6, 39.2], [-76.5, 39.2], [-76.5, 39.3], [-76.6, 39.2]]]}
WIDTHS = (320, 1280)


@pytest.fixture
def block(chromium, live_server, client):
    """A city with a project of each kind, and a way to open pages as somebody."""
    city = make_city("tilden", name="Tilden", contact_phone="312 555 0100")
    staff = make_member(city, Role.STAFF, name="Sol")
    with city_scope(city):
        Area.objects.create(name="Eastside", geometry=SQUARE)
        project = make_project(title="Corner garden", neighborhood="Eastside", place_at=(39.25, -76.55))
        for status in (UpdateStatus.PUBLISHED, UpdateStatus.WAITING, UpdateStatus.HIDDEN):
            make_update(project, status, photos=2)
        make_update(make_project(title="Mural"), text="A first sketch.")
    contexts = []

    def visit(person, width=1280):
        sign_in(client, person)
        context = chromium.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
        context.add_cookies([cookie])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        return page

    yield {"city": city, "staff": staff, "project": project, "visit": visit, "url": live_server.url}
    for context in contexts:
        context.close()


def faults(page):
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]]


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(block, width):
    key = block["project"].pk
    for person, paths in (
        (block["project"].lead, ["/projects/", f"/projects/{key}/", f"/projects/{key}/updates/new/"]),
        (block["staff"], ["/staff/projects/", "/staff/projects/all/", f"/staff/projects/{key}/", "/staff/"]),
        (block["staff"], [f"/staff/projects/{key}/page/", f"/staff/projects/{key}/hide/"]),
    ):
        page = block["visit"](person, width)
        for path in paths:
            page.goto(f"{block['url']}/tilden{path}")
            assert faults(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_a_form_with_photos_waits_for_its_answer_however_long_it_takes(block):
    phone = block["visit"](block["project"].lead, 360)
    phone.clock.install()
    phone.goto(f"{block['url']}/tilden/projects/{block['project'].pk}/updates/new/")
    phone.evaluate("addEventListener('submit', (event) => event.preventDefault())")  # the answer never comes
    button, busy = phone.get_by_role("button", name="Send this update"), phone.locator("form[aria-busy=true]")
    photo = {"name": "bench.png", "mimeType": "image/png", "buffer": picture("PNG")}

    def is_busy_after(seconds):
        button.click()
        phone.clock.fast_forward(seconds * 1000)
        return busy.count() == 1

    assert is_busy_after(7)
    phone.clock.fast_forward(2000)
    assert busy.count() == 0
    phone.get_by_label("Photo 1", exact=True).set_input_files(photo)
    assert is_busy_after(600)
    phone.evaluate("dispatchEvent(new Event('pageshow'))")
    assert busy.count() == 0


def test_photos_that_are_too_large_together_are_not_sent(block):
    phone = block["visit"](block["project"].lead, 360)
    phone.goto(f"{block['url']}/tilden/projects/{block['project'].pk}/updates/new/")
    assert phone.get_by_text("up to 90 MB").is_visible()
    phone.evaluate("document.querySelector('[data-most-bytes]').dataset.mostBytes = 10")
    photo = {"name": "bench.png", "mimeType": "image/png", "buffer": picture("PNG")}
    phone.get_by_label("Photo 1", exact=True).set_input_files(photo)
    send, note = phone.get_by_role("button", name="Send this update"), phone.get_by_text("too large to send")

    send.click()
    note.wait_for()
    assert faults(phone) == []
    phone.get_by_label("Photo 1", exact=True).set_input_files([])
    send.click()

    phone.get_by_text("Please look at this again").wait_for()


def test_an_update_is_told_on_a_phone_and_published_by_keyboard(block):
    key, words = block["project"].pk, "The bench is painted."
    phone = block["visit"](block["project"].lead, 360)
    phone.goto(f"{block['url']}/tilden/projects/{key}/")
    phone.get_by_role("link", name="Add an update").click()
    phone.get_by_label("What happened?").fill(words)
    phone.get_by_label("On which day?").fill(yesterday().isoformat())
    photo = {"name": "bench.png", "mimeType": "image/png", "buffer": picture("PNG")}
    phone.get_by_label("Photo 1", exact=True).set_input_files(photo)
    phone.get_by_label("What does photo 1 show?").fill("A red bench")
    phone.get_by_role("button", name="Send this update").click()
    phone.get_by_text("Thank you. The city looks at it").wait_for()
    with city_scope(block["city"]):
        told = Update.objects.get(text=words)
        order = [row.pk for row in Update.objects.filter(status="waiting").order_by("created_at")]

    desk = block["visit"](block["staff"])
    desk.goto(f"{block['url']}/tilden/staff/projects/")
    for _ in range(order.index(told.pk) + 1):
        desk.keyboard.press("j")
    row = desk.locator("tr.is-at")
    assert words in row.inner_text()
    row.get_by_role("button", name="Publish").press("Enter")
    desk.get_by_text("Published. The author is told.").wait_for()

    with city_scope(block["city"]):
        told.refresh_from_db()
        assert told.status == UpdateStatus.PUBLISHED
        assert Project.objects.get(pk=key).update_count == 2
