"""The same story over the API with the pages' own session: the Center, the manager, a resident, the desk."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from cities.access.models import Role
from cities.outbox.models import Message
from cities.outbox.sealing import open_body
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.cycles.models import Cycle
from grants.cycles.questions import Kind, visible_keys
from tests.factories import UserFactory, make_officer
from tests.grants.applications.uploads.making import picture, sent
from tests.grants.cycles.samples import sample_answers, unseen_call
from tests.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)

CITY = "/api/v1/cities/marlow-falls/"


class Caller:
    """A person's session, speaking JSON."""

    def __init__(self, user: Any, *, second_factor: bool = True) -> None:
        self.client = sign_in(Client(), user, second_factor=second_factor)

    def ask(self, method: str, path: str, body: Any = None, *, expect: int = 200) -> Any:
        answer = self.client.generic(method, path, self._json(body), content_type="application/json")
        assert answer.status_code == expect, (method, path, answer.status_code, answer.content[:500])
        return answer.json() if answer.content else None

    @staticmethod
    def _json(body: Any) -> str:
        import json

        return "" if body is None else json.dumps(body)


def test_the_story_over_the_api():
    officer = Caller(make_officer(Role.OFFICER))
    cohort = officer.ask("POST", "/api/v1/center/cohorts/", {"name": "2024–26"}, expect=201)
    officer.ask(
        "POST",
        "/api/v1/center/cities/",
        {"name": "Marlow Falls", "slug": "marlow-falls", "region": "OH", "languages": ["en", "es"], "cohort": cohort["id"],
         "manager_email": "mayor@marlow.example", "manager_name": "Maya Lind"},
        expect=201,
    )  # fmt: skip
    city = City.objects.get(slug="marlow-falls")

    manager = Caller(join(city, "mayor@marlow.example"))
    now = timezone.now()
    call = unseen_call(cycle={"opens_at": None, "closes_at": None, "pool": None})
    cycle = manager.ask("POST", f"{CITY}cycles/", {"call": call}, expect=201)
    refused = manager.ask("POST", f"{CITY}cycles/{cycle['id']}/publish/", {}, expect=422)
    assert len(refused["missing"]) == 3
    manager.ask(
        "PATCH",
        f"{CITY}cycles/{cycle['id']}/",
        {"opens_at": (now - timedelta(days=1)).isoformat(), "closes_at": (now + timedelta(days=5)).isoformat(), "decision_on": None,
         "project_starts_on": None, "project_ends_on": None, "planned_pool_cents": 2_400_000},
    )  # fmt: skip
    manager.ask("POST", f"{CITY}cycles/{cycle['id']}/publish/", {})

    resident = Caller(UserFactory(email="odessa@example.org", name="Odessa Rhee"), second_factor=False)
    reference = apply(resident, city)
    assert re.fullmatch(r"MAR-\d{4}-0001", reference)

    (row,) = manager.ask("GET", f"{CITY}desk/applications/")["results"]
    assert row["reference"] == reference
    path = f"{CITY}desk/applications/{row['id']}/"
    dossier = manager.ask("GET", path)
    manager.ask("POST", f"{path}notes/", {"text": "Called her, all is clear."}, expect=201)
    manager.ask("POST", f"{path}screening/", {"decision": "eligible", "seen": dossier["seen"]})

    (mine,) = resident.ask("GET", "/api/v1/me/applications/")
    assert (mine["reference"], mine["status"]) == (reference, "eligible")
    with city_scope(city):
        kinds = set(Message.objects.values_list("kind", flat=True))
    assert {"invitation", "application-submitted", "application-screened"} <= kinds


def join(city: City, address: str) -> Any:
    """Open the invitation that was mailed, as the person whose address it went to."""
    with city_scope(city):
        letter = Message.objects.get(kind="invitation", address=address)
    person = UserFactory(email=address)
    client = sign_in(Client(), person, second_factor=False)
    accepted = client.post(open_body(letter.sealed_body))
    assert accepted.status_code == 302
    return person


def apply(resident: Caller, city: City) -> str:
    with city_scope(city):
        cycle = Cycle.objects.get()
        form = cycle.forms.get(is_applied_with=True).form
    home = f"{CITY}applications/"
    path = f"{home}{resident.ask('POST', home, {'call': cycle.slug}, expect=201)['id']}/"
    answers = sample_answers(form)
    for question in (q for q in form.questions if q.key in visible_keys(form, answers)):
        if question.type is Kind.FILE:
            for _needed in answers[question.key]:
                added = resident.client.post(f"{path}files/", {"question": question.key, "file": sent(picture())})
                assert added.status_code == 201
        else:
            value = answers[question.key]
            if question.type in {Kind.TABLE, Kind.PEOPLE}:
                value = [{key: cell for key, cell in row.items() if not _holds_files(question, key)} for row in value]
            resident.ask("PUT", f"{path}answers/{question.key}/", {"value": value, "version": 0})
        if question.type in {Kind.TABLE, Kind.PEOPLE}:
            _add_files_of_rows(resident, path, question, answers[question.key])
    done = resident.ask("POST", f"{path}submission/", {"declaration": True})
    again = resident.ask("POST", f"{path}submission/", {"declaration": True})
    assert done["application"]["reference"] == again["application"]["reference"] if "application" in done else True
    return (done.get("application") or done)["reference"]


def _holds_files(question: Any, column: str) -> bool:
    return any(c.key == column and c.type is Kind.FILE for c in question.columns)


def _add_files_of_rows(resident: Caller, path: str, question: Any, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        for column in (c.key for c in question.columns if c.type is Kind.FILE):
            told = {"question": question.key, "file": sent(picture()), "row": row["_id"], "column": column}
            assert resident.client.post(f"{path}files/", told).status_code == 201
