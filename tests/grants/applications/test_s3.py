"""The same files on a real S3 API: private objects, links of a minute, our own names and types."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.storage import default_storage

from cities.tenancy.scopes import city_scope
from grants.applications.actions import attach_file
from grants.applications.tasks import sweep_uploads
from grants.applications.uploads import read_upload, store_upload, thumbnail_key
from tests.grants.applications.forms import make_call, make_draft
from tests.grants.applications.uploads.making import pdf, picture, sent
from tests.people import sign_in

ROOT = Path(__file__).resolve().parents[3]
BUCKET = "lyb-files"
KEYS = {"access": "lyb-access-key-000001", "secret": "a-secret-of-enough-length-for-the-test-0001"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory):
    """A real S3 server (nanio) with one bucket."""
    port, folder = free_port(), tmp_path_factory.mktemp("s3")
    (folder / BUCKET).mkdir()
    environment = {**os.environ, "NANIO_ACCESS_KEY": KEYS["access"], "NANIO_SECRET_KEY": KEYS["secret"]}
    command = [sys.executable, "-m", "nanio", "serve", "--host", "127.0.0.1", "--port", str(port), "--data-dir", str(folder), "--no-access-log", "--log-level", "error"]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture(scope="module")
def production_settings(endpoint):
    """STORAGES as the settings file itself writes it for such an environment."""
    environment = {
        **os.environ,
        "LYB_S3_BUCKET": BUCKET, "LYB_S3_ENDPOINT": endpoint, "LYB_S3_ACCESS_KEY": KEYS["access"], "LYB_S3_SECRET_KEY": KEYS["secret"],
    }  # fmt: skip
    tell = "import json; from config import settings; print(json.dumps(settings.STORAGES['default']))"
    told = subprocess.run([sys.executable, "-c", tell], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return json.loads(told.stdout)


@pytest.fixture
def s3(settings, production_settings):
    settings.STORAGES = {**settings.STORAGES, "default": production_settings}
    return default_storage


def fetch(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


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
