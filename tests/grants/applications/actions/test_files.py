from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from grants.applications.actions import attach_file, remove_file, save_answer, submit_application
from grants.applications.errors import (
    DeadlinePassedError,
    TooManyFilesError,
    UnknownFileError,
    UnknownQuestionError,
    WrongStatusError,
)
from grants.applications.models import Application, Attachment
from grants.applications.uploads import StoredFile
from tests.grants.applications.forms import filled, make_draft


def stored(number: int = 1) -> StoredFile:
    return StoredFile(
        f"attachments/{number:032x}", f"photo {number}.jpg", "image/jpeg", 1000, f"{number:064x}", 64, 48
    )


def test_a_file_becomes_part_of_its_answer(in_city, resident):
    draft = make_draft(resident, {})

    attachment = attach_file(draft.pk, "photos", stored(), actor=resident)

    form = filled(draft)
    assert form.value_of("photos") == [str(attachment.pk)]
    assert form.version_of("photos") == 1
    assert (attachment.name, attachment.uploaded_by, attachment.city_id) == (
        "photo 1.jpg",
        resident,
        in_city.pk,
    )
    assert Application.objects.get().file_count == 1


def test_a_file_may_lie_in_a_cell_of_a_table(in_city, resident):
    draft = make_draft(resident, {"helpers": [{"_id": "r1", "name": "Ana"}]})

    attachment = attach_file(draft.pk, "helpers", stored(), actor=resident, place=("r1", "proof"))

    assert filled(draft).value_of("helpers") == [{"_id": "r1", "name": "Ana", "proof": [str(attachment.pk)]}]


def test_the_same_photo_sent_again_is_there_once(in_city, resident):
    draft = make_draft(resident, {})
    first = attach_file(draft.pk, "photos", stored(), actor=resident)

    second = attach_file(draft.pk, "photos", stored(), actor=resident)

    assert first == second
    assert Attachment.objects.count() == 1


def test_the_form_says_how_many(in_city, resident):
    draft = make_draft(resident, {})
    for number in (1, 2, 3):
        attach_file(draft.pk, "photos", stored(number), actor=resident)

    with pytest.raises(TooManyFilesError, match="3 files"):
        attach_file(draft.pk, "photos", stored(4), actor=resident)


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("project_title", ()),
        ("nothing", ()),
        ("photos", ("r1", "x")),
        ("helpers", ()),
        ("helpers", ("r1", "name")),
    ],
)
def test_a_question_without_files_takes_none(in_city, resident, question, place):
    draft = make_draft(resident, {})

    with pytest.raises(UnknownQuestionError):
        attach_file(draft.pk, question, stored(), actor=resident, place=place)


def test_nobody_else_attaches_or_removes(in_city, resident, neighbor):
    draft = make_draft(resident, {})
    attachment = attach_file(draft.pk, "photos", stored(), actor=resident)

    with pytest.raises(PermissionDenied):
        attach_file(draft.pk, "photos", stored(2), actor=neighbor)
    with pytest.raises(PermissionDenied):
        remove_file(attachment.pk, actor=neighbor)


def test_after_the_close_no_file_comes_or_goes(in_city, resident):
    draft = make_draft(resident, {})
    attachment = attach_file(draft.pk, "photos", stored(), actor=resident)
    late = draft.closes_at + timedelta(seconds=1)

    with pytest.raises(DeadlinePassedError):
        attach_file(draft.pk, "photos", stored(2), actor=resident, received_at=late)
    with pytest.raises(DeadlinePassedError):
        remove_file(attachment.pk, actor=resident, received_at=late)


def test_after_sending_no_file_comes(in_city, resident):
    draft = make_draft(resident)
    submit_application(draft.pk, actor=resident)

    with pytest.raises(WrongStatusError):
        attach_file(draft.pk, "photos", stored(), actor=resident)


def test_a_removed_file_leaves_the_answer_and_its_row_stays(in_city, resident):
    draft = make_draft(resident, {})
    keep, drop = (attach_file(draft.pk, "photos", stored(number), actor=resident) for number in (1, 2))

    remove_file(drop.pk, actor=resident)
    remove_file(drop.pk, actor=resident)

    assert filled(draft).value_of("photos") == [str(keep.pk)]
    assert Attachment.objects.filter(removed_at__isnull=False).get() == drop
    assert Application.objects.get().file_count == 1


def test_the_only_file_of_a_cell_is_removed_and_the_rest_of_its_row_stays(in_city, resident):
    draft = make_draft(resident, {})
    save_answer(draft.pk, "helpers", [{"_id": "r1", "name": "Odessa"}], version=0, actor=resident)
    attachment = attach_file(draft.pk, "helpers", stored(), actor=resident, place=("r1", "proof"))

    remove_file(attachment.pk, actor=resident)

    assert filled(draft).value_of("helpers") == [{"_id": "r1", "name": "Odessa"}]
    assert Application.objects.get().file_count == 0


def test_a_removed_file_cannot_be_named_again(in_city, resident):
    draft = make_draft(resident, {})
    attachment = attach_file(draft.pk, "photos", stored(), actor=resident)
    remove_file(attachment.pk, actor=resident)

    with pytest.raises(UnknownFileError):
        save_answer(draft.pk, "photos", [str(attachment.pk)], version=2, actor=resident)


def test_a_failure_after_the_last_write_leaves_nothing(in_city, resident):
    from cities.tenancy.actions import action

    draft = make_draft(resident, {})

    @action
    def attach_and_fail():
        attach_file(draft.pk, "photos", stored(), actor=resident)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        attach_and_fail()

    assert Attachment.objects.count() == 0
    assert filled(draft).answers == {}
