"""Whoever changes an id inside a form, also to another city's, reads a sentence made for people and learns nothing."""

import re
from collections import Counter
from html.parser import HTMLParser
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from tests.audiences import AUDIENCES, SKIPPED, arguments, make_world
from tests.people import sign_in
from tests.routes import all_routes
from tests.test_rights import fill

pytestmark = pytest.mark.django_db

ID = re.compile(r"^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$")


class Forms(HTMLParser):
    """The forms of a page: how and where they go, and one value of each of their fields, an id where there is one."""

    def __init__(self, path, text):
        super().__init__()
        self.path, self.found, self.select = path, [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        if tag == "form":
            self.found.append((told.get("method", "get").lower(), told.get("action") or self.path, {}))
        elif tag == "select":
            self.select = told.get("name")
        elif self.found and (name := self.select if tag == "option" else told.get("name")):
            sent = self.found[-1][2]
            if not ID.match(sent.get(name, "")):
                sent[name] = told.get("value") or ""


@pytest.mark.parametrize("person", ["applicant", "manager", "finance", "officer"])
def test_a_changed_id_is_answered_in_words_for_people(person):
    world = make_world("Canary of another city")
    theirs = {str(world.own[kind]): str(row) for kind, row in world.foreign.items()}
    # The Center sees every city.
    forbidden = ("UUID",) if person == "officer" else ("UUID", "Canary")
    somebody = str(world.people["foreign manager"].pk)
    client = sign_in(Client(raise_request_exception=False), world.people[person])

    def ask(method, path, sent=None):
        with transaction.atomic():
            answer = getattr(client, method)(path, sent)
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
                for wrong in ("x", theirs.get(str(UUID(sent[name])), somebody)):
                    answer = ask(method, action, sent | {name: wrong})
                    asked[wrong == "x"] += 1
                    if answer.status_code >= 500 or any(words in answer.text for words in forbidden):
                        broken.append(f"{route.name}: {name}={wrong}")

    assert min(asked.values()) > 0
    assert broken == []
