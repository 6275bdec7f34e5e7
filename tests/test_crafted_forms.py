"""Whoever changes an id inside a form, also to another city's, reads a sentence made for people and learns nothing."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import urljoin
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from cities.audit.models import Event
from cities.tenancy.scopes import center_scope
from tests.audiences import AUDIENCES, SKIPPED, arguments, make_world
from tests.people import sign_in
from tests.routes import all_routes
from tests.test_rights import fill

pytestmark = pytest.mark.usefixtures("own_rows")

ID = re.compile(r"^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$")


TYPED = {"text": "1", "number": "1", "textarea": "1", "date": "2026-01-02"}
"""What somebody types into a field that is empty, so that nothing else is wrong with the form."""


class Forms(HTMLParser):
    """The forms of a page: how and where they go, and one value of each of their fields, an id where there is one.

    A form with buttons that send it elsewhere is there once for each.
    """

    def __init__(self, path, text):
        super().__init__()
        self.path, self.forms, self.fields = path, {}, []
        self.inside, self.select = None, (None, None)
        self.feed(text)
        for form, told in self.fields:
            if form in self.forms:
                self._fill(*self.forms[form], told)
        self.found = [
            (method, urljoin(path, action), sent | pressed)
            for method, sent, ways in self.forms.values()
            for action, pressed in ways
        ]

    def _fill(self, _method, sent, ways, told):
        name, value = told.get("name"), told.get("value") or TYPED.get(told.get("type"), "")
        if "formaction" in told:
            ways.append((told["formaction"], {name: value} if name else {}))
        elif name and not ID.match(sent.get(name, "")):
            sent[name] = value

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "form":
            self.inside = told.get("id", len(self.forms))
            self.forms[self.inside] = (
                told.get("method", "get").lower(), {}, [(told.get("action") or self.path, {})]
            )  # fmt: skip
        elif tag == "select":
            self.select = (told.get("form", self.inside), told.get("name"))
        elif tag == "option":
            form, name = self.select
            self.fields.append((form, told | {"name": name}))
        else:
            self.fields.append((told.get("form", self.inside), {"type": tag} | told))

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None


@pytest.fixture(scope="module")
def world(module_rows):
    return make_world("Canary of another city")


@pytest.mark.parametrize("person", ["manager", "finance", "officer"])
def test_a_changed_id_is_answered_in_words_for_people(world, person):
    """Nothing is done with it either. Only ``key``, which names a try and no row, may be any."""
    theirs = {str(world.own[kind]): str(row) for kind, row in world.foreign.items()}
    # The Center sees every city.
    forbidden = ("UUID",) if person == "officer" else ("UUID", "Canary")
    somebody = str(world.people["foreign manager"].pk)
    client = sign_in(Client(raise_request_exception=False), world.people[person])

    def deeds():
        with center_scope(world.people["officer"]):
            return Event.objects.count()

    def ask(method, path, sent=None):
        with transaction.atomic():
            before = deeds()
            answer = getattr(client, method)(path, sent)
            answer.is_done = deeds() > before
            transaction.set_rollback(True)
        return answer

    asked, broken = Counter(), []
    for route in all_routes():
        rights = AUDIENCES.get(route.name, lambda _method: ())
        if route.name in SKIPPED or route.is_api or person not in rights("GET"):
            continue
        path = "/" + fill(route.path, arguments(route, world.own, world))
        page = ask("get", path)
        if page.status_code != 200 or not page["Content-Type"].startswith("text/html"):
            continue
        for method, action, sent in Forms(path, page.text).found:
            for name in (name for name, value in sent.items() if ID.match(value)):
                names_row = name != "key"
                asked["as it was, and done"] += names_row and ask(method, action, sent).is_done
                for wrong in ("x", theirs.get(str(UUID(sent[name])), somebody)):
                    answer = ask(method, action, sent | {name: wrong})
                    asked[wrong == "x"] += names_row
                    is_taken = names_row and answer.is_done
                    if (
                        is_taken
                        or answer.status_code >= 500
                        or any(words in answer.text for words in forbidden)
                    ):
                        broken.append(f"{route.name}: {name}={wrong} → {answer.status_code}")

    assert min(asked.values()) > 0
    assert broken == []
