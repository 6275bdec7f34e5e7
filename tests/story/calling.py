"""People with a session of their own who speak JSON, and how they come to the city."""

import json
import re
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.test import Client

from cities.machines.queries import places_of
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.models import City, new_id
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.factories import UserFactory
from tests.objects import fetch
from tests.people import sign_in

CITY = "/api/v1/cities/marlow-falls/"
CENTER = "/api/v1/center/"


links: list[str] = []
"""Addresses at the storage that pages led to, where files don't lie on this machine's disk."""


def open_file(client: Client, path: str) -> tuple[int, bytes]:
    """Open a file as a program does: follow the link to the storage, and take nothing else along."""
    answer = client.get(path)
    if answer.status_code == HTTPStatus.FOUND and answer["Location"].startswith("http"):
        links.append(answer["Location"])
        status, _headers, content = fetch(answer["Location"])
        return status, content
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return answer.status_code, content


class Caller:
    """A person's session, speaking JSON."""

    def __init__(self, user: Any, *, second_factor: bool = True) -> None:
        self.user = user
        self.client = sign_in(Client(), user, second_factor=second_factor)

    def ask(self, method: str, path: str, body: Any = None, *, expect: int = 200, **headers: Any) -> Any:
        answer = self.client.generic(
            method,
            path,
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers=headers,
        )
        assert answer.status_code == expect, (method, path, answer.status_code, answer.content[:500])
        return answer.json() if answer.content else None

    def pay(self, path: str, body: Any = None, *, expect: int = 200, again: bool = True) -> Any:
        """Send a money call twice under one key: the second answer is the first one's."""
        key = {"Idempotency-Key": str(new_id())}
        first = self.ask("POST", path, body, expect=expect, **key)
        if again:
            assert self.ask("POST", path, body, expect=expect, **key) == first
        return first

    def look(self, path: str, *, expect: int = 200) -> Any:
        """Open a file; return what is in it."""
        status, content = open_file(self.client, path)
        assert status == expect, (path, status, content[:300])
        return content


class Machine(Caller):
    """The same with a token alone: its holder made it on their page, for where they work, and closed the browser."""

    def __init__(self, user: Any, *, second_factor: bool = True) -> None:
        super().__init__(user, second_factor=second_factor)
        places = places_of(user)
        told = {
            "name": "Story",
            "scope": "write",
            "days": "30",
            "place": str(places[0].pk) if places else "me",
        }
        page = self.client.post("/me/account/tokens/new/", told)
        (secret,) = set(re.findall(r"lyb_\w{49}", page.content.decode()))
        self.client = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"})


def join(place: City | UUID, address: str, name: str = "") -> Any:
    """Open the invitation that was mailed, as the person whose address it went to."""
    with city_scope(place):
        letter = Message.objects.filter(kind="invitation", address=address).latest("created_at")
    person = UserFactory(email=address, **({"name": name} if name else {}))
    client = sign_in(Client(), person, second_factor=False)
    accepted = client.post(open_body(letter.sealed_body))
    assert accepted.status_code == 302
    return person


def hire(manager: Caller, city: City, address: str, name: str, *roles: str) -> Caller:
    """Let the manager invite somebody, who accepts."""
    told = {"email": address, "name": name, "roles": list(roles)}
    manager.ask("POST", f"{CITY}invitations/", told, expect=201)
    return type(manager)(join(city, address, name))


def hire_auditor(officer: Caller, address: str, name: str) -> Caller:
    told = {"email": address, "name": name, "roles": ["auditor"]}
    officer.ask("POST", f"{CENTER}people/invitations/", told, expect=201)
    return type(officer)(join(CENTER_ID, address, name))
