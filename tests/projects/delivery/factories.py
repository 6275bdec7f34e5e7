"""Projects as accepting an award leaves them, and what is told about them. Made in the scope that the test opened."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from cities.tenancy.models import new_id
from grants.applications.uploads import StoredFile
from grants.applications.uploads.keeping import thumbnail_key
from projects.delivery.actions import add_update, hide_update, publish_update, remove_update
from projects.delivery.actions.updates import NewPhoto
from projects.delivery.models import Project, Update
from projects.delivery.states import UpdateStatus
from tests.factories import UserFactory
from tests.grants.awards.factories import make_award

_numbers = count(1)


def make_project(
    *, published: bool = False, place_at: tuple[float, float] | None = None, **fields: Any
) -> Project:
    """The project of an accepted award; ``fields`` are the application's."""
    if place_at:
        fields |= {"latitude": place_at[0], "longitude": place_at[1]}
    award = make_award(is_accepted=True, **fields)
    project: Project = Project.objects.get(award=award)
    if published:
        project.published_at = timezone.now()
        project.save(update_fields=["published_at"])
    return project


def stored(word: str = "photo", content_type: str = "image/jpeg", width: int | None = 640) -> StoredFile:
    """A photo that lies in the storage already."""
    key = default_storage.save(f"attachments/{new_id().hex}", ContentFile(word.encode()))
    default_storage.save(thumbnail_key(key), ContentFile(f"small {word}".encode()))
    return StoredFile(key, f"{word}.jpg", content_type, len(word), "0" * 64, width, 480 if width else None)


def photo(word: str = "photo", alt: str = "Six neighbors plant a tree") -> NewPhoto:
    return NewPhoto(stored(word), alt)


def make_update(
    project: Project,
    status: UpdateStatus = UpdateStatus.WAITING,
    *,
    photos: int = 0,
    by: Any = None,
    **said: Any,
) -> Update:
    """An update that came to ``status`` by the actions; ``by`` decides."""
    words = f"We planted tree {next(_numbers)}."  # the same words twice would be one update
    said = {"text": words, "happened_on": yesterday(), **said}
    shown = [photo(f"photo {number}") for number in range(photos)]
    update: Update = add_update(project.pk, photos=shown, actor=project.lead, **said)
    by = by or (UserFactory() if status in {UpdateStatus.PUBLISHED, UpdateStatus.HIDDEN} else None)
    if status == UpdateStatus.PUBLISHED:
        return publish_update(update.pk, actor=by)
    if status == UpdateStatus.HIDDEN:
        return hide_update(update.pk, reason="Faces of children", actor=by)
    if status == UpdateStatus.REMOVED:
        return remove_update(update.pk, actor=project.lead)
    return update


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)
