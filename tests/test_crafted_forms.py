"""Whoever changes an id inside a form reads a sentence made for people, never one made for programmers."""

import re
from html.parser import HTMLParser

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
def test_an_id_that_is_none_is_answered_in_words_for_people(person):
    world = make_world("Theirs")
    client = sign_in(Client(raise_request_exception=False), world.people[person])

    def ask(method, path, sent=None):
        with transaction.atomic():
            answer = getattr(client, method)(path, sent)
            transaction.set_rollback(True)
        return answer

    asked, broken = 0, []
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
                answer = ask(method, action, sent | {name: "x"})
                asked += 1
                if answer.status_code >= 500 or "UUID" in answer.text:
                    broken.append(f"{route.name}: {name}")

    assert asked
    assert broken == []
