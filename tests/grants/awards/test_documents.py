"""The award letter: for the applicant and the desk, in the applicant's language, and for nobody else."""

from datetime import timedelta
from io import BytesIO

import pypdf
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cities.access.models import Role
from cities.documents import tasks
from cities.documents.models import Document
from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from grants.awards.actions import extend_offer, rescind_award
from grants.awards.documents import NoLetterError, readable_awards, request_letter
from grants.awards.models import Award
from grants.awards.permissions import can_see_award
from grants.awards.queries import awards_with_application
from grants.awards.states import Status
from tests.factories import ApplicationFactory, UserFactory, make_city, make_member
from tests.grants.payments.factories import make_award
from tests.people import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city():
    return make_city("baltimore", contact_name="Ms. Lee", contact_phone="410 555 0100")


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER)


def award_in(city, language="en", status=Status.ACCEPTED, **fields):
    with city_scope(city):
        application = ApplicationFactory(
            submitted=True,
            language=language,
            applicant_name="Ana Ruiz",
            status="awarded",
            city_slug=city.slug,
        )
        return make_award(application=application, status=status, **fields)


def finished(city, award, actor):
    with city_scope(city):
        document = request_letter(awards_with_application().get(pk=award.pk), actor=actor)
    tasks.make(str(city.pk), str(document.pk), document.attempts)
    with city_scope(city):
        document.refresh_from_db()
    assert document.status == "finished", document.failure
    with default_storage.open(document.file.name) as file:
        return document, pypdf.PdfReader(BytesIO(file.read()))


def text_of(reader):
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_the_letter_names_person_amount_conditions_and_whom_to_call(city, manager):
    award = award_in(city, conditions="Plant native species.\nPut up the city’s sign.")

    document, reader = finished(city, award, manager)

    text = text_of(reader)
    for words in (
        "Dear Ana Ruiz,",
        "$1,853.00",
        "Tilden Street garden",
        "Plant native species.",
        "410 555 0100",
    ):
        assert words in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert document.file_name == f"{award.reference}-letter.pdf"


def test_the_letter_is_in_the_applicants_language_whoever_asks(city, manager):
    document, reader = finished(city, award_in(city, language="es"), manager)

    assert document.language == "es"
    assert reader.trailer["/Root"]["/Lang"] == "es-US"


def test_an_offer_says_how_to_answer(city, manager):
    _document, reader = finished(city, award_in(city, status=Status.OFFERED), manager)

    assert "Say yes or no" in text_of(reader)


def test_an_award_that_does_not_stand_has_no_letter(city, manager):
    award = award_in(city)
    with city_scope(city):
        award.status = Status.DECLINED
        with pytest.raises(NoLetterError):
            request_letter(award, actor=manager)


def test_the_list_of_letters_agrees_with_the_rule_for_one(city, manager):
    awards = [award_in(city), award_in(city)]
    conflicted, reviewer = make_member(city, Role.STAFF), make_member(city, Role.REVIEWER)
    with city_scope(city):
        Conflict.objects.create(
            application=awards[0].application, person=conflicted, kind="family", declared_by=conflicted
        )
        ids = {award.pk for award in awards}
        for user in (manager, conflicted, reviewer, awards[0].applicant, UserFactory()):
            allowed = {award.pk for award in Award.objects.all() if can_see_award(user, award)}
            assert readable_awards(user, ids) == allowed
        assert readable_awards(conflicted, ids) == {awards[1].pk}


def test_the_letter_of_an_offer_that_was_taken_back_is_the_desks_only(city, manager):
    award = award_in(city, status=Status.OFFERED)
    own, _reader = finished(city, award, award.applicant)
    desks, _reader = finished(city, award, manager)
    with city_scope(city):
        rescind_award(award.pk, reason="Twice", actor=manager)

    applicant, desk = sign_in(Client(), award.applicant), sign_in(Client(), manager)
    for address in ("", "file/"):
        assert applicant.get(f"/{city.slug}/documents/{own.pk}/{address}").status_code == 403
    assert desk.get(f"/{city.slug}/documents/{desks.pk}/file/").status_code == 200


def test_a_resident_asks_for_the_letter_waits_and_downloads_it(city):
    award = award_in(city)
    client = sign_in(Client(), award.applicant)
    page = reverse("grants:award-letter", args=[city.slug, award.pk])

    assert "Make the letter" in client.get(page).content.decode()
    waiting = client.post(page)
    assert "Waits its turn" in client.get(waiting["Location"]).content.decode()
    with city_scope(city):
        document = Document.objects.get()
    tasks.make(str(city.pk), str(document.pk), 0)

    ready = client.get(page, follow=True)
    assert f"/{city.slug}/documents/{document.pk}/" == ready.redirect_chain[-1][0]
    assert "Download" in ready.content.decode()
    file = client.get(f"/{city.slug}/documents/{document.pk}/file/")
    content = b"".join(file.streaming_content)
    assert content.startswith(b"%PDF")
    assert file["Content-Disposition"].startswith("attachment;")
    assert (file["X-Content-Type-Options"], file["Cache-Control"]) == ("nosniff", "private, no-store")


def test_nobody_else_reads_a_residents_letter(city, manager):
    award = award_in(city)
    document, _reader = finished(city, award, award.applicant)
    foreign = make_member(make_city("dallas"), Role.MANAGER)

    for user in (None, UserFactory(), foreign, make_member(city, Role.REVIEWER), manager):
        client = Client() if user is None else sign_in(Client(), user)
        for address in ("", "file/"):
            answer = client.get(f"/{city.slug}/documents/{document.pk}/{address}")
            assert answer.status_code in {302, 403}
            assert answer.status_code == 403 or "/accounts/login" in answer["Location"]
        assert client.get(f"/api/v1/cities/{city.slug}/documents/{document.pk}/file/").status_code in {
            401,
            403,
        }
        assert client.get(f"/dallas/documents/{document.pk}/file/").status_code in {302, 404}


def test_a_letter_is_made_anew_once_the_award_has_changed(city):
    award = award_in(city)
    document, _reader = finished(city, award, award.applicant)
    with city_scope(city):
        Document.objects.update(created_at=award.offered_at.replace(year=2020))

    client = sign_in(Client(), award.applicant)
    answer = client.get(f"/api/v1/cities/{city.slug}/awards/{award.pk}/letter/")
    assert answer.json() == {"letter": None}

    made = client.post(f"/api/v1/cities/{city.slug}/awards/{award.pk}/letter/")
    assert (made.status_code, made.json()["status"]) == (201, "waiting")
    assert made.json()["id"] != str(document.pk)


def test_a_letter_is_made_anew_once_the_offer_has_more_time(city, manager):
    today = timezone.localdate(timezone=city.zone)
    award = award_in(city, status=Status.OFFERED, answer_by_on=today)
    finished(city, award, award.applicant)
    address = f"/api/v1/cities/{city.slug}/awards/{award.pk}/letter/"
    client = sign_in(Client(), award.applicant)
    before = client.get(address).json()["letter"]
    with city_scope(city):
        extend_offer(award.pk, answer_by_on=today + timedelta(days=9), actor=manager)

    assert before is not None
    assert client.get(address).json() == {"letter": None}
