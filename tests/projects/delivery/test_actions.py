"""Telling and publishing: one success per action, and each refusal."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from grants.awards.actions import accept_award
from grants.payments.actions import complete_award, decide_receipt
from projects.delivery.actions import (
    add_update,
    describe_project,
    hide_update,
    open_project,
    publish_project,
    publish_update,
    remove_update,
    set_project_status,
    unpublish_project,
)
from projects.delivery.actions.updates import MOST_PHOTOS, SENT_AGAIN_WITHIN, NewPhoto
from projects.delivery.errors import (
    DayError,
    NotAPhotoError,
    ReasonMissingError,
    TooManyPhotosError,
    WrongStatusError,
)
from projects.delivery.models import Photo, Project, Update
from projects.delivery.states import CAN_HIDE, CAN_PUBLISH, CAN_REMOVE, Status, UpdateStatus
from residents.notices.registry import write_letter
from tests.grants.awards.factories import make_award
from tests.grants.payments.factories import make_trio, paid, receipt_of

from .factories import make_project, make_update, photo, stored, yesterday


def tags_of(row):
    return list(Event.objects.filter(subject_id=row.pk).order_by("created_at").values_list("tag", flat=True))


def told(row):
    return sorted(Message.objects.filter(subject_id=row.pk).values_list("kind", flat=True))


def test_accepting_an_award_opens_one_project_that_nobody_else_sees_yet(in_city):
    award = make_award(
        title="Corner garden",
        group_name="Tilden Neighbors",
        neighborhood="Eastside",
        latitude=41.507243,
        longitude=-81.612388,
    )

    assert not Project.objects.exists()
    accept_award(award.pk, payee_name="Rosa Vega", actor=award.applicant)

    project = Project.objects.get()
    assert (project.title, project.group_name, project.neighborhood) == (
        "Corner garden",
        "Tilden Neighbors",
        "Eastside",
    )
    assert (project.latitude, project.longitude) == (41.507, -81.612)
    assert (project.lead, project.status, project.published_at) == (award.applicant, Status.PLANNED, None)
    assert tags_of(project) == ["project:open"]
    assert told(project) == ["project-opened"]


def test_opening_a_project_twice_is_one(project):
    again = open_project(project.award, actor=project.lead)

    assert again == project
    assert tags_of(project) == ["project:open"]


def test_a_project_is_shown_and_taken_off_each_of_them_once_in_the_trail(project, staff):
    publish_project(project.pk, actor=staff)
    shown = publish_project(project.pk, actor=staff)
    assert shown.published_at is not None

    unpublish_project(project.pk, reason=" A family asked. ", actor=staff)
    hidden = unpublish_project(project.pk, reason="Again", actor=staff)

    assert hidden.published_at is None
    assert tags_of(project) == ["project:open", "project:publish", "project:unpublish"]
    assert Event.objects.get(tag="project:unpublish").data["reason"] == "A family asked."
    message = Message.objects.get(kind="project-taken-off")
    assert (message.recipient, message.data["reason"]) == (project.lead, "A family asked.")


def test_no_project_is_taken_off_without_a_reason(project, staff):
    publish_project(project.pk, actor=staff)

    with pytest.raises(ReasonMissingError) as refusal:
        unpublish_project(project.pk, reason="  ", actor=staff)

    project.refresh_from_db()
    assert (refusal.value.field, project.published_at is None) == ("reason", False)


def test_a_project_that_was_taken_off_stays_off_until_it_is_shown_again(project, staff):
    first, second = make_update(project), make_update(project)
    publish_update(first.pk, actor=staff)
    unpublish_project(project.pk, reason="Faces", actor=staff)

    publish_update(second.pk, actor=staff)

    project.refresh_from_db()
    assert (project.published_at, project.update_count) == (None, 2)
    letter = write_letter(Message.objects.filter(kind="update-published").latest("id"))
    assert "Everybody can see" not in letter.subject
    publish_project(project.pk, actor=staff)
    project.refresh_from_db()
    assert (project.published_at is not None, project.hidden_at) == (True, None)
    assert tags_of(project).count("project:publish") == 2


def test_what_the_public_page_says_is_corrected_and_the_application_stays(in_city, staff):
    project = make_project(
        title="Corner garden", group_name="Rosa’s", place="12 Elm St", place_at=(41.507243, -81.612388)
    )

    words = {"title": "Garden", "group_name": "", "place": "Elm and 5th", "is_on_map": False}
    describe_project(project.pk, words=words, actor=staff)
    describe_project(project.pk, words=words, actor=staff)

    project.refresh_from_db()
    assert (project.title, project.group_name, project.place) == ("Garden", "", "Elm and 5th")
    assert (project.latitude, project.longitude) == (None, None)
    application = project.award.application
    assert (application.place, application.latitude) == ("12 Elm St", 41.507243)
    assert tags_of(project) == ["project:open", "project:describe"]

    describe_project(project.pk, words={"is_on_map": True}, actor=staff)

    project.refresh_from_db()
    assert (project.place, project.latitude, project.longitude) == ("Elm and 5th", 41.507, -81.612)


def test_a_project_keeps_a_name(project, staff):
    with pytest.raises(RuleError) as refusal:
        describe_project(project.pk, words={"title": ""}, actor=staff)

    assert refusal.value.field == "title"


def test_how_far_a_project_is_is_told_once(project, staff):
    set_project_status(project.pk, status=Status.UNDER_WAY, actor=staff)
    set_project_status(project.pk, status=Status.UNDER_WAY, actor=staff)

    event = Event.objects.get(subject_id=project.pk, tag="project:status")
    assert (event.data["before"], event.data["after"]) == ("planned", "under_way")


@pytest.fixture
def trio(city):
    return make_trio(city)


@pytest.mark.parametrize("status", Status)
def test_a_project_ends_with_its_award_unless_it_stopped(trio, project, staff, manager, status):
    set_project_status(project.pk, status=status, actor=staff)
    paid(project.award, trio, 100)
    decide_receipt(receipt_of(project.award, 100).pk, accepted_cents=100, actor=staff)

    complete_award(project.award_id, actor=manager)

    project.refresh_from_db()
    assert project.status == (Status.STOPPED if status == Status.STOPPED else Status.FINISHED)
    by_award = Event.objects.filter(subject_id=project.pk, tag="project:status", actor=manager)
    assert [event.data for event in by_award] == (
        [{"before": str(status), "after": "finished"}] if status in {Status.PLANNED, Status.UNDER_WAY} else []
    )


def test_a_project_for_which_nothing_was_paid_stops_with_its_award(project, manager):
    complete_award(project.award_id, actor=manager)

    project.refresh_from_db()
    assert project.status == Status.STOPPED


@pytest.mark.parametrize("status", Status)
def test_every_project_but_a_finished_one_can_stop(project, staff, status):
    set_project_status(project.pk, status=status, actor=staff)

    if status == Status.FINISHED:
        with pytest.raises(WrongStatusError):
            set_project_status(project.pk, status=Status.STOPPED, actor=staff)
    else:
        set_project_status(project.pk, status=Status.STOPPED, actor=staff)

    project.refresh_from_db()
    assert project.status == (Status.FINISHED if status == Status.FINISHED else Status.STOPPED)


def test_an_update_waits_for_the_city_and_the_project_is_under_way(project):
    update = add_update(
        project.pk,
        text="  We planted.  ",
        happened_on=yesterday(),
        photos=[photo("one", "Six neighbors"), photo("two", "")],
        actor=project.lead,
    )

    project.refresh_from_db()
    assert (update.text, update.status, update.author) == ("We planted.", UpdateStatus.WAITING, project.lead)
    assert list(Photo.objects.filter(update=update).values_list("name", "alt", "position")) == [
        ("one.jpg", "Six neighbors", 0),
        ("two.jpg", "", 1),
    ]
    assert (project.status, project.waiting_count, project.update_count) == (Status.UNDER_WAY, 1, 0)
    assert (project.cover_id, project.published_at) == (None, None)
    assert tags_of(project)[-1] == "project:add-update"


@pytest.mark.parametrize("status", set(Status) - {Status.PLANNED})
def test_an_update_leaves_how_far_the_project_is_otherwise(project, staff, status):
    set_project_status(project.pk, status=status, actor=staff)

    make_update(project)

    project.refresh_from_db()
    assert project.status == status


def test_today_is_told_of_on_the_citys_calendar(project):
    late = datetime(2026, 7, 4, 23, 30, tzinfo=ZoneInfo("America/Chicago"))
    with time_machine.travel(late, tick=False):
        make_update(project, happened_on=late.date())
        with pytest.raises(DayError) as refusal:
            make_update(project, happened_on=late.date() + timedelta(days=1))

    assert refusal.value.field == "happened_on"


def test_a_slip_of_the_year_is_refused_and_the_block_as_it_was_is_not(project):
    opened = timezone.localdate(project.created_at, timezone=project.city.zone)
    make_update(project, happened_on=opened - timedelta(days=366))

    with pytest.raises(DayError) as refusal:
        make_update(project, happened_on=opened - timedelta(days=367))

    assert refusal.value.field == "happened_on"


def test_more_photos_than_fit_are_refused(project):
    make_update(project, photos=MOST_PHOTOS)

    with pytest.raises(TooManyPhotosError):
        make_update(project, photos=MOST_PHOTOS + 1)


def test_a_paper_is_no_photo(project):
    paper = NewPhoto(stored("paper", "application/pdf", width=None))

    with pytest.raises(NotAPhotoError):
        add_update(project.pk, text="Look", happened_on=yesterday(), photos=[paper], actor=project.lead)

    assert not Update.objects.exists()


def test_an_update_without_words_is_refused(project):
    with pytest.raises(RuleError):
        add_update(project.pk, text="   ", happened_on=yesterday(), actor=project.lead)

    assert not Update.objects.exists()


def tell(project, **said):
    told = {"text": "We planted.", "happened_on": yesterday(), "photos": [photo("one")], **said}
    return add_update(project.pk, actor=project.lead, **told)


def test_the_same_told_again_is_one_update(project, staff):
    first = tell(project)
    again = tell(project, text=" We planted. ")
    publish_update(first.pk, actor=staff)
    late = tell(project)

    project.refresh_from_db()
    assert {first.pk, again.pk, late.pk} == {Update.objects.get().pk}
    assert (Photo.objects.count(), project.waiting_count, project.update_count) == (1, 0, 1)
    assert tags_of(project).count("project:add-update") == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda: {"text": "We planted more."},
        lambda: {"happened_on": yesterday() - timedelta(days=1)},
        lambda: {"photos": []},
        lambda: {"photos": [photo("one"), photo("two")]},
        lambda: {"photos": [photo("one", "Seven neighbors")]},
        lambda: {"photos": [NewPhoto(replace(stored("one"), sha256="1" * 64), "Six neighbors plant a tree")]},
    ],
    ids=["words", "day", "no photo", "more photos", "words of a photo", "another photo"],
)
def test_what_differs_is_another_update(project, change):
    tell(project)
    tell(project, **change())

    assert Update.objects.count() == 2


def test_what_was_hidden_taken_back_or_told_long_ago_is_told_anew(project, staff):
    hide_update(tell(project).pk, reason="Faces", actor=staff)
    remove_update(tell(project).pk, actor=project.lead)
    with time_machine.travel(timezone.now() - SENT_AGAIN_WITHIN - timedelta(minutes=1)):
        tell(project, happened_on=yesterday() - timedelta(days=1))
    tell(project, happened_on=yesterday() - timedelta(days=1))
    tell(project)

    assert Update.objects.filter(status=UpdateStatus.WAITING).count() == 3


def test_a_published_update_opens_the_page_and_its_author_is_told(project, staff):
    update = make_update(project, photos=2)

    publish_update(update.pk, actor=staff)

    update.refresh_from_db()
    project.refresh_from_db()
    assert (update.status, update.decided_by) == (UpdateStatus.PUBLISHED, staff)
    assert project.published_at == update.published_at
    assert (project.update_count, project.waiting_count) == (1, 0)
    assert project.cover_id == Photo.objects.get(update=update, position=0).pk
    assert told(project) == ["project-opened", "update-published"]
    assert tags_of(project)[-2:] == ["project:publish", "project:publish-update"]


def test_the_newest_published_photo_stands_for_the_project(project, staff):
    newer = make_update(project, UpdateStatus.PUBLISHED, photos=1, by=staff)
    make_update(
        project, UpdateStatus.PUBLISHED, photos=1, by=staff, happened_on=yesterday() - timedelta(days=9)
    )
    make_update(project, photos=1, happened_on=timezone.localdate() - timedelta(days=1))

    project.refresh_from_db()
    assert project.cover_id == Photo.objects.get(update=newer).pk

    hide_update(newer.pk, reason="A child’s face", actor=staff)
    project.refresh_from_db()
    assert project.cover_id == Photo.objects.get(update__status="published").pk


def test_a_hidden_update_has_its_reason_and_its_author_reads_it(project, staff):
    update = make_update(project, UpdateStatus.PUBLISHED, photos=1, by=staff)

    hide_update(update.pk, reason="  A child’s face ", actor=staff)

    update.refresh_from_db()
    project.refresh_from_db()
    assert (update.status, update.reason, update.published_at) == (
        UpdateStatus.HIDDEN,
        "A child’s face",
        None,
    )
    assert (project.update_count, project.cover_id) == (0, None)
    message = Message.objects.get(kind="update-hidden")
    assert (message.recipient, message.data["reason"]) == (project.lead, "A child’s face")


def test_nothing_is_hidden_without_a_reason(project, staff):
    update = make_update(project)

    with pytest.raises(ReasonMissingError) as refusal:
        hide_update(update.pk, reason="  ", actor=staff)

    assert refusal.value.field == "reason"


def test_an_update_is_taken_back_with_its_photos_while_nobody_else_sees_it(project):
    update, other = make_update(project, photos=2), make_update(project, photos=1)

    remove_update(update.pk, actor=project.lead)

    project.refresh_from_db()
    assert project.waiting_count == 1
    assert Photo.objects.get().update == other
    assert tags_of(project)[-1] == "project:remove-update"


DEEDS = {
    "publish": (
        lambda update, staff: publish_update(update.pk, actor=staff),
        CAN_PUBLISH,
        UpdateStatus.PUBLISHED,
    ),
    "hide": (
        lambda update, staff: hide_update(update.pk, reason="No", actor=staff),
        CAN_HIDE,
        UpdateStatus.HIDDEN,
    ),
    "remove": (
        lambda update, _staff: remove_update(update.pk, actor=update.author),
        CAN_REMOVE,
        UpdateStatus.REMOVED,
    ),
}


@pytest.mark.parametrize("status", UpdateStatus)
@pytest.mark.parametrize("deed", DEEDS)
def test_each_deed_fits_some_statuses_and_no_other(project, staff, status, deed):
    act, allowed, after = DEEDS[deed]
    update = make_update(project, status, by=staff)

    if status in allowed:
        act(update, staff)
    else:
        with pytest.raises(WrongStatusError):
            act(update, staff)

    update.refresh_from_db()
    assert update.status == (after if status in allowed else status)
