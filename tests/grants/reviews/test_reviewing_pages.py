"""The reviewer's pages."""

import re
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.models import Answer, Attachment, Conflict, Note
from grants.reviews.models import Review
from grants.reviews.states import Status
from tests.factories import make_member, make_officer
from tests.people import sign_in
from tests.queries import count_statements

from .factories import FULL

pytestmark = pytest.mark.django_db
LIST = "/baltimore/review/"
TYPED = {
    "version": "0",
    "gates.workshop": "yes",
    "words.workshop": "",
    "scores.impact": "25",
    "words.impact": "Many neighbors.",
    "scores.budget": "17.5",
    "words.budget": "",
    "words.fit": "",
    "bonus.area": "on",
    "comment": "Well thought out.",
    "recommended": "1,200",
}


def page(review, part="") -> str:
    return f"{LIST}{review.pk}/{part}"


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def review(panel, application):
    return panel.review(application, panel.robert, due_on=timezone.now().date() + timedelta(days=3))


@pytest.fixture
def robert(client, panel):
    """An outside reviewer needs the e-mailed code only."""
    return sign_in(client, panel.robert, second_factor=False)


def test_the_list_says_what_is_to_do_and_what_is_sent(robert, panel, review):
    late = panel.application(title="Corner mural")
    panel.review(late, panel.robert, due_on=timezone.now().date() - timedelta(days=2), version=3)
    sent = panel.application(title="Sunflower lot")
    panel.review(sent, panel.robert, sent=True)
    panel.application(title="CANARY of somebody else")

    found = text(robert.get(LIST))

    for words in (
        "Tilden Street garden",
        "Corner mural",
        "Sunflower lot",
        "1 of 3 sent",
        "Late",
        "Begun",
        "47.5",
    ):
        assert words in found
    assert "CANARY" not in found


def test_an_empty_list_says_so_and_a_resident_has_none(client, panel, robert):
    assert "Nothing to review yet" in text(robert.get(LIST))
    from tests.factories import UserFactory

    assert sign_in(client, UserFactory()).get(LIST).status_code == 403


def test_a_finished_list_says_thanks(robert, panel, application):
    panel.review(application, panel.robert, sent=True)

    assert "All done" in text(robert.get(LIST))


def test_the_question_comes_before_the_file(robert, panel, application):
    review = panel.review(application, panel.robert, cleared_at=None)
    with city_scope(panel.city):
        Answer.objects.create(
            application=application, question="description", version=1, value="SECRET PLAN", written_by=application.applicant
        )  # fmt: skip

    before = text(robert.get(page(review)))
    robert.post(page(review), TYPED)
    opened = robert.post(page(review, "open/"), {"kind": "none"})
    after = text(robert.get(page(review)))

    assert "Do you have a conflict of interest" in before
    assert "SECRET PLAN" not in before
    assert (opened.status_code, opened["Location"]) == (302, page(review))
    assert "SECRET PLAN" in after
    assert "Score sheet" in after
    assert panel.now(review).version == 0


def test_no_answer_is_asked_again(robert, panel, application):
    review = panel.review(application, panel.robert, cleared_at=None)

    answer = robert.post(page(review, "open/"), {})

    assert answer.status_code == 422
    assert "Please choose one." in text(answer)


def test_a_conflict_takes_it_off_the_list_for_good(robert, panel, application):
    review = panel.review(application, panel.robert, cleared_at=None)

    answer = robert.post(page(review, "open/"), {"kind": "neighbor", "words": "Next door"}, follow=True)

    assert "is off your list" in text(answer)
    assert "Tilden Street garden" not in text(answer)
    assert robert.get(page(review)).status_code == 403
    assert panel.now(review).status == Status.RECUSED


def test_a_conflict_can_come_to_mind_later(robert, panel, review):
    assert "Declare a conflict of interest" in text(robert.get(page(review, "conflict/")))
    assert robert.post(page(review, "conflict/"), {}).status_code == 200

    robert.post(page(review, "conflict/"), {"kind": "family"})

    with city_scope(panel.city):
        assert Conflict.objects.get().kind == "family"
    assert robert.get(page(review)).status_code == 403


def test_saving_without_javascript(robert, panel, review):
    answer = robert.post(page(review), {**TYPED, "deed": "save"}, follow=True)

    found = panel.now(review)
    assert "Saved." in text(answer)
    assert found.scores == FULL["scores"]
    assert (found.gates, found.bonus["area"], found.bonus["lots"]) == ({"workshop": True}, True, False)
    assert (found.comment, found.recommended_cents, found.version) == ("Well thought out.", 120_000, 1)
    assert "47.5" in text(answer)


def test_each_box_of_the_sheet_has_a_name_of_its_own(robert, review):
    names = re.findall(r'<label class="usa-label" for="id_words[^>]*>([^<]*)', text(robert.get(page(review))))

    assert [name.strip() for name in names] == [
        "Why? Came to the workshop?",
        "Comment: Community impact",
        "Comment: Budget",
        "Comment: Fit with the plan",
    ]


def test_half_a_sheet_is_kept_too(robert, panel, review):
    robert.post(page(review), {"version": "0", "scores.impact": "many", "deed": "save"})

    assert panel.now(review).scores["impact"] == "many"
    assert 'value="many"' in text(robert.get(page(review)))


def test_checking_and_sending(robert, panel, application, review):
    checked = robert.post(page(review), {**TYPED, "deed": "send"}, follow=True)
    sent = robert.post(page(review, "send/"), {"version": "1"}, follow=True)

    assert "Send your scores for" in text(checked)
    assert "are in." in text(sent)
    assert panel.now(review).status == Status.SUBMITTED
    assert panel.now(application).scored_count == 1
    assert "Your scores" in text(robert.get(page(review)))


def test_what_is_missing_leads_back_to_its_place(robert, panel, review):
    robert.post(page(review), {"version": "0", "gates.workshop": "no", "scores.impact": "31", "deed": "save"})

    for answer in (robert.get(page(review, "send/")), robert.post(page(review, "send/"), {"version": "1"})):
        found = text(answer)
        assert answer.status_code == 422
        assert "Please say why the answer is no." in found
        assert "Give a number from 0 to 30" in found
        assert "Please give points." in found
        assert " data-unsaved " not in found
    assert panel.now(review).status == Status.ASSIGNED


def test_a_sheet_sent_back_saves_what_is_typed_then(robert, panel, review):
    robert.post(page(review), {"version": "0", "deed": "send"})

    answer = robert.get(page(review, "send/"))

    assert f'<form class="sheet__form" method="post" action="{page(review)}"' in answer.content.decode()


def test_a_bad_amount_is_refused_and_what_was_typed_stays(robert, panel, review):
    answer = robert.post(page(review), {**TYPED, "recommended": "a lot"})

    assert answer.status_code == 422
    assert 'value="a lot"' in text(answer)
    assert " data-unsaved " in text(answer)
    assert panel.now(review).version == 0


def test_two_windows_are_told_and_the_second_can_go_on_knowingly(robert, panel, review):
    robert.post(page(review), {**TYPED, "comment": "First window."})

    told = robert.post(page(review), {**TYPED, "comment": "Second window."})
    again = robert.post(page(review), {**TYPED, "version": "1", "comment": "Second window."})

    assert told.status_code == 409
    assert "changed in another window" in text(told)
    assert "Second window.</textarea>" in text(told)
    assert 'value="17.5"' in text(told)
    assert 'name="version" value="1"' in text(told)
    assert again.status_code == 302
    assert panel.now(review).comment == "Second window."


def test_sending_what_was_changed_since_is_refused(robert, panel, review):
    robert.post(page(review), TYPED)

    answer = robert.post(page(review, "send/"), {"version": "0"})

    assert answer.status_code == 409
    assert panel.now(review).status == Status.ASSIGNED


def test_scores_are_taken_back_and_changed(robert, panel, application):
    review = panel.review(application, panel.robert, sent=True)

    assert "leave the average" in text(robert.get(page(review, "change/")))
    robert.post(page(review, "change/"))

    assert panel.now(review).status == Status.ASSIGNED
    assert "Score sheet" in text(robert.get(page(review)))


def test_after_the_decision_the_sheet_is_only_read(robert, panel):
    decided = panel.application(status="awarded")
    review = panel.review(decided, panel.robert, sent=True)
    refused = robert.post(page(review, "change/"))

    assert "This application has left review" in text(robert.get(page(review)))
    assert refused.status_code == 422
    assert panel.now(review).status == Status.SUBMITTED


def test_whoever_scored_what_was_taken_back_reads_so_and_nobody_else(client, panel):
    gone = panel.application(title="SECRET PLAN", status="withdrawn")
    review, released = panel.review(gone, panel.robert), panel.review(gone, panel.rosa, status="released")
    declared = panel.review(gone, panel.staff)
    panel.conflict(gone, panel.staff)

    found = sign_in(client, panel.robert, second_factor=False).get(page(review))
    typed = client.post(page(review), TYPED)
    statuses = [
        sign_in(client, reader).get(page(row)).status_code
        for reader, row in [(panel.rosa, released), (panel.staff, declared), (panel.manager, review)]
    ]

    assert (found.status_code, typed.status_code, statuses) == (410, 410, [403] * 3)
    assert "The applicant took it back" in text(found)
    assert f'href="{LIST}"' in text(found)
    assert "SECRET PLAN" not in text(found)


@pytest.mark.parametrize("status", ["draft", "submitted", "ineligible"])
def test_what_is_not_in_review_is_closed_to_its_reviewers(robert, panel, status):
    gone = panel.application(status=status, screening_reason="So.")
    review = panel.review(gone, panel.robert)

    assert robert.get(page(review)).status_code == 403
    assert "Tilden Street garden" not in text(robert.get(LIST))


def test_the_page_shows_neither_notes_nor_other_scores_nor_the_account(robert, panel, application, review):
    with city_scope(panel.city):
        Note.objects.create(application=application, author=panel.staff, text="CANARY note")
    panel.review(application, panel.rosa, sent=True, comment="CANARY comment", total="48.25")

    found = text(robert.get(page(review)))

    assert "CANARY" not in found
    assert "48.25" not in found
    assert application.applicant.email not in found


def test_the_files_open_with_the_application_and_close_with_a_conflict(robert, panel, application):
    review = panel.review(application, panel.robert, cleared_at=None)
    with city_scope(panel.city):
        file = Attachment.objects.create(
            application=application, question="photos", name="lot.jpg", content_type="image/jpeg", size_bytes=1,
            file=default_storage.save("attachments/reviewed", ContentFile(b"x")), sha256="0" * 64, uploaded_by=application.applicant,
        )  # fmt: skip
    address = f"/baltimore/files/{file.pk}/"

    before = robert.get(address).status_code
    robert.post(page(review, "open/"), {"kind": "none"})
    opened = robert.get(address).status_code
    robert.post(page(review, "conflict/"), {"kind": "family"})
    closed = robert.get(address).status_code

    assert (before, opened, closed) == (403, 200, 403)


def test_a_review_that_was_taken_off_or_a_role_that_ended_closes_the_file(robert, panel, review):
    with city_scope(panel.city):
        Review.objects.update(status=Status.RELEASED)
    assert robert.get(page(review)).status_code == 403

    with city_scope(panel.city):
        Review.objects.update(status=Status.ASSIGNED)
    assert robert.get(page(review)).status_code == 200
    with city_scope(panel.city):
        panel.robert.memberships.update(ended_at=timezone.now())
    assert robert.get(page(review)).status_code == 403
    assert robert.get(LIST).status_code == 403


@pytest.mark.parametrize("where", ["desk", "center"])
def test_whoever_holds_another_role_gives_the_second_factor_here_too(client, panel, application, where):
    person = make_officer(Role.AUDITOR) if where == "center" else make_member(panel.city, Role.VIEWER)
    with city_scope(panel.city):
        person.memberships.create(role=Role.REVIEWER, city=panel.city)
    review = panel.review(application, person)

    without = sign_in(client, person, second_factor=False).get(page(review))
    given = sign_in(client, person).get(page(review))

    assert without["Location"].startswith("/accounts/factor/")
    assert given.status_code == 200


def test_signing_in_leads_a_reviewer_to_the_list(client, panel):
    from cities.access.queries import review_place

    assert review_place(panel.robert) == LIST
    assert review_place(panel.staff) == ""


def test_the_list_takes_as_many_statements_for_three_as_for_one(robert, panel, review):
    robert.get(LIST)
    with count_statements() as one:
        robert.get(LIST)
    for _ in range(2):
        panel.review(panel.application(), panel.robert)
    with count_statements() as three:
        robert.get(LIST)

    assert len(one) == len(three) <= 7


def test_a_sheet_stays_within_ten_statements(robert, review):
    robert.get(page(review))
    with count_statements() as statements:
        robert.get(page(review))

    assert len(statements) <= 10
