"""The pages and the API of reports: what they show, and to whom."""

import hashlib
import re

import pytest
from django.test import Client

from cities.access.models import Role
from cities.documents.models import Document
from cities.documents.permissions import can_see_document, visible_to
from cities.tenancy.scopes import center_scope
from tests.factories import UserFactory, make_city, make_member
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db(transaction=True)

REPORTS = "/baltimore/staff/reports/"
API = "/api/v1/cities/baltimore/documents/"


def page(client, address, **options):
    return client.get(address, **options).content.decode()


def test_a_report_is_asked_for_followed_and_downloaded_without_scripts(office):
    client = sign_in(Client(), office.manager)
    assert "A list (CSV)" in page(client, REPORTS)

    asked = client.post(REPORTS, {"kind": "test-list"})
    waiting = page(client, asked["Location"])
    assert "Waits its turn" in waiting
    assert "Look again" in waiting
    with office.inside():
        document = Document.objects.get()
    made = office.make(document)

    ready = page(client, asked["Location"])
    file = client.get(f"/baltimore/documents/{document.pk}/file/")
    content = b"".join(file.streaming_content)
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert re.search(rf'id="fingerprint">{made.sha256}<', ready)
    rows = content.decode("utf-8-sig").splitlines()[1:]
    assert re.search(rf"<dt[^>]*>\s*Rows\s*</dt>\s*<dd[^>]*>\s*{len(rows)}\s*<", ready)
    assert file["Content-Disposition"].startswith("attachment;")
    assert (file["X-Content-Type-Options"], file["Cache-Control"]) == ("nosniff", "private, no-store")


def test_a_page_says_why_something_failed_and_offers_another_try(office):
    failed = office.made("test-refused")
    client = sign_in(Client(), office.manager)

    assert "on a Sunday" in page(client, f"{REPORTS}{failed.pk}/")
    again = client.post(f"/baltimore/documents/{failed.pk}/retry/", follow=True)

    assert "Waits for another try" in again.content.decode()


def test_what_waits_can_be_cancelled_on_its_page(office):
    document = office.ask()
    client = sign_in(Client(), office.manager)

    client.post(f"/baltimore/documents/{document.pk}/cancel/")
    second = client.post(f"/baltimore/documents/{document.pk}/cancel/", follow=True)

    assert office.now(document).status == "cancelled"
    assert "no longer being made" in second.content.decode()


def test_a_kind_that_a_person_may_not_have_is_neither_shown_nor_made(office):
    client = sign_in(Client(), office.viewer)

    assert "A book" not in page(client, REPORTS)
    assert client.post(REPORTS, {"kind": "test-book"}).status_code == 404
    assert client.post(API, {"kind": "test-book"}, content_type="application/json").status_code == 422
    assert client.post(API, {"kind": "nothing"}, content_type="application/json").status_code == 422


def test_too_many_at_once_are_refused_on_the_page_and_in_the_api(office):
    for number in range(5):
        office.ask(rows=number)
    client = sign_in(Client(), office.manager)

    refused = client.post(REPORTS, {"kind": "test-list"})

    assert (refused.status_code, "already wait for 5" in refused.content.decode()) == (422, True)
    assert client.post(API, {"kind": "test-list"}, content_type="application/json").status_code == 429


def test_the_api_asks_tells_cancels_repeats_and_hands_out(office):
    client = sign_in(Client(), office.manager)

    asked = client.post(API, {"kind": "test-list"}, content_type="application/json")
    address = f"{API}{asked.json()['id']}/"
    assert (asked.status_code, asked.json()["status"], asked.json()["progress"]) == (201, "waiting", 0)
    assert client.get(f"{address}file/").status_code == 404
    assert client.post(f"{address}cancel/").json()["status"] == "cancelled"
    assert client.post(f"{address}cancel/").status_code == 409
    assert client.post(f"{address}retry/").json()["status"] == "waiting"
    with office.inside():
        document = Document.objects.get()
    office.make(document)

    done = client.get(address).json()
    content = b"".join(client.get(f"{address}file/").streaming_content)
    assert (done["progress"], done["row_count"], done["sha256"]) == (
        100,
        3,
        hashlib.sha256(content).hexdigest(),
    )
    assert [row["id"] for row in client.get(API).json()["results"]] == [done["id"]]


def test_strangers_foreigners_and_residents_read_no_report(office):
    made = office.made()
    foreign = make_member(make_city("dallas"), Role.MANAGER)

    for user in (None, UserFactory(), foreign, make_member(office.city, Role.REVIEWER), office.officer):
        client = Client() if user is None else sign_in(Client(), user)
        for address in (
            f"{REPORTS}{made.pk}/", f"/baltimore/documents/{made.pk}/", f"/baltimore/documents/{made.pk}/file/",
            f"{API}{made.pk}/", f"{API}{made.pk}/file/", f"/dallas/documents/{made.pk}/file/", f"/center/reports/{made.pk}/file/",
        ):  # fmt: skip
            answer = client.get(address)
            to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login")
            assert to_sign_in or answer.status_code in {401, 403, 404}, (user, address, answer.status_code)


def test_list_and_rule_agree_for_every_person(office):
    mine, theirs = office.made("test-list"), office.made("test-list", by=office.staff)
    book, letter = office.made("test-book"), office.ask("test-letter")
    office.put(letter, subject_id=office.manager.pk)
    hidden = office.ask("test-letter", rows=1)
    office.put(hidden, subject_id=office.staff.pk)
    office.put(gone := office.ask("test-list", rows=9), kind="gone")

    with office.inside():
        for user in (office.manager, office.staff, office.viewer, office.officer, UserFactory()):
            documents = Document.objects.select_related("city")
            allowed = {row.pk for row in documents if can_see_document(user, row)}
            assert set(visible_to(user, office.city).values_list("pk", flat=True)) == allowed
        assert {row.pk for row in visible_to(office.manager, office.city)} == {
            mine.pk,
            theirs.pk,
            book.pk,
            letter.pk,
        }
    assert gone.pk not in {mine.pk, hidden.pk}


def test_the_centers_list_holds_its_own_documents_only(office):
    city_list = office.made()
    mine = office.made("test-center", by=office.auditor)
    client = sign_in(Client(), office.auditor)

    listed = page(client, "/center/reports/")
    assert str(mine.pk) in listed
    assert str(city_list.pk) not in listed
    assert "Download" in page(client, f"/center/reports/{mine.pk}/")
    assert client.get(f"/center/reports/{city_list.pk}/").status_code == 404
    with center_scope(office.auditor):
        assert Document.objects.filter(pk=city_list.pk).exists()


def test_the_list_asks_the_database_as_often_for_three_as_for_one(office):
    client = sign_in(Client(), office.manager)
    office.made(rows=1)
    page(client, REPORTS)
    with count_statements() as one:
        page(client, REPORTS)
    for number in (2, 3):
        office.made(rows=number, by=office.staff)
    with count_statements() as three:
        listed = page(client, REPORTS)

    assert listed.count("/staff/reports/0") == 3
    assert len(three) == len(one)


def test_older_documents_are_on_the_next_page(office):
    for number in range(31):
        office.made(rows=number)
    client = sign_in(Client(), office.manager)

    first = client.get(API).json()
    second = client.get(API, {"after": first["after"]}).json()

    assert (len(first["results"]), len(second["results"]), second["after"]) == (30, 1, "")
