"""What people wrote is text on every page that shows it, never a part of the page."""

import pytest
from django.db import transaction
from django.test import Client
from django.utils.html import escape

from tests.audiences import AUDIENCES, SKIPPED, arguments, make_world
from tests.inline import inline_parts
from tests.people import sign_in
from tests.routes import all_routes
from tests.test_rights import fill

pytestmark = pytest.mark.django_db

WRITTEN = "\"'><img src=x onerror=alert(1)>"


@pytest.mark.parametrize(
    ("person", "as_a", "pages"), [("foreign manager", "manager", 30), ("officer", "officer", 5)]
)
def test_what_people_wrote_is_shown_and_does_nothing(person, as_a, pages):
    """The foreign city's every name, title, note, reason and word is ``WRITTEN``; read it at its own desk."""
    world = make_world(WRITTEN)
    client = sign_in(Client(raise_request_exception=False), world.people[person])

    shown, live = 0, []
    for route in all_routes():
        rights = AUDIENCES.get(route.name, lambda _method: ())
        if route.name in SKIPPED or route.is_api or as_a not in rights("GET"):
            continue
        path = "/" + fill(route.path, arguments(route, world.foreign, world))
        with transaction.atomic():
            page = client.get(path)
            transaction.set_rollback(True)
        if page.streaming or not page["Content-Type"].startswith("text/html"):
            continue
        shown += escape(WRITTEN) in page.text
        if WRITTEN in page.text or inline_parts(page.text):
            live.append(path)

    assert live == []
    assert shown >= pages
