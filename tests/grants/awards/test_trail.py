"""What is read of an award by a person with a conflict of interest, and by staff who applied."""

import pytest
from django.utils import timezone

from cities.access.models import Role
from cities.audit.queries import trail_page
from cities.audit.trail import record
from cities.documents.actions import remove_old_documents, request_document
from cities.documents.models import Document
from cities.documents.states import Status as DocumentStatus
from grants.awards.documents import request_letter
from grants.awards.queries import award_history
from grants.reviews.actions import declare_conflict
from tests.factories import UserFactory

from .factories import make_application, make_award, make_colleague


def test_the_trail_hides_an_award_from_whoever_has_a_conflict_with_its_application(in_city, manager):
    award, colleague = make_award(), make_colleague(Role.STAFF)
    declare_conflict(award.application_id, person=colleague, kind="family", actor=manager)

    def read(reader):
        (line,) = [
            line for line in trail_page(in_city, {}, reader=reader).lines if line.event.subject_id == award.pk
        ]
        return line

    assert (read(colleague).is_hidden, read(colleague).subject) == (True, None)
    assert award.reference not in read(colleague).words
    assert award.reference in read(manager).subject.label


@pytest.fixture
def letter(in_city, manager):
    """The letter of an award, and a manager who has a conflict of interest with its application."""
    award, conflicted = make_award(), make_colleague(Role.MANAGER)
    declare_conflict(award.application_id, person=conflicted, kind="family", actor=manager)
    return request_letter(award, actor=manager), award, conflicted


@pytest.mark.parametrize("is_removed", [False, True])
def test_the_trail_hides_a_letter_of_an_award_with_the_award(in_city, manager, letter, is_removed):
    document, award, conflicted = letter
    request_document("cycle-report", parameters={}, title="Of the call", actor=manager)
    if is_removed:
        Document.objects.filter(pk=document.pk).update(
            status=DocumentStatus.FAILED, failure="No", ended_at=document.created_at
        )
        remove_old_documents(timezone.now())
    about = {document.pk, award.pk}

    mine, theirs = (trail_page(in_city, {}, reader=reader).lines for reader in (conflicted, manager))

    assert not [line for line in mine if award.reference in f"{line.words} {line.subject}"]
    assert {line.is_hidden for line in mine if line.event.subject_id in about} == {True}
    assert {line.is_hidden for line in theirs} == {False}
    assert [line for line in theirs if f"Award letter {award.reference}" in line.words]
    assert [line for line in mine if "Of the call" in line.words]


@pytest.mark.parametrize("kind", ["cities.document", "grants.award", "grants.application"])
def test_a_filter_of_the_trail_tells_nothing_of_what_is_hidden(in_city, manager, letter, kind):
    _document, award, conflicted = letter
    for wanted in ({"kind": kind}, {"who": manager.name}, {"about": award.pk}):
        mine, theirs = (trail_page(in_city, wanted, reader=reader).lines for reader in (conflicted, manager))

        assert not [line for line in mine if line.is_hidden]
        assert theirs


def test_pages_of_a_filtered_trail_neither_skip_nor_repeat_nor_tell_of_hidden_lines(in_city, manager):
    seen, hidden, conflicted = make_application(), make_application(), make_colleague(Role.MANAGER)
    declare_conflict(hidden.pk, person=conflicted, kind="family", actor=UserFactory())
    pattern = "..xxxxxxx.x...x.xx"
    for number, sign in enumerate(pattern):
        subject = hidden if sign == "x" else seen
        record("application:mark-eligible", actor=manager, subject=subject, number=number)

    wanted, pages = (
        {"who": manager.name},
        [trail_page(in_city, {"who": manager.name}, reader=conflicted, size=2)],
    )
    while pages[-1].after:
        pages.append(trail_page(in_city, wanted, reader=conflicted, after=pages[-1].after, size=2))

    numbers = [line.event.data["number"] for page in pages for line in page.lines]
    assert numbers == [number for number in reversed(range(len(pattern))) if pattern[number] == "."]
    assert [len(page.lines) for page in pages] == [2, 2, 2, 1]
    assert not [line for page in pages for line in page.lines if line.is_hidden]


def test_the_history_of_ones_own_award_tells_nothing_of_its_reviews(in_city, manager):
    applied, colleague, third = (make_colleague(Role.STAFF) for _ in range(3))
    award = make_award(applicant=applied)
    declare_conflict(award.application_id, person=third, kind="family", actor=manager)

    tags = [{event.tag for event in award_history(award, reader)} for reader in (applied, colleague)]

    assert tags[1] - tags[0] == {"conflict:declare"}
    assert "award:offer" in tags[0]
