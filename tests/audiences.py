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

from cities.access.models import FactorReset, Invitation, Membership, Role
from cities.documents.models import Document
from cities.outbox.models import Message
from cities.places.models import Area
from cities.tenancy.scopes import CENTER_ID, city_scope
from grants.applications.models import Answer, Attachment, Conflict, Note
from grants.applications.uploads.keeping import thumbnail_key
from grants.payments.actions import record_return
from grants.payments.models import Deputy
from grants.programs.models import Cohort, CohortMember
from grants.reviews.models import Review
from projects.delivery.actions import open_project
from projects.delivery.states import UpdateStatus
from tests.cities.documents import kinds  # noqa: F401  registers
from tests.cities.machines.factories import make_living_token
from tests.days import today
from tests.factories import (
    ApplicationFactory,
    CycleFactory,
    FormVersionFactory,
    UserFactory,
    make_city,
    make_member,
    make_officer,
)
from tests.grants.payments.factories import make_award, paid, receipt_of, requested, yesterday
from tests.grants.programs.factories import make_grant, make_tranche
from tests.projects.delivery.factories import make_update
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
FINANCE = frozenset({"finance"})
APPROVERS = MANAGER | {"approver"}
PROVERS = SCREENERS | FINANCE
REVIEWERS = SCREENERS | {"reviewer"}

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
        "residents:email-prove residents:account-delete residents:factor-lost residents:session-end residents:session-end-others residents:api-sessions "
        "residents:api-session residents:api-account residents:api-account-email residents:api-account-email-code residents:token-list "
        "residents:token-create "
        "residents:inbox-read residents:api-inbox",
    ),
    # An application: its applicant, and files also the desk
    **_same(
        only(APPLICANT),
        "grants:apply-overview grants:apply-review grants:apply-thanks grants:apply-withdraw grants:apply-reopen "
        "grants:apply-section grants:api-application grants:api-answer grants:api-files grants:api-file "
        "grants:api-submission grants:api-withdrawal grants:api-reopening residents:inbox-letter residents:api-inbox-read "
        "residents:token-revoke",
    ),
    **_same(only(FILE_READERS), "grants:file-read grants:file-small"),
    # The desk
    **_same(
        only(DESK),
        "grants:staff-home grants:setup-overview grants:cycle-setup grants:cycle-preview grants:api-summary "
        "grants:desk-application-list grants:desk-application-detail grants:api-desk-application-list "
        "grants:api-desk-application-detail cities:api-city-accent cities:reading-list cities:api-reading-list",
    ),
    **_same(
        only(SCREENERS),
        "grants:desk-application-bulk-screen grants:desk-application-screen grants:desk-application-note "
        "grants:api-desk-application-bulk-screen grants:api-desk-application-screen grants:api-desk-application-notes",
    ),
    # Reviews: one's own sheets, and how reviewing goes
    **_same(only(REVIEWERS), "grants:review-list grants:api-review-list"),
    **_same(
        only(frozenset({"reviewer"})),
        "grants:review-sheet grants:review-open grants:review-conflict grants:review-submit grants:review-reopen "
        "grants:api-review-mine grants:api-review-opening grants:api-review-conflict grants:api-review-submission "
        "grants:api-review-reopening",
    ),
    **_same(
        only(DESK),
        "grants:reviews-progress grants:reviews-application grants:reviews-conflict-declare "
        "grants:api-reviews-application grants:api-reviews-conflict-declare",
    ),
    **_same(read_and_write(DESK, SCREENERS), "grants:api-reviews-progress"),
    **_same(
        only(SCREENERS),
        "grants:reviews-assign grants:api-reviews-sharing grants:review-release grants:api-review-release",
    ),
    **_same(
        only(MANAGER),
        "grants:reviews-conflict-record grants:reviews-conflict-lift grants:api-reviews-conflict-record "
        "grants:api-reviews-conflict-lift",
    ),
    **_same(only(MANAGER | {"reviewer"}), "grants:review-return grants:api-review-return"),
    # Awards: the ranking, awards made, the applicant's answer
    **_same(
        only(DESK),
        "grants:award-ranking grants:award-list grants:award-detail grants:award-application grants:api-award-ranking",
    ),
    **_same(
        only(MANAGER),
        "grants:award-recalculate grants:award-offer grants:award-refuse grants:award-application-undo grants:award-rescind grants:award-extend "
        "grants:api-award-refuse grants:api-award-application-undo grants:api-award-rescind grants:api-award-extend",
    ),
    **_same(read_and_write(DESK, MANAGER), "grants:api-award-list"),
    **_same(
        only(APPLICANT),
        "grants:award-of grants:award-answer grants:award-answer-no grants:api-award-accept grants:api-award-answer-no",
    ),
    **_same(only(APPLICANT | DESK), "grants:api-award-detail grants:award-letter grants:api-award-letter"),
    # Payments: three seats; receipts: the grantee and the desk; deputies: the city and the Center
    **_same(
        only(DESK),
        "grants:payment-list grants:payment-detail grants:payment-award grants:receipt-list grants:receipt-detail "
        "grants:deputy-list grants:api-payment-detail grants:api-receipt-list",
    ),
    **_same(read_and_write(DESK, FINANCE), "grants:api-payment-list"),
    **_same(
        only(FINANCE),
        "grants:payment-create grants:payment-record grants:payment-void grants:payment-return grants:api-payment-record "
        "grants:api-payment-void grants:api-award-return grants:payment-return-undo grants:api-return-undo",
    ),
    **_same(only(APPROVERS), "grants:payment-approve grants:api-payment-approve"),
    **_same(only(APPROVERS | FINANCE), "grants:payment-refuse grants:api-payment-refuse"),
    **_same(
        only(MANAGER),
        "grants:payment-complete grants:api-award-complete grants:payment-reopen grants:api-award-reopen grants:deputy-create grants:deputy-end grants:api-deputy-detail",
    ),
    **_same(read_and_write(DESK, MANAGER), "grants:api-deputy-list"),
    **_same(
        only(PROVERS),
        "grants:receipt-decide grants:receipt-undo grants:api-receipt-decide grants:api-receipt-undo",
    ),
    **_same(
        only(APPLICANT | DESK),
        "grants:award-money grants:receipt-read grants:receipt-small grants:api-award-money",
    ),
    **_same(only(APPLICANT | PROVERS), "grants:receipt-create grants:api-award-receipt-create"),
    **_same(only(APPLICANT), "grants:receipt-remove"),
    **_same(read_and_write(APPLICANT | DESK, APPLICANT), "grants:api-receipt-detail"),
    **_same(only(CENTER), "grants:center-deputy-list grants:api-center-deputy-list"),
    **_same(
        only(OFFICER),
        "grants:center-deputy-approve grants:center-deputy-refuse grants:api-center-deputy-approve "
        "grants:api-center-deputy-detail",
    ),
    # Setting up
    **_same(
        only(MANAGER),
        "grants:cycle-create grants:cycle-upload grants:cycle-basics grants:cycle-dates grants:cycle-money "
        "grants:cycle-eligibility grants:eligibility-create grants:eligibility-edit grants:cycle-budget grants:cycle-papers "
        "grants:cycle-rubric grants:cycle-terms grants:cycle-wording grants:cycle-form grants:form-summary grants:section-create "
        "grants:section-edit grants:question-create grants:question-edit grants:cycle-publish grants:cycle-withdraw "
        "grants:cycle-archive grants:cycle-copy grants:api-cycle-publish grants:api-cycle-withdraw grants:api-cycle-archive "
        "grants:api-cycle-copy cities:team cities:invitation-create cities:invitation-withdraw cities:member-change "
        "cities:member-end cities:api-member-list cities:api-member-detail cities:api-member-work cities:api-invitation-list "
        "cities:api-invitation-detail cities:member-reset-ask cities:factor-reset-answer cities:api-reset-list "
        "cities:api-reset-answer cities:settings-edit cities:logo-edit cities:logo-remove cities:audit-event-list "
        "cities:api-audit-event-list",
    ),
    **_same(
        read_and_write(DESK, MANAGER),
        "grants:api-cycle-list grants:api-cycle-detail cities:api-city-settings",
    ),
    # Documents: asked for by the manager, of a kind that the desk shares
    **_same(
        only(DESK),
        "cities:report-list cities:report-detail cities:document-detail cities:document-file cities:api-document-list "
        "cities:api-document-detail cities:api-document-file",
    ),
    **_same(
        only(MANAGER),
        "cities:document-cancel cities:document-retry cities:api-document-cancel cities:api-document-retry",
    ),
    # The Center's documents: asked for by its officer, and shared with nobody
    **_same(only(CENTER), "cities:center-report-list cities:api-center-document-list"),
    # The Center follows payments of all cities, and changes nothing
    **_same(
        only(CENTER),
        "grants:center-disbursement-list grants:center-disbursement-detail grants:center-disbursement-export "
        "grants:center-receipt-picture grants:center-receipt-picture-small grants:center-exception-list "
        "grants:api-center-disbursement-list grants:api-center-disbursement-detail grants:api-center-disbursement-export "
        "grants:api-center-exception-list",
    ),
    **_same(
        only(OFFICER),
        "cities:center-report-detail cities:center-report-file cities:center-report-cancel cities:center-report-retry "
        "cities:api-center-document-detail cities:api-center-document-file cities:api-center-document-cancel "
        "cities:api-center-document-retry",
    ),
    # Projects: what is published everybody reads; its lead tells, the desk publishes
    **_same(
        only(EVERYBODY),
        "projects:project-list projects:project-detail projects:photo-read projects:photo-small projects:api-project-list "
        "projects:api-project-detail",
    ),
    **_same(only(SIGNED_IN), "projects:project-of"),
    **_same(
        only(APPLICANT),
        "projects:update-create projects:update-remove projects:api-update-list projects:api-update-detail",
    ),
    **_same(
        only(DESK),
        "projects:desk projects:desk-projects projects:desk-project projects:api-desk-project-list "
        "projects:api-desk-update-list",
    ),
    **_same(
        only(SCREENERS),
        "projects:project-status projects:project-page projects:project-show projects:project-hide projects:update-publish projects:update-hide "
        "projects:api-update-publish projects:api-update-hide",
    ),
    **_same(read_and_write(DESK, SCREENERS), "projects:api-desk-project-detail"),
    # The city's money
    **_same(
        only(DESK),
        "grants:money-overview grants:money-entry-list grants:money-cycle grants:api-money-overview grants:api-money-entry-list",
    ),
    **_same(
        only(frozenset({"finance"})),
        "grants:money-grant-accept grants:money-tranche-confirm grants:api-money-grant-accept grants:api-money-tranche-confirm",
    ),
    **_same(
        only(MANAGER),
        "grants:money-cycle-allocate grants:money-cycle-deallocate grants:api-money-cycle-allocate "
        "grants:api-money-cycle-deallocate",
    ),
    # How the site stands
    **_same(only(CENTER), "cities:status cities:api-status"),
    # The Center's money
    **_same(
        only(CENTER), "grants:center-grant-list grants:center-grant-detail grants:api-center-grant-detail"
    ),
    **_same(read_and_write(CENTER, OFFICER), "grants:api-center-grant-list"),
    **_same(
        only(OFFICER), "grants:center-grant-create grants:center-tranche-send grants:api-center-tranche-list"
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
        "grants:api-center-person-detail grants:api-center-person-invitation-detail cities:center-reset-list "
        "cities:center-reset-answer cities:api-center-reset-list cities:api-center-reset-answer",
    ),
}

SKIPPED = {
    "set_language": "anybody's own choice; tests/residents/accounts",
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
        report = make_document(people["officer"], "test-center", "All cities")
    center = {
        "cohort": cohort.pk,
        "invitation": center_person.pk,
        "person": people["auditor"].pk,
        "membership": member.pk,
        "document": report.pk,
    }
    world = World(
        own=_shape(baltimore, people["applicant"], people["staff"], "Ours", people["manager"]),
        foreign=_shape(
            dallas, UserFactory(email="there@example.org", name=canary), people["foreign manager"], canary
        ),
        people=people,
        center=center,
    )
    for city, rows, word in ((baltimore, world.own, "Ours"), (dallas, world.foreign, canary)):
        grant = make_grant(people["officer"], city, purpose=word)
        rows |= {"program_grant": grant.pk, "tranche": make_tranche(people["officer"], grant).pk}
    return world


def make_invited(by: Any, role: Role) -> Invitation:
    return Invitation.objects.create(
        email=f"invited-{role}@example.org",
        role=role,
        token_hash=f"{role:0>64}",
        invited_by=by,
        expires_at=timezone.now() + timedelta(days=7),
    )


def make_document(by: Any, kind: str, title: str) -> Document:
    return Document.objects.create(
        kind=kind, title=title, requested_by=by, status="finished", progress=100, row_count=1, size_bytes=len(title), sha256="0" * 64,
        file=default_storage.save(f"documents/{kind}", ContentFile(title.encode())), file_name=f"{title}.csv", content_type="text/csv",
    )  # fmt: skip


def make_money(application: Any, staff: Any, word: str) -> tuple[Any, Any, Any, Any, Any]:
    """An accepted award with a payment made and one requested, a receipt that waits, a deputy who waits and a return."""
    outsider, approver, recorder = (UserFactory(name=word) for _ in range(3))
    award = make_award(application=application, payee_name=f"{word} CDC")
    paid(award, (outsider, approver, recorder), 100, payee_name=f"{word} CDC", purpose=word)
    payment = requested(award, outsider, payee_name=f"{word} CDC", purpose=word)
    receipt = receipt_of(award, vendor=word, what=word, word=word)
    return (
        award,
        payment,
        receipt,
        Deputy.objects.create(person=staff, seat="approver", reason=word, nominated_by=outsider),
        record_return(
            award.pk, amount_cents=1, returned_on=yesterday(), reference=word, reason=word, actor=outsider
        ),
    )


def make_told(project: Any, word: str) -> tuple[Any, Any]:
    """An update with a photo that everybody may see, and one with ``word`` that waits."""
    update = make_update(project, UpdateStatus.PUBLISHED, photos=1)
    project.title = "Corner garden"
    project.save(update_fields=["title"])
    make_update(project, photos=1, text=word)
    return update, update.photos.get()


def _shape(city: Any, applicant: Any, staff: Any, word: str, manager: Any = None) -> dict[str, Any]:
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
        document = make_document(manager or staff, "test-list", word)
        reviewed = ApplicationFactory(
            form_version=version, applicant=applicant, submitted=True, status="eligible", title=word, city_slug=city.slug
        )  # fmt: skip
        reviewer = next((row.user for row in Membership.objects.filter(role=Role.REVIEWER)), staff)
        review = Review.objects.create(application=reviewed, reviewer=reviewer, cleared_at=timezone.now())
        conflict = Conflict.objects.create(
            application=reviewed, person=UserFactory(name=word), kind="other", declared_by=staff
        )
        award, disbursement, receipt, deputy, returned = make_money(reviewed, staff, word)
        project = open_project(award, actor=applicant)
        update, photo = make_told(project, word)
        reset = FactorReset.objects.create(person=reviewer, asked_by=reviewer, reason=f"new phone of {word}")
    return {
        "project": project.pk, "update": update.pk, "photo": photo.pk,
        "award": award.pk, "disbursement": disbursement.pk, "receipt": receipt.pk, "deputy": deputy.pk, "return": returned.pk,
        "review": review.pk, "reviewed": reviewed.pk, "conflict": conflict.pk,
        "city": city.slug, "cycle": cycle.pk, "application": application.pk, "file": attachment.pk, "invitation": invitation.pk,
        "token": make_living_token(applicant, name=word)[0].pk, "member": staff.pk, "reset": reset.pk, "call": cycle.slug, "letter": letter.pk, "document": document.pk,
    }  # fmt: skip


BODIES = {
    "cities:report-list": "kind=test-list",
    "cities:center-report-list": "kind=test-center",
    "cities:api-document-list": '{"kind": "test-list"}',
    "cities:api-center-document-list": '{"kind": "test-center"}',
    "cities:api-reset-answer": '{"answer": "refuse"}',
    "cities:api-center-reset-answer": '{"answer": "refuse"}',
    "grants:cycle-eligibility": "deed=up:outdoors",
    "grants:cycle-form": "deed=question-up:your_name",
    "grants:api-answer": '{"value": "x", "version": 0}',
}
"""What is sent where an empty body would say nothing about rights."""


def body_for(route: Route, method: str) -> tuple[str, Any]:
    """Return content type and body of a request that whoever has the right may make."""
    if method == "GET":
        return "application/octet-stream", b""
    if route.name == "grants:api-award-receipt-create":
        said = {
            "vendor": "Shop",
            "bought_on": "2026-01-02",
            "amount_cents": "5",
            "file": ContentFile(b"x", "x.jpg"),
        }
        return MULTIPART_CONTENT, encode_multipart(BOUNDARY, said)
    if route.name == "projects:api-update-list":
        told = {"text": "We planted.", "happened_on": today().isoformat()}
        return MULTIPART_CONTENT, encode_multipart(BOUNDARY, told)
    if route.name in {"grants:api-files", "cities:api-city-logo"}:
        return MULTIPART_CONTENT, encode_multipart(
            BOUNDARY, {"question": "photos", "file": ContentFile(b"x", "x.jpg")}
        )
    if route.is_api:
        return "application/json", BODIES.get(route.name, "{}")
    return "application/x-www-form-urlencoded", BODIES.get(route.name, "")


PK = [
    (r"^(api-)?(desk-)?project-|^desk-project$|^update-create$|^api-update-list$", "project"),
    (r"^(api-)?update-", "update"),
    (r"^photo-", "photo"),
    (r"^(api-)?center-disbursement-", "disbursement"),
    (r"^center-receipt-", "receipt"),
    (r"center-grant|money-grant|center-tranche", "program_grant"),
    (r"money-tranche", "tranche"),
    (r"^(api-)?(center-)?deputy-", "deputy"),
    (r"^payment-return-undo$|^api-return-", "return"),
    (
        r"^payment-(award|return|complete|reopen)|^(api-)?award-(money|return|complete|reopen|receipt-create)|^receipt-create",
        "award",
    ),
    (r"^(api-)?award-(detail|extend|rescind|answer|answer-no|accept|letter)$", "award"),
    (r"^(api-)?receipt-", "receipt"),
    (r"^(api-)?payment-", "disbursement"),
    (r"^(api-)?reviews-conflict-lift", "conflict"),
    (r"^(api-)?reviews-", "reviewed"),
    (r"^(api-)?review-", "review"),
    (r"reset-answer", "reset"),
    (r"document|report", "document"),
    (r"^token-", "token"),
    (r"inbox", "letter"),
    (r"invitation", "invitation"),
    (r"member|person|session", "member"),
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
        if "center" in route.name and kind == "document":
            return world.center["document"]
        return world.center["cohort"] if kind == "cohort" else here[kind]
    if name == "slug":
        return here["city"] if "center" in route.name else here["call"]
    return {
        "city": here["city"],
        "section": "about",
        "question": "your_name",
        "file": here["file"],
        "application": here["reviewed"],
        "award": here["award"],
    }.get(name) or {
        "key": "outdoors"
        if "eligibility" in route.name
        else "about"
        if "section" in route.name
        else "your_name"
    }[name]
