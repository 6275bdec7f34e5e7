import os
import time
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from cities.tenancy.scopes import city_scope
from grants.applications.actions import attach_file, remove_file
from grants.applications.models import Attachment
from grants.applications.tasks import sweep_uploads
from grants.applications.uploads import read_upload, store_upload, thumbnail_key
from tests.grants.applications.forms import make_call, make_draft
from tests.grants.applications.uploads.making import picture, sent
from tests.storages import asked_in


@pytest.fixture
def draft(city, resident):
    with city_scope(city):
        return make_draft(resident, {}, cycle=make_call())


def stored(files, *, hours_ago: float = 2, color: str = "green"):
    """A photo that lies in the storage, as if it had come a while ago."""
    upload = store_upload(read_upload(sent(picture(color=color))))
    then = time.time() - hours_ago * 3600
    for key in (upload.key, thumbnail_key(upload.key)):
        os.utime(files / key, (then, then))
    return upload


def test_what_was_never_linked_is_swept_with_its_small_twin(db, files):
    orphan = stored(files)

    assert sweep_uploads() == 2
    assert not default_storage.exists(orphan.key)
    assert not default_storage.exists(thumbnail_key(orphan.key))


def test_what_is_linked_stays_in_whatever_city(city, draft, resident, files):
    upload = stored(files)
    with city_scope(city):
        attach_file(draft.pk, "photos", upload, actor=resident)

    assert sweep_uploads() == 0
    assert default_storage.exists(upload.key)


def test_the_storage_is_asked_for_the_age_of_nothing_that_is_linked(city, draft, resident, files, settings):
    linked, orphan = stored(files), stored(files, hours_ago=0.5, color="red")
    with city_scope(city):
        attach_file(draft.pk, "photos", linked, actor=resident)
    asked = asked_in(settings, files)

    assert sweep_uploads() == 0
    assert sorted(asked) == sorted([orphan.key, thumbnail_key(orphan.key)])


def test_what_came_just_now_is_let_alone(db, files):
    stored(files, hours_ago=0.5)

    assert sweep_uploads() == 0


def test_a_removed_file_is_erased_after_a_month(city, draft, resident, files):
    upload = stored(files)
    with city_scope(city):
        attachment = attach_file(draft.pk, "photos", upload, actor=resident)
        remove_file(attachment.pk, actor=resident)
    assert sweep_uploads() == 0

    with city_scope(city):
        Attachment.objects.update(removed_at=timezone.now() - timedelta(days=31))

    assert sweep_uploads() == 2
    with city_scope(city):
        assert Attachment.objects.count() == 1


def test_more_than_a_batch_is_swept_too(db, files, monkeypatch):
    monkeypatch.setattr("grants.applications.tasks.BATCH", 3)
    for color in ("red", "blue", "white", "black"):
        stored(files, color=color)

    assert sweep_uploads() == 8


def test_an_empty_storage_is_no_error(db, files):
    assert sweep_uploads() == 0


def test_the_question_answers_for_known_keys_only(city, draft, resident, files):
    upload = stored(files)
    with city_scope(city):
        attach_file(draft.pk, "photos", upload, actor=resident)

    with connection.cursor() as cursor:
        cursor.execute("SELECT linked_uploads(%s)", [["attachments/%", "attachments/", upload.key]])
        assert cursor.fetchall() == [(upload.key,)]
