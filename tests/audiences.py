"""Who may use which route: the product's rights on one page, compared with the code by ``tests/test_rights.py``."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import timezone

from cities.access.models import Invitation, Membership, Role
from cities.outbox.models import Message
from cities.places.models import Area
from cities.tenancy.scopes import CENTER_ID, city_scope
from grants.applications.models import Answer, Attachment, Note
from grants.applications.uploads.keeping import thumbnail_key
from grants.programs.models import Cohort, CohortMember
from tests.factories import (
    ApplicationFactory,
    CycleFactory,
    FormVersionFactory,
    UserFactory,
    make_city,
    make_member,
    make_officer,
)
from tests.routes import Route

STRANGERS = frozenset({"anonymous"})
RESIDENTS = frozenset({"applicant", "other resident"})
MANAGER = frozenset({"manager"})
SCREENERS = MANAGER | {"staff"}
DESK = SCREENERS | {"finance", "approver", "viewer"}
OFFICER = frozenset({"officer"})
CENTER = OFFICER | {"auditor"}
SIGNED_IN = RESIDENTS | DESK | {"reviewer"} | CENTER | {"foreign manager", "signed in"}
EVERYBODY = STRANGERS | SIGNED_IN
APPLICANT = frozenset({"applicant"})
FILE_READERS = APPLICANT | DESK

Audience = Callable[[str], frozenset[str]]


def only(people: frozenset[str]) -> Audience:
    return lambda _method: people


def read_and_write(readers: frozenset[str], writers: frozenset[str]) -> Audience:
    return lambda method: readers if method == "GET" else writers


def _same(audience: Audience, names: str) -> dict[str, Audience]:
    return dict.fromkeys(names.split(), audience)


AUDIENCES: dict[str, Audience] = {
    # The site, sign-in, one's own pages
    **_same(
        only(EVERYBODY),
        "healthz api-docs api-schema grants:program-home grants:city-home grants:call-detail grants:call-check "
        "grants:api-open-calls grants:api-calls grants:api-call grants:api-call-check cities:city-theme cities:area-shapes",
    ),
    **_same(
        only(SIGNED_IN),
        "grants:applications-mine grants:api-my-applications grants:apply-start grants:api-applications "
        "residents:factor-required residents:account residents:inbox residents:kept-list residents:email-change "
        "residents:email-prove residents:api-account residents:api-account-email residents:api-account-email-code "
        "residents:inbox-read residents:api-inbox",
    ),
    # An application: its applicant, and files also the desk
    **_same(
        only(APPLICANT),
        "grants:apply-overview grants:apply-review grants:apply-thanks grants:apply-withdraw grants:apply-reopen "
        "grants:apply-section grants:api-application grants:api-answer grants:api-files grants:api-file "
        "grants:api-submission grants:api-withdrawal grants:api-reopening residents:inbox-letter residents:api-inbox-read",
    ),
    **_same(only(FILE_READERS), "grants:file-read grants:file-small"),
    # The desk
    **_same(
        only(DESK),
        "grants:staff-home grants:setup-overview grants:cycle-setup grants:cycle-preview grants:api-summary "
        "grants:desk-application-list grants:desk-application-detail grants:api-desk-application-list "
        "grants:api-desk-application-detail cities:api-city-accent",
    ),
    **_same(
        only(SCREENERS),
        "grants:desk-application-bulk-screen grants:desk-application-screen grants:desk-application-note "
        "grants:api-desk-application-bulk-screen grants:api-desk-application-screen grants:api-desk-application-notes",
    ),
    # Setting up
    **_same(
        only(MANAGER),
        "grants:cycle-create grants:cycle-upload grants:cycle-basics grants:cycle-dates grants:cycle-money "
        "grants:cycle-eligibility grants:eligibility-create grants:eligibility-edit grants:cycle-budget grants:cycle-papers "
        "grants:cycle-rubric grants:cycle-terms grants:cycle-form grants:form-summary grants:section-create "
        "grants:section-edit grants:question-create grants:question-edit grants:cycle-publish grants:cycle-withdraw "
        "grants:cycle-archive grants:cycle-copy grants:api-cycle-publish grants:api-cycle-withdraw grants:api-cycle-archive "
        "grants:api-cycle-copy cities:team cities:invitation-create cities:invitation-withdraw cities:member-change "
        "cities:member-end cities:api-member-list cities:api-member-detail cities:api-invitation-list "
        "cities:api-invitation-detail cities:settings-edit cities:logo-edit cities:logo-remove cities:audit-event-list "
        "cities:api-audit-event-list",
    ),
    **_same(
        read_and_write(DESK, MANAGER),
        "grants:api-cycle-list grants:api-cycle-detail cities:api-city-settings",
    ),
    # The Center
    **_same(
        only(CENTER),
        "grants:center-overview grants:center-city-detail grants:center-cohort-list grants:center-cohort-detail "
        "grants:center-people grants:api-center-overview grants:api-center-member-list grants:api-center-person-list",
    ),
    **_same(
        read_and_write(CENTER, OFFICER),
        "grants:api-center-cohort-list grants:api-center-cohort-detail grants:api-center-city-list grants:api-center-city-detail "
        "grants:api-center-invitation-list grants:api-center-person-invitation-list",
    ),
    **_same(
        only(OFFICER),
        "grants:center-cohort-create grants:center-cohort-edit grants:center-cohort-add-city grants:center-cohort-remove-city "
        "grants:center-city-create grants:center-city-edit grants:center-member-invite grants:center-member-edit "
        "grants:center-member-remove grants:center-invitation-withdraw grants:center-person-invite grants:center-person-edit "
        "grants:center-person-remove grants:center-person-invitation-withdraw grants:api-center-cohort-cities "
        "grants:api-center-cohort-city grants:api-center-member-detail grants:api-center-invitation-detail "
        "grants:api-center-person-detail grants:api-center-person-invitation-detail",
    ),
}

SKIPPED = {
    "set_language": "Django's own; stores a cookie",
    "styleguide": "components without data; absent in production",
    "cities:city-logo": "404 without a logo; tests/cities/profile",
    "cities:invitation-accept": "the token is the right; tests/cities/access",
    "residents:kept-send": "bound to a browser; tests/cities/access",
    "residents:kept-discard": "bound to a browser; tests/cities/access",
    "residents:demo-home": "absent without the demo; tests/residents/accounts",
    "residents:demo-mail": "absent without the demo; tests/residents/accounts",
}
"""Routes that this matrix can't ask sensibly, and where they are tested."""


@dataclass
class World:
    """Two cities of the same shape, the Center, and one person per role."""

    own: dict[str, Any]
    foreign: dict[str, Any]
    people: dict[str, Any]
    center: dict[str, Any]


def make_world(canary: str) -> World:
    baltimore, dallas = make_city("baltimore", is_demo=True), make_city("dallas", is_demo=True)
    people: dict[str, Any] = {
        "anonymous": None,
        "applicant": UserFactory(email="applicant@example.org"),
        "other resident": UserFactory(email="other@example.org"),
        **{
            role: make_member(baltimore, Role(role))
            for role in ("manager", "staff", "finance", "approver", "reviewer", "viewer")
        },
        "officer": make_officer(Role.OFFICER),
        "auditor": make_officer(Role.AUDITOR),
        "foreign manager": make_member(dallas, Role.MANAGER, name=canary),
    }
    make_officer(Role.OFFICER)
    with city_scope(CENTER_ID):
        cohort = Cohort.objects.create(name="2024–26")
        CohortMember.objects.create(cohort=cohort, recipient=baltimore)
        center_person = make_invited(people["officer"], Role.AUDITOR)
        member = Membership.objects.filter(user=people["auditor"]).get()
    center = {
        "cohort": cohort.pk,
        "invitation": center_person.pk,
        "person": people["auditor"].pk,
        "membership": member.pk,
    }
    return World(
        own=_shape(baltimore, people["applicant"], people["staff"], "Ours"),
        foreign=_shape(
            dallas, UserFactory(email="there@example.org", name=canary), people["foreign manager"], canary
        ),
        people=people,
        center=center,
    )


def make_invited(by: Any, role: Role) -> Invitation:
    return Invitation.objects.create(
        email=f"invited-{role}@example.org",
        role=role,
        token_hash=f"{role:0>64}",
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=7),
    )


def _shape(city: Any, applicant: Any, staff: Any, word: str) -> dict[str, Any]:
    eligibility = [
        {
            "key": "outdoors",
            "label": "Is it outdoors?",
            "type": "yes_no",
            "options": [],
            "must": {"words": "Yes.", "test": {"op": "eq", "value": True}},
            "stops": True,
        }
    ]
    with city_scope(city):
        cycle = CycleFactory(slug="spring", eligibility=eligibility)
        version = FormVersionFactory(cycle=cycle)
        application = ApplicationFactory(
            form_version=version,
            applicant=applicant,
            submitted=True,
            title=word,
            group_name=word,
            applicant_name=word,
            city_slug=city.slug,
        )
        Answer.objects.create(
            application=application, question="project_title", version=1, value=word, written_by=applicant
        )
        Note.objects.create(application=application, author=staff, text=word)
        Area.objects.create(name="A park", geometry={"type": "Point", "coordinates": [0, 0]})
        attachment = Attachment.objects.create(
            application=application, question="photos", file=default_storage.save(f"attachments/{application.pk.hex}", ContentFile(word.encode())),
            name=f"{word}.jpg", content_type="image/jpeg", width=1, height=1, size_bytes=len(word), sha256="0" * 64, uploaded_by=applicant,
        )  # fmt: skip
        default_storage.save(thumbnail_key(attachment.file.name), ContentFile(word.encode()))
        invitation = make_invited(staff, Role.VIEWER)
        letter = Message.objects.create(
            kind="application-submitted",
            key=word,
            subject_id=application.pk,
            recipient=applicant,
            sent_at=timezone.now(),
        )
    return {
        "city": city.slug, "cycle": cycle.pk, "application": application.pk, "file": attachment.pk, "invitation": invitation.pk,
        "member": staff.pk, "call": cycle.slug, "letter": letter.pk,
    }  # fmt: skip


BODIES = {
    "grants:cycle-eligibility": "deed=up:outdoors",
    "grants:cycle-form": "deed=question-up:your_name",
    "grants:api-answer": '{"value": "x", "version": 0}',
}
"""What is sent where an empty body would say nothing about rights."""


def body_for(route: Route, method: str) -> tuple[str, Any]:
    """Return content type and body of a request that whoever has the right may make."""
    if method == "GET":
        return "application/octet-stream", b""
    if route.name in {"grants:api-files", "cities:api-city-logo"}:
        return MULTIPART_CONTENT, encode_multipart(
            BOUNDARY, {"question": "photos", "file": ContentFile(b"x", "x.jpg")}
        )
    if route.is_api:
        return "application/json", BODIES.get(route.name, "{}")
    return "application/x-www-form-urlencoded", BODIES.get(route.name, "")


PK = [
    (r"inbox", "letter"),
    (r"invitation", "invitation"),
    (r"member|person", "member"),
    (r"cohort", "cohort"),
    (r"file-", "file"),
    (r"cycle|eligibility|section-|question-|form-summary", "cycle"),
    (r"application|apply-|api-", "application"),
]
"""Which row a route's ``pk`` names, by the route's name."""


def arguments(route: Route, here: dict[str, Any], world: World) -> dict[str, Any]:
    """Return the route's arguments, naming rows of ``here``. Raises ``KeyError`` on a route it can't fill."""
    found = {}
    for name in re.findall(r"<(?:\w+:)?(\w+)>", route.path):
        found[name] = _argument(name, route, here, world)
    return found


def _argument(name: str, route: Route, here: dict[str, Any], world: World) -> Any:
    if name == "pk":
        kind = next(kind for pattern, kind in PK if re.search(pattern, route.name.split(":")[1]))
        if "center" in route.name and "person" in route.name:
            return world.center["invitation" if kind == "invitation" else "person"]
        return world.center["cohort"] if kind == "cohort" else here[kind]
    if name == "slug":
        return here["city"] if "center" in route.name else here["call"]
    return {"city": here["city"], "section": "about", "question": "your_name", "file": here["file"]}.get(
        name
    ) or {
        "key": "outdoors"
        if "eligibility" in route.name
        else "about"
        if "section" in route.name
        else "your_name"
    }[name]
