"""The same files on a real S3 API: private objects, links of a minute, our own names and types."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from cities.tenancy.scopes import city_scope
from grants.applications.actions import attach_file
from grants.applications.tasks import sweep_uploads
from grants.applications.uploads import read_upload, store_upload, thumbnail_key
from tests.grants.applications.forms import make_call, make_draft
from tests.grants.applications.uploads.making import pdf, picture, sent
from tests.objects import BUCKET, fetch
from tests.people import sign_in


@pytest.fixture
def photo(s3, city, resident):
    stored = store_upload(read_upload(sent(picture(size=(900, 600)), "Jardín.jpg")))
    with city_scope(city):
        draft = make_draft(resident, {}, cycle=make_call())
        return attach_file(draft.pk, "photos", stored, actor=resident)


def test_objects_are_private(s3, photo, endpoint):
    assert s3.exists(photo.file.name)
    for key in (photo.file.name, thumbnail_key(photo.file.name)):
        assert fetch(f"{endpoint}/{BUCKET}/{key}")[0] == 403


def test_the_page_leads_to_a_link_of_a_minute_with_our_type_and_name(client, resident, photo):
    sign_in(client, resident, second_factor=False)

    response = client.get(f"/tilden/files/{photo.pk}/")

    assert (response.status_code, response["Cache-Control"]) == (302, "private, no-store")
    query = parse_qs(urlsplit(response["Location"]).query)
    assert int(query["X-Amz-Expires"][0]) <= 60
    status, headers, body = fetch(response["Location"])
    assert (status, headers.get("content-type") or headers.get("Content-Type")) == (200, "image/jpeg")
    # nanio does not send these back as S3 does; they are signed all the same.
    assert query["response-content-type"] == ["image/jpeg"]
    assert "Jard%C3%ADn.jpg" in query["response-content-disposition"][0]
    assert len(body) == photo.size_bytes
    assert fetch(client.get(f"/tilden/files/{photo.pk}/small/")["Location"])[0] == 200


def test_a_stranger_gets_no_link(client, neighbor, photo):
    assert client.get(f"/tilden/files/{photo.pk}/")["Location"].startswith("/accounts/login/")
    sign_in(client, neighbor, second_factor=False)
    assert client.get(f"/tilden/files/{photo.pk}/").status_code == 403


def test_a_link_that_was_changed_or_is_old_opens_nothing(client, resident, photo, s3):
    sign_in(client, resident, second_factor=False)
    link = client.get(f"/tilden/files/{photo.pk}/")["Location"]
    other = store_upload(read_upload(sent(pdf(), "other.pdf")))

    assert fetch(link.replace(photo.file.name, other.key))[0] == 403
    assert fetch(link.replace("image%2Fjpeg", "text%2Fhtml"))[0] == 403
    short = s3.url(photo.file.name, expire=1)
    time.sleep(2.1)
    assert fetch(short)[0] == 403


def test_nothing_is_written_over(s3):
    first, second = (store_upload(read_upload(sent(picture(color=color)))) for color in ("red", "blue"))

    assert first.key != second.key
    assert s3.save(first.key, store_content()) != first.key


def store_content():
    from django.core.files.base import ContentFile

    return ContentFile(b"another")


def test_the_sweeper_works_there_too(s3, photo, monkeypatch):
    from datetime import timedelta

    orphan = store_upload(read_upload(sent(picture(color="black"))))
    monkeypatch.setattr("grants.applications.tasks.GRACE", timedelta(seconds=-5))

    sweep_uploads()

    assert s3.exists(photo.file.name)
    assert not s3.exists(orphan.key)
