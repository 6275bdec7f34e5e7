"""Documents and logos on a real S3 API: private objects, links of a minute for readers only."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile

from cities.access.models import Role
from cities.documents.models import Document
from cities.profile.logos import store_logo
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from tests.cities.documents import kinds  # noqa: F401  registers
from tests.factories import make_city, make_member
from tests.objects import BUCKET, fetch
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city("tilden")


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER)


@pytest.fixture
def document(s3, city, manager):
    key = s3.save("documents/letter", ContentFile(b"a,b"))
    with city_scope(city):
        return Document.objects.create(
            kind="test-list", title="List", requested_by=manager, status="finished", progress=100, row_count=1, size_bytes=3, sha256="0" * 64,
            file=key, file_name="list.csv", content_type="text/csv",
        )  # fmt: skip


def test_a_document_is_read_by_a_link_of_a_minute_and_no_other_way(client, document, manager, endpoint):
    sign_in(client, manager)

    link = client.get(f"/api/v1/cities/tilden/documents/{document.pk}/file/")["Location"]

    query = parse_qs(urlsplit(link).query)
    assert int(query["X-Amz-Expires"][0]) <= 60
    assert query["response-content-disposition"][0].startswith("attachment")
    status, _headers, body = fetch(link)
    assert (status, body) == (200, b"a,b")
    assert fetch(f"{endpoint}/{BUCKET}/{document.file.name}")[0] == 403
    assert fetch(link.replace("attachment", "inline"))[0] == 403
    assert fetch(link.replace("X-Amz-Expires=60", "X-Amz-Expires=3600"))[0] == 403


def test_another_city_gets_no_link(client, document):
    sign_in(client, make_member(make_city("dallas"), Role.MANAGER))

    assert client.get(f"/api/v1/cities/tilden/documents/{document.pk}/file/").status_code == 403
    assert client.get(f"/api/v1/cities/dallas/documents/{document.pk}/file/").status_code == 404


def test_a_logo_is_shown_by_its_page_only(client, s3, city, endpoint):
    with city_scope(city):
        City.objects.filter(pk=city.pk).update(logo=store_logo(b"\x89PNG"))
    city.refresh_from_db()

    assert client.get("/tilden/logo").content == b"\x89PNG"
    assert fetch(f"{endpoint}/{BUCKET}/{city.logo.name}")[0] == 403
