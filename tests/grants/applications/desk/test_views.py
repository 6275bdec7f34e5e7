import re
from urllib.parse import urljoin
from uuid import uuid4

import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.desk.actions import add_note, screen_application, seen
from grants.applications.desk.states import Decision
from grants.applications.models import Answer, Application, Attachment, Note
from grants.applications.states import Status
from tests.factories import FormVersionFactory, UserFactory, make_member, question
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


def address(application, part: str = "") -> str:
    return f"/{application.city_slug}/staff/applications/{application.pk}/{part}"


def ticket(application) -> str:
    return seen(application.status, application.screened_at, application.submitted_at)


def answer(desk, application, key, value, version=1) -> None:
    with city_scope(desk.city):
        Answer.objects.create(
            application=application,
            question=key,
            value=value,
            version=version,
            written_by=application.applicant,
        )


def attach(desk, application, key="photos", content_type="image/jpeg") -> Attachment:
    with city_scope(desk.city):
        return Attachment.objects.create(
            application=application, question=key, file="attachments/x", name="lot.jpg", content_type=content_type, size_bytes=2048,
            sha256="0" * 64, uploaded_by=application.applicant,
        )  # fmt: skip


@pytest.fixture
def full(desk) -> Application:
    """An application with answers, a photo, a budget, a self-check, a note and a history."""
    sections = [
        {"key": "about", "title": "About you", "questions": [question("your_name", required=True), question("has_account", "yes_no"), question("hidden_one", shown_when={"question": "your_name", "op": "eq", "value": "x"})]},
        {
            "key": "project",
            "title": "Your project",
            "questions": [
                question("project_title"),
                question("photos", "file", max=5),
                question(
                    "lines", "table",
                    columns=[
                        {"key": "category", "label": "Category", "type": "single_choice", "required": True, "options": [{"value": "paint", "label": "Paint"}]},
                        {"key": "requested", "label": "Requested", "type": "money", "required": True},
                    ],
                ),
            ],
        },
    ]  # fmt: skip
    with city_scope(desk.city):
        desk.form = FormVersionFactory(
            definition=sections,
            summary_keys={"title": "project_title", "budget": "lines"},
            cycle__budget={
                "columns": ["requested"],
                "categories": [{"key": "paint", "label": "Paint", "max_percent": "10", "max_amount": None}],
                "disallowed": [],
                "match_required": None,
                "vendor_quotes_over": None,
            },
            cycle__eligibility=[
                {
                    "key": "lives_here",
                    "label": "Do you live in the city?",
                    "type": "yes_no",
                    "options": [],
                    "must": {"words": "Applicants live here.", "test": {"op": "eq", "value": True}},
                    "stops": True,
                }
            ],
        )
    application = desk.submitted(
        title="Tilden Street garden",
        eligibility_answers={"lives_here": True},
        latitude=39.29,
        longitude=-76.61,
        place="Tilden & 4th",
    )
    photo = attach(desk, application)
    answer(desk, application, "your_name", "Odessa R.")
    answer(desk, application, "your_name", "Odessa Rhee", version=2)
    answer(desk, application, "has_account", True)
    answer(desk, application, "photos", [str(photo.pk)])
    answer(desk, application, "lines", [{"_id": "r1", "category": "paint", "requested": {"cents": 28_000}}])
    with city_scope(desk.city):
        add_note(application.pk, text="Called her on Monday.", actor=desk.staff)
    return application


def test_one_page_holds_everything(client, desk, full):
    page = sign_in(client, desk.staff).get(address(full)).content.decode()

    for words in (
        "Tilden Street garden",
        "Odessa Rhee",
        "About you",
        "Your project",
        "lot.jpg",
        "Called her on Monday.",
        "Do you live in the city?",
        "Fits",
        "Tilden &amp; 4th",
        "$280.00",
    ):
        assert words in page, words
    assert "Odessa R.<" not in page
    assert "Hidden one" not in page


def test_a_category_over_its_ceiling_is_marked(client, desk, full):
    page = sign_in(client, desk.staff).get(address(full)).content.decode()

    assert "Budget against the rules" in page
    assert "Over" in page


@pytest.mark.django_db(transaction=True)
def test_the_page_takes_at_most_ten_statements_whatever_it_holds(client, desk, full):
    sign_in(client, desk.staff)
    desk.submitted()
    client.get(address(full))

    with count_statements() as at_one:
        assert client.get(address(full), {"sort": "-amount"}).status_code == 200
    for number in range(2):
        desk.submitted()
        attach(desk, full)
        with city_scope(desk.city):
            add_note(full.pk, text=f"Note {number}", actor=desk.manager)
    with count_statements() as at_three:
        page = client.get(address(full), {"sort": "-amount"}).content.decode()

    assert "Note 1" in page
    assert len(at_one) == len(at_three) <= 10, at_three


def test_a_draft_is_not_found(client, desk):
    draft = desk.draft()

    assert sign_in(client, desk.manager).get(address(draft)).status_code == 404


def test_what_isnt_there_is_not_found(client, desk):
    assert sign_in(client, desk.manager).get(f"/baltimore/staff/applications/{uuid4()}/").status_code == 404


def test_another_citys_application_is_not_found_under_either_address(client, desk, elsewhere):
    with city_scope(elsewhere.city):
        foreign = Application.objects.get()
    sign_in(client, desk.manager)

    assert client.get(f"/baltimore/staff/applications/{foreign.pk}/").status_code == 404
    assert client.get(f"/dallas/staff/applications/{foreign.pk}/").status_code == 403


ROLES = {
    "manager": (200, True), "staff": (200, True), "finance": (200, False), "approver": (200, False), "viewer": (200, False), "reviewer": (403, False),
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_who_reads_and_who_screens(client, desk, role):
    application = desk.submitted()
    sign_in(client, make_member(desk.city, Role(role)))
    status, may_screen = ROLES[role]

    assert client.get(address(application)).status_code == status
    assert client.get("/baltimore/staff/applications/").status_code == status
    posted = client.post(
        address(application, "screening/"), {"decision": "eligible", "seen": ticket(application)}
    )
    noted = client.post(address(application, "notes/"), {"text": "Hm"})
    bulk = client.post(
        "/baltimore/staff/applications/screening/", {"decision": "eligible", "selected": [application.pk]}
    )

    assert (posted.status_code, noted.status_code, bulk.status_code) == (
        (302, 302, 200) if may_screen else (403, 403, 403)
    )
    assert desk.now(application).status == (Status.ELIGIBLE if may_screen else Status.SUBMITTED)


def test_the_applicant_doesnt_see_the_desk(client, desk):
    application = desk.submitted()

    assert sign_in(client, application.applicant).get(address(application)).status_code == 403


def test_strangers_are_sent_to_sign_in(client, desk):
    application = desk.submitted()

    assert client.get(address(application)).status_code == 302


def test_screening_says_what_happened_and_leads_on_to_the_next(client, desk):
    first, second = desk.submitted(reference="BAL-2026-0077"), desk.submitted()

    response = sign_in(client, desk.staff).post(
        address(first, "screening/?status=submitted"),
        {"decision": "eligible", "seen": ticket(first), "then": str(second.pk)},
        follow=True,
    )

    assert response.redirect_chain == [(address(second) + "?status=submitted", 302)]
    assert "BAL-2026-0077: Ready for review" in response.content.decode()


def test_a_refused_screening_keeps_what_was_typed_next_to_the_reason(client, desk):
    application = desk.submitted()
    with city_scope(desk.city):
        screen_application(
            application.pk, decision=Decision.ELIGIBLE, actor=desk.manager, seen_as=ticket(application)
        )

    response = sign_in(client, desk.staff).post(
        address(application, "screening/"),
        {"decision": "ineligible", "seen": ticket(application), "reason": "Outside the area."},
    )
    page = response.content.decode()

    assert response.status_code == 409
    assert "Somebody was faster" in page
    assert "Outside the area." in page
    assert desk.now(application).status == Status.ELIGIBLE


def test_turning_down_without_a_reason_shows_the_sentence_at_the_field(client, desk):
    application = desk.submitted()

    response = sign_in(client, desk.staff).post(
        address(application, "screening/"),
        {"decision": "ineligible", "seen": ticket(application), "reason": " "},
    )

    assert response.status_code == 422
    assert "Please give a reason" in response.content.decode()


@pytest.mark.parametrize("data", [{}, {"decision": "draft", "seen": "x"}, {"decision": "eligible"}])
def test_a_spoilt_screening_changes_nothing(client, desk, data):
    application = desk.submitted()

    assert sign_in(client, desk.staff).post(address(application, "screening/"), data).status_code == 422
    assert desk.now(application).status == Status.SUBMITTED


def test_ones_own_application_cant_be_screened_and_the_page_says_so(client, desk):
    application = desk.submitted(applicant=desk.staff)
    sign_in(client, desk.staff)

    assert "This is your own application" in client.get(address(application)).content.decode()
    assert (
        client.post(
            address(application, "screening/"), {"decision": "eligible", "seen": ticket(application)}
        ).status_code
        == 403
    )


def test_a_note_appears_on_the_page(client, desk):
    application = desk.submitted()

    page = (
        sign_in(client, desk.staff)
        .post(address(application, "notes/"), {"text": "Ask about the <b>fence</b>."}, follow=True)
        .content.decode()
    )

    assert "Ask about the &lt;b&gt;fence&lt;/b&gt;." in page
    assert desk.now(application).note_count == 1


def test_an_empty_note_is_refused_on_the_page(client, desk):
    application = desk.submitted()

    response = sign_in(client, desk.staff).post(address(application, "notes/"), {"text": " "})

    assert response.status_code == 422
    assert "Please write something first." in response.content.decode()


def linked(page, response) -> set[str]:
    """Where a page's forms and its links to the neighbors lead, from the address at which it was shown."""
    written = re.findall(r'(?:action|rel="(?:prev|next)" href)="([^"]+)"', page)
    return {urljoin(response.wsgi_request.get_full_path(), each) for each in written}


@pytest.mark.parametrize(
    ("part", "refused", "then"),
    [
        ("screening/", {"decision": "ineligible"}, {"decision": "ineligible", "reason": "Outside the area."}),
        ("notes/", {"text": " "}, {"text": "Ask about the fence."}),
    ],
)
def test_a_refused_form_can_be_mended_and_sent_from_where_it_is_shown_again(
    client, desk, part, refused, then
):
    first, application, last = desk.submitted(), desk.submitted(), desk.submitted()
    sign_in(client, desk.staff)
    query = "?status=submitted"
    seen_as = {"seen": ticket(application)}

    shown = client.get(address(application, query))
    again = client.post(address(application, part + query), refused | seen_as)
    forms = linked(again.content.decode(), again)

    assert again.status_code == 422
    assert forms == linked(shown.content.decode(), shown)
    assert forms > {
        *(address(application, each + query) for each in ("screening/", "notes/")),
        *(address(each, query) for each in (first, last)),
    }
    assert client.post(address(application, part + query), then | seen_as).status_code == 302


@pytest.mark.parametrize(("part", "name"), [("screening/", "reason"), ("notes/", "text")])
def test_whoever_is_overtaken_by_the_applicant_reads_so_and_keeps_the_words(client, desk, part, name):
    application = desk.submitted(reference="BAL-2026-0042", title="CANARY")
    sign_in(client, desk.staff)
    data = {"decision": "ineligible", "seen": ticket(application), name: "Outside the area & late."}
    with city_scope(desk.city):
        Application.objects.update(status=Status.DRAFT, submitted_at=None, answers_hash="")

    response = client.post(address(application, part), data)
    page = response.content.decode()

    assert response.status_code == 409
    assert "BAL-2026-0042" in page
    assert "Its applicant opened it again" in page
    assert "Outside the area &amp; late." in page
    assert "CANARY" not in page
    assert client.get(address(application)).status_code == 404


@pytest.mark.parametrize("part", ["screening/", "notes/"])
def test_what_was_never_sent_is_not_found_whatever_is_posted(client, desk, part):
    draft = desk.draft()

    response = sign_in(client, desk.staff).post(
        address(draft, part), {"decision": "eligible", "seen": "x", "text": "Hm"}
    )

    assert response.status_code == 404


@pytest.mark.parametrize("status", ["ineligible", "withdrawn"])
def test_a_reason_that_came_too_late_is_given_back(client, desk, status):
    application = desk.submitted()
    data = {"decision": "ineligible", "seen": ticket(application), "reason": "Outside the area."}
    with city_scope(desk.city):
        Application.objects.update(status=status, screening_reason="Late.")

    response = sign_in(client, desk.staff).post(address(application, "screening/"), data)

    assert response.status_code == 409
    assert "Somebody was faster" in response.content.decode()
    assert "Outside the area." in response.content.decode()


def test_notes_are_counted_in_the_queue(client, desk, full):
    page = (
        sign_in(client, desk.staff)
        .get("/baltimore/staff/applications/", {"cycle": full.cycle.slug})
        .content.decode()
    )

    assert 'aria-label="Notes"' in page
    with city_scope(desk.city):
        assert Note.objects.count() == 1


def test_staff_without_a_second_factor_are_sent_to_give_one(client, desk):
    application = desk.submitted()

    response = sign_in(client, desk.staff, second_factor=False).get(address(application))

    assert response.status_code == 302
    assert response.headers["Location"].startswith("/accounts/")


def test_the_person_behind_the_application_is_reachable(client, desk):
    application = desk.submitted(applicant=UserFactory(email="odessa@example.org", phone="410-555-0199"))

    page = sign_in(client, desk.staff).get(address(application)).content.decode()

    assert 'href="mailto:odessa@example.org"' in page
    assert 'href="tel:410-555-0199"' in page
