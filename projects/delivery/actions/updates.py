"""Tell about a project, and decide whether everybody sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from grants.applications.uploads import StoredFile
from projects.delivery import notices
from projects.delivery.errors import (
    DayError,
    NotAPhotoError,
    NotYoursError,
    ReasonMissingError,
    TooManyPhotosError,
    WrongStatusError,
)
from projects.delivery.models import Photo, Project, Update
from projects.delivery.states import (
    CAN_BE_SENT_AGAIN,
    CAN_HIDE,
    CAN_PUBLISH,
    CAN_REMOVE,
    Status,
    UpdateStatus,
)

from .projects import lock_project, require_impartial

MOST_PHOTOS = 8
BEFORE_THE_PROJECT = timedelta(days=366)
"""What happened earlier is a slip of the year; a photo of the block as it was may well be older than the award."""
SENT_AGAIN_WITHIN = timedelta(hours=6)
"""So long the same words, day and photos are an update that was sent again, not another one."""


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A photo that lies in the storage already, and what it shows in words."""

    stored: StoredFile
    alt: str = ""


@action
def add_update(
    project_id: UUID, *, text: str, happened_on: date, photos: Sequence[NewPhoto] = (), actor: User
) -> Update:
    """Tell what happened, with photos. The city publishes it. Telling the same twice is one update.

    A phone sends again what it had no answer to, often from a page drawn anew: no key would know it, its content does.
    Locks the project. Raises ``NotYoursError``, ``DayError``, ``TooManyPhotosError``, ``NotAPhotoError``.
    """
    project = lock_project(project_id)
    if project.lead_id != actor.pk:
        raise NotYoursError(_("Only the person whose project it is can tell about it."))
    require_day(project, happened_on)
    require_few(len(photos))
    for photo in photos:
        require_photo(photo.stored.width)
    update = Update(
        city_id=project.city_id, project=project, author=actor, text=text.strip(), happened_on=happened_on
    )
    earlier = _told_before(update, photos)
    if earlier is not None:
        return earlier
    update.full_clean(exclude=["project", "author", "city"])
    update.save(force_insert=True)
    Photo.objects.bulk_create([_photo(update, photo, place) for place, photo in enumerate(photos)])
    if project.status == Status.PLANNED:
        project.status = Status.UNDER_WAY
    _count(project)

    trail.record("project:add-update", actor=actor, subject=project, update=update.pk, photos=len(photos))
    return update


def _told_before(update: Update, photos: Sequence[NewPhoto]) -> Update | None:
    """Return the same update, told a short while ago and neither hidden nor taken back."""
    same = Update.objects.filter(
        project=update.project,
        author=update.author,
        text=update.text,
        happened_on=update.happened_on,
        status__in=CAN_BE_SENT_AGAIN,
        created_at__gt=timezone.now() - SENT_AGAIN_WITHIN,
    )
    shown = [(photo.stored.sha256, photo.alt) for photo in photos]
    earlier: Update
    for earlier in same.prefetch_related("photos"):
        if [(photo.sha256, photo.alt) for photo in earlier.photos.all()] == shown:
            return earlier
    return None


@action
def publish_update(update_id: UUID, *, actor: User, seen: str | None = None) -> Update:
    """Show an update to everybody; the project's page opens with its first one. Its author is told.

    A project that was taken off stays off: the update waits for it, and the author reads that.
    Locks the project, then the update. Raises ``OwnProjectError``, ``ConflictOfInterestError``, ``WrongStatusError``
    (also where a colleague decided since ``seen``).
    """
    update = _lock(update_id)
    require_impartial(update.project, actor)
    _require(update, CAN_PUBLISH, seen)
    project = update.project
    update.status, update.reason = UpdateStatus.PUBLISHED, ""
    update.decided_by, update.published_at = actor, timezone.now()
    _save(update)
    opens = project.published_at is None and project.hidden_at is None
    if opens:
        project.published_at = update.published_at
    _count(project)

    if opens:
        trail.record("project:publish", actor=actor, subject=project, title=project.title)
    trail.record("project:publish-update", actor=actor, subject=project, update=update.pk)
    notices.update_published(update)
    return update


@action
def hide_update(update_id: UUID, *, reason: str, actor: User, seen: str | None = None) -> Update:
    """Keep an update from the public pages, or take it off them, with a reason that its author reads.

    Locks the project, then the update. Raises ``OwnProjectError``, ``ConflictOfInterestError``, ``WrongStatusError``
    (also where a colleague decided since ``seen``), ``ReasonMissingError``.
    """
    update = _lock(update_id)
    require_impartial(update.project, actor)
    _require(update, CAN_HIDE, seen)
    if not reason.strip():
        raise ReasonMissingError(_("Please give a reason. The author will read it."), field="reason")
    update.status, update.reason = UpdateStatus.HIDDEN, reason.strip()
    update.decided_by, update.published_at = actor, None
    _save(update)
    _count(update.project)

    event = trail.record(
        "project:hide-update", actor=actor, subject=update.project, update=update.pk, reason=update.reason
    )
    notices.update_hidden(update, event_id=event.pk)
    return update


@action
def remove_update(update_id: UUID, *, actor: User) -> Update:
    """Take back an update that nobody else sees; its photos go. Locks the project, then the update.

    The sweeper takes the files, as no photo names them any more.
    Raises ``NotYoursError``, ``WrongStatusError``.
    """
    update = _lock(update_id)
    if update.author_id != actor.pk:
        raise NotYoursError(_("Only the person who wrote this can take it back."))
    _require(update, CAN_REMOVE)
    update.status = UpdateStatus.REMOVED
    _save(update)
    Photo.objects.filter(update=update).delete()
    _count(update.project)

    trail.record("project:remove-update", actor=actor, subject=update.project, update=update.pk)
    return update


@action
def forget_updates(project_id: UUID, *, actor: User) -> None:
    """Delete what was told and isn't published, with its photos, as its lead's account goes. Locks the project."""
    project = lock_project(project_id)
    deleted, _rows = Update.objects.filter(project=project).exclude(status=UpdateStatus.PUBLISHED).delete()
    if deleted:
        project.waiting_count = 0
        project.save(update_fields=["waiting_count"])
        trail.record("project:forget-updates", actor=actor, subject=project)


def require_day(project: Project, happened_on: date) -> None:
    """Raise ``DayError`` for a day to come, or long past, on the city's calendar. Also asked before photos are read."""
    zone = project.city.zone
    if happened_on < timezone.localdate(project.created_at, timezone=zone) - BEFORE_THE_PROJECT:
        raise DayError(
            _("This day is more than a year before the project. Please look at the year again."),
            field="happened_on",
        )
    if happened_on > timezone.localdate(timezone=zone):
        raise DayError(
            _("This day is still to come. Please choose the day on which it happened."), field="happened_on"
        )


def require_few(count: int) -> None:
    """Raise ``TooManyPhotosError``. Also asked before photos are read."""
    if count > MOST_PHOTOS:
        raise TooManyPhotosError(
            _("An update can hold %(most)s photos at most."), field="photos", most=MOST_PHOTOS
        )


def require_photo(width: int | None) -> None:
    """Raise ``NotAPhotoError`` where a file has no width: a PDF, say."""
    if width is None:
        raise NotAPhotoError(
            _("Only photos can be shown here. Please choose JPEG, PNG, HEIC or WebP."), field="photos"
        )


def _photo(update: Update, photo: NewPhoto, place: int) -> Photo:
    stored = photo.stored
    return Photo(
        city_id=update.city_id,
        update=update,
        file=stored.key,
        name=stored.name,
        alt=photo.alt.strip()[:200],
        content_type=stored.content_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        width=stored.width,
        height=stored.height,
        position=place,
    )


def _lock(update_id: UUID) -> Update:
    """Lock the project first, as everybody does who changes what its lists count."""
    project_id = Update.objects.values_list("project_id", flat=True).get(pk=update_id)
    project = lock_project(project_id)
    update: Update = Update.objects.select_for_update(no_key=True).get(pk=update_id)
    update.project = project
    return update


def _require(update: Update, allowed: frozenset[UpdateStatus], seen: str | None = None) -> None:
    if update.status not in allowed or (seen is not None and seen != update.seen):
        raise WrongStatusError(
            _("Somebody was faster: this update is “%(status)s” now."), status=update.get_status_display()
        )


def _save(update: Update) -> None:
    update.full_clean(exclude=["project", "author", "decided_by", "city"], validate_constraints=False)
    update.save(update_fields=["status", "reason", "decided_by", "published_at"])


def _count(project: Project) -> None:
    """Keep what lists read true: how many updates there are and wait, and the photo that stands for the project."""
    statuses = list(Update.objects.filter(project=project).values_list("status", flat=True))
    project.update_count = statuses.count(UpdateStatus.PUBLISHED)
    project.waiting_count = statuses.count(UpdateStatus.WAITING)
    newest = (
        Photo.objects.filter(update__project=project, update__status=UpdateStatus.PUBLISHED)
        .order_by("-update__happened_on", "-update__created_at", "position")
        .values_list("pk", flat=True)
    )
    project.cover_id = newest.first()
    project.last_activity_at = timezone.now()
    project.save(
        update_fields=[
            "status",
            "update_count",
            "waiting_count",
            "cover_id",
            "published_at",
            "last_activity_at",
        ]
    )
