"""The same story over the API, with tokens alone or with the pages' own session: the Center, the city, residents, and
the Center again.
"""

import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.utils import timezone

from cities.access.models import Role
from cities.outbox.models import Message
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from tests.factories import UserFactory, make_officer
from tests.grants.cycles.samples import unseen_call
from tests.objects import fetch
from tests.story import api_auditing, api_deciding, api_paying
from tests.story.applying import apply
from tests.story.calling import CENTER, CITY, Caller, Machine, hire, hire_auditor, join, links

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("person", [Machine, pytest.param(Caller, marks=pytest.mark.prove)])
def test_the_story_over_the_api(person):
    tell_the_story(person)


@pytest.mark.prove
def test_the_story_on_a_real_s3_with_tokens_alone(s3, endpoint):
    links.clear()

    tell_the_story(Machine)

    assert len(links) >= 8
    for link in set(links):
        assert_private(link, endpoint)
    assert {"inline", "attachment"} == {disposition(link).split(";")[0] for link in links}


def assert_private(link: str, endpoint: str) -> None:
    """A minute at most; nothing without the signature, with another one, or for another file."""
    parts = urlsplit(link)
    query = dict(parse_qsl(parts.query))
    assert link.startswith(endpoint)
    assert int(query["X-Amz-Expires"]) <= 60
    bare = f"{parts.scheme}://{parts.netloc}{parts.path}"
    signature = query["X-Amz-Signature"]
    other = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    longer = link.replace("X-Amz-Expires=60", "X-Amz-Expires=600")
    assert longer != link
    for wrong in (bare, link.replace(signature, other), longer, link.replace(parts.path, f"{parts.path}x")):
        assert fetch(wrong)[0] in {400, 401, 403}, wrong


def disposition(link: str) -> str:
    return dict(parse_qsl(urlsplit(link).query))["response-content-disposition"]


def tell_the_story(person: type[Caller]) -> None:
    officer = person(make_officer(Role.OFFICER))
    city = found_a_city(officer)
    manager = person(join(city, "mayor@marlow.example", "Maya Lind"))
    cycle = open_a_call(manager)

    resident = person(UserFactory(email="odessa@example.org", name="Odessa Rhee"), second_factor=False)
    neighbor = person(UserFactory(email="javier@example.org", name="Javier Morales"), second_factor=False)
    application = screen(manager, apply(resident, city), number=1)
    other = screen(manager, apply(neighbor, city), number=2)
    assert [one["status"] for one in resident.ask("GET", "/api/v1/me/applications/")] == ["eligible"]
    with city_scope(city):
        kinds = set(Message.objects.values_list("kind", flat=True))
    assert {"invitation", "application-submitted", "application-screened"} <= kinds

    finance = hire(manager, city, "fay@marlow.example", "Fay Quint", "finance", "approver")
    approver = hire(manager, city, "ada@marlow.example", "Ada Boone", "approver")
    treasurer = hire(manager, city, "rex@marlow.example", "Rex Hale", "finance")
    outsider = hire(manager, city, "rita@example.org", "Rita Moss", "reviewer")
    torn = hire(manager, city, "stan@marlow.example", "Stan Rhee", "staff")

    api_deciding.bring_the_money(officer, finance, manager, cycle=cycle, application=application)
    api_deciding.review(manager, outsider, torn, application=application)
    award = api_deciding.decide(manager, city, application=application, other=other)
    api_deciding.answer(resident, neighbor, award)

    api_paying.tell_the_block(resident, manager, award)
    payment = api_paying.disburse(finance, approver, treasurer, resident, award)
    receipt = api_paying.prove(resident, finance, award)
    auditor = hire_auditor(officer, "alma@center.example", "Alma Prior")
    api_auditing.follow_the_money(auditor, manager, payment=payment, receipt=receipt)
    api_auditing.export(auditor)
    api_auditing.read_the_papers(manager, resident, torn, city, cycle=cycle, award=award)
    api_paying.close(resident, finance, manager, award)
    api_auditing.no_letters(city, torn)
    api_auditing.verify()


def found_a_city(officer: Caller) -> City:
    cohort = officer.ask("POST", f"{CENTER}cohorts/", {"name": "2024–26"}, expect=201)
    officer.ask(
        "POST",
        f"{CENTER}cities/",
        {"name": "Marlow Falls", "slug": "marlow-falls", "region": "OH", "languages": ["en", "es"], "cohort": cohort["id"],
         "manager_email": "mayor@marlow.example", "manager_name": "Maya Lind"},
        expect=201,
    )  # fmt: skip
    return City.objects.get(slug="marlow-falls")


def open_a_call(manager: Caller) -> str:
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
    return cycle["id"]


def screen(manager: Caller, reference: str, *, number: int) -> str:
    """Find the application at the desk and pass it on to review; return its id."""
    assert re.fullmatch(rf"MAR-\d{{4}}-000{number}", reference)
    (row,) = (
        r for r in manager.ask("GET", f"{CITY}desk/applications/")["results"] if r["reference"] == reference
    )
    path = f"{CITY}desk/applications/{row['id']}/"
    dossier = manager.ask("GET", path)
    manager.ask("POST", f"{path}notes/", {"text": "Called, all is clear."}, expect=201)
    manager.ask("POST", f"{path}screening/", {"decision": "eligible", "seen": dossier["seen"]})
    return row["id"]
