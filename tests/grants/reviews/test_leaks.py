"""An outside reviewer and a conflicted person try every route of the city: nothing comes out that isn't theirs."""

import re
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from django.utils import timezone

from cities.access.models import Role
from cities.audit import trail
from cities.documents.models import Document
from cities.tenancy.scopes import city_scope
from grants.applications.models import Answer, Attachment, Conflict, Note
from grants.applications.uploads.keeping import thumbnail_key
from grants.payments.actions import record_return
from projects.delivery.actions import open_project
from tests.audiences import PK, body_for, make_document
from tests.factories import UserFactory, make_member
from tests.grants.payments.factories import make_award, paid, receipt_of, requested, yesterday
from tests.people import sign_in
from tests.projects.delivery.factories import make_update
from tests.routes import Route, all_routes

pytestmark = pytest.mark.django_db
CANARY = "CANARY-THAT-IS-NOT-THEIRS"
THEIRS = "SUNFLOWER-THAT-IS-THEIRS"
QUERIES = (
    "?q=CANARY",
    "?q=SUNFLOWER",
    "?sort=title",
    "?sort=-amount",
    "?reviews=waiting",
    "?status=eligible",
)


def plant(panel, word: str) -> dict[str, Any]:
    """An application full of ``word``, with a file, a note, a review by somebody and a history."""
    application = panel.application(
        title=word, group_name=word, applicant_name=word, neighborhood=word, category=word, place=word,
        latitude=39.2, longitude=-76.6, applicant=UserFactory(name=word),
    )  # fmt: skip
    with city_scope(panel.city):
        Answer.objects.create(
            application=application,
            question="description",
            version=1,
            value=word,
            written_by=application.applicant,
        )
        key = default_storage.save(f"attachments/{application.pk.hex}", ContentFile(word.encode()))
        file = Attachment.objects.create(
            application=application, question="photos", file=key, name=f"{word}.jpg", content_type="image/jpeg",
            width=1, height=1, size_bytes=1, sha256="0" * 64, uploaded_by=application.applicant,
        )  # fmt: skip
        default_storage.save(thumbnail_key(key), ContentFile(word.encode()))
        trail.record("application:mark-eligible", actor=panel.staff, subject=application, reason=word)
        Note.objects.create(application=application, author=panel.staff, text=f"{word} note")
        conflict = Conflict.objects.create(
            application=application,
            person=UserFactory(name=word),
            kind="other",
            declared_by=panel.staff,
            words=word,
        )
    somebody = make_member(panel.city, Role.STAFF, name="Somebody Else")
    review = panel.review(application, somebody, sent=True, comment=word)
    with city_scope(panel.city):
        trio = [UserFactory() for _ in range(3)]
        award = make_award(application=application, payee_name=word)
        paid(award, trio, 100, payee_name=word, purpose=word)
        payment = requested(award, trio[0], payee_name=word, purpose=word)
        receipt = receipt_of(award, vendor=word, what=word, word=word)
        returned = record_return(
            award.pk, amount_cents=1, returned_on=yesterday(), reference=word, reason=word, actor=trio[0]
        )
        project = open_project(award, actor=application.applicant)
        update = make_update(project, photos=1, text=word)
        photo = update.photos.get()
        report = make_document(somebody, "cycle-report", word)
        Document.objects.filter(pk=report.pk).update(started_at=timezone.now())
    return {
        "application": application.pk, "reviewed": application.pk, "file": file.pk, "review": review.pk,
        "conflict": conflict.pk, "cycle": panel.form.cycle.pk, "award": award.pk, "disbursement": payment.pk,
        "receipt": receipt.pk, "return": returned.pk, "project": project.pk, "update": update.pk,
        "photo": photo.pk, "document": report.pk,
    }  # fmt: skip


ABOUT_SOMETHING_ELSE = {
    "cities:api-member-detail", "cities:api-member-work", "cities:member-change", "cities:member-end", "cities:member-reset-ask",
    "cities:api-invitation-detail", "cities:invitation-withdraw", "cities:api-reset-answer", "cities:factor-reset-answer",
    "grants:deputy-end", "grants:api-deputy-detail", "grants:money-grant-accept", "grants:api-money-grant-accept",
    "grants:money-tranche-confirm", "grants:api-money-tranche-confirm",
}  # fmt: skip
"""Routes about a person of the city, or about its money with the Center."""


def routes() -> list[Route]:
    """Every route of one city, the API's too."""
    return [route for route in all_routes() if "<slug:city>" in route.path]


def path_of(route: Route, ids: dict[str, Any]) -> str | None:
    """Fill a route with what was planted; ``None`` if it speaks of something else (a team member, a letter)."""
    name = route.name.split(":")[-1]
    kind = next((kind for pattern, kind in PK if re.search(pattern, name)), "application")
    values = {
        "city": "baltimore", "pk": ids.get(kind), "slug": "spring", "section": "about", "question": "your_name",
        "file": ids["file"], "key": "about", "application": ids["application"], "award": ids["award"],
    }  # fmt: skip
    named = re.findall(r"<(?:\w+:)?(\w+)>", route.path)
    if any(values.get(one) is None for one in named):
        return None
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route.path)


def bodies(client: Client, route: Route, path: str) -> list[tuple[str, str]]:
    """Ask with each method, and lists in different orders; what was written is rolled back."""
    found = []
    asked = [(method, "") for method in route.methods]
    for method, query in asked:
        content_type, body = body_for(route, method)
        with transaction.atomic():
            response = client.generic(method, path + query, body, content_type=content_type)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        said = content.decode(errors="replace").replace("q=CANARY", "")
        found.append((f"{method} {path}{query} → {response.status_code}", said + str(response.headers)))
        is_list = set(route.arguments) == {"city"}
        if (method, query, response.status_code) == ("GET", "", 200) and is_list:
            asked += [("GET", query) for query in QUERIES]
    return found


def leaks(person, ids: dict[str, Any], *, second_factor: bool) -> tuple[list[str], int]:
    client = sign_in(Client(raise_request_exception=False), person, second_factor=second_factor)
    found, asked = [], 0
    for route in routes():
        path = path_of(route, ids)
        for what, said in bodies(client, route, path) if path else ():
            asked += 1
            if CANARY in said:
                found.append(what)
    return found, asked


@pytest.fixture
def planted(panel):
    return plant(panel, CANARY)


def test_what_is_asked_about_something_else_is_listed(planted):
    assert {route.name for route in routes() if path_of(route, planted) is None} == ABOUT_SOMETHING_ELSE


def test_an_outside_reviewer_gets_nothing_but_what_is_assigned(panel, planted):
    theirs = plant(panel, THEIRS)
    with city_scope(panel.city):
        from grants.applications.models import Application

        review = panel_review(panel, Application.objects.get(pk=theirs["application"]))

    found, asked = leaks(panel.robert, planted, second_factor=False)

    client = sign_in(Client(), panel.robert, second_factor=False)
    assert found == []
    assert asked > 200
    assert THEIRS in client.get("/baltimore/review/").content.decode()
    assert THEIRS in client.get(f"/baltimore/review/{review.pk}/").content.decode()
    assert client.get(f"/baltimore/files/{theirs['file']}/").status_code == 200


@pytest.mark.parametrize("role", ["manager", "staff", "finance", "viewer", "reviewer"])
def test_a_conflicted_person_gets_nothing_of_it_in_any_role(panel, planted, role):
    person = make_member(panel.city, Role(role))
    theirs = plant(panel, THEIRS)
    with city_scope(panel.city):
        Conflict.objects.create(
            application_id=planted["application"], person=person, kind="family", declared_by=panel.staff
        )

    found, asked = leaks(person, planted, second_factor=True)

    assert found == []
    assert asked > 200
    if role != "reviewer":
        page = sign_in(Client(), person).get("/baltimore/staff/applications/").content.decode()
        assert THEIRS in page
        assert theirs


def test_the_same_routes_do_show_it_to_a_colleague(panel, planted):
    """The net has no holes: whoever has no conflict finds the canary behind many routes, of each kind of row."""
    colleague = make_member(panel.city, Role.MANAGER)

    found, _asked = leaks(colleague, planted, second_factor=True)

    shown = {one.split("?")[0] for one in found}
    kinds = {kind for kind, row in planted.items() if any(str(row) in one for one in shown)}
    assert len(shown) >= 40
    assert kinds >= {"application", "award", "disbursement", "receipt", "project", "document"}, (
        len(shown),
        kinds,
    )


def panel_review(panel, application):
    from tests.grants.reviews.factories import ReviewFactory

    return ReviewFactory(application=application, reviewer=panel.robert, cleared_at=timezone.now())
