import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.actions import attach_file, remove_file, submit_application
from grants.applications.uploads import read_upload, store_upload
from tests.factories import make_city, make_member
from tests.grants.applications.uploads.making import pdf, picture, sent
from tests.people import sign_in


@pytest.fixture
def photo(files, draft, resident):
    stored = store_upload(read_upload(sent(picture(size=(900, 600)), 'Garten "1" \u202eé.jpg')))
    with city_scope(draft.city_id):
        return attach_file(draft.pk, "photos", stored, actor=resident)


def address(file, tail=""):
    return f"/tilden/files/{file.pk}/{tail}"


def content(response):
    return b"".join(response.streaming_content)


def test_the_applicant_sees_the_photo_and_its_small_twin(as_resident, photo):
    large, small = as_resident.get(address(photo)), as_resident.get(address(photo, "small/"))

    assert large.status_code == small.status_code == 200
    assert content(large).startswith(b"\xff\xd8\xff")
    assert len(content(small)) < photo.size_bytes


def test_a_file_is_served_so_that_it_can_do_nothing(as_resident, photo):
    response = as_resident.get(address(photo))

    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script" not in response["Content-Security-Policy"]
    assert (
        response["Content-Disposition"]
        == "inline; filename=\"Garten 1 .jpg\"; filename*=UTF-8''Garten%201%20%C3%A9.jpg"
    )
    response.close()


def test_a_paper_is_downloaded(as_resident, resident, draft, files):
    stored = store_upload(read_upload(sent(pdf(), "quote.pdf")))
    with city_scope(draft.city_id):
        paper = attach_file(draft.pk, "photos", stored, actor=resident)

    response = as_resident.get(address(paper))

    assert response["Content-Disposition"].startswith('attachment; filename="quote.pdf"')
    assert as_resident.get(address(paper, "small/")).status_code == 404
    response.close()


def test_nobody_else_sees_it(client, photo, neighbor):
    assert client.get(address(photo)).status_code == 302

    sign_in(client, neighbor, second_factor=False)
    for tail in ("", "small/"):
        assert client.get(address(photo, tail)).status_code == 403


def test_the_desk_sees_it_once_it_was_sent(client, photo, city, draft, resident):
    sign_in(client, make_member(city, Role.STAFF))
    assert client.get(address(photo)).status_code == 403

    with city_scope(city):
        submit_application(draft.pk, actor=resident)

    response = client.get(address(photo))
    assert response.status_code == 200
    response.close()


def test_an_outside_reviewer_and_another_citys_staff_see_nothing(client, photo, city, draft, resident):
    with city_scope(city):
        submit_application(draft.pk, actor=resident)
    marlow = make_city("marlow")

    sign_in(client, make_member(city, Role.REVIEWER))
    assert client.get(address(photo)).status_code == 403

    sign_in(client, make_member(marlow, Role.MANAGER))
    assert client.get(address(photo)).status_code == 403
    assert client.get(f"/marlow/files/{photo.pk}/").status_code == 404


def test_a_removed_file_is_gone(as_resident, photo, resident):
    with city_scope(photo.city_id):
        remove_file(photo.pk, actor=resident)

    assert as_resident.get(address(photo)).status_code == 404
