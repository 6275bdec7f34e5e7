"""An update in three steps, none of which holds a transaction while its photos are read or stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from cities.access.models import User
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.applications.uploads import read_upload, store_upload

from .actions import add_update
from .actions.updates import NewPhoto, require_day, require_few, require_photo
from .models import Project
from .permissions import can_add_update
from .queries import projects_with_award


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """A photo as it was sent, what it shows in words, and the input that a refusal belongs to."""

    file: "UploadedFile[Any]"
    alt: str = ""
    field: str = "photos"


def project_to_tell_about(project_id: UUID, actor: User) -> Project:
    """Return a project of the open city that this person tells about. Raises ``Http404``, ``PermissionDenied``."""
    project = projects_with_award().filter(pk=project_id).first()
    if project is None:
        raise Http404
    if not can_add_update(actor, project):
        raise PermissionDenied
    return project


def receive_update(
    city: City, project_id: UUID, *, text: str, happened_on: date, photos: Sequence[SentPhoto], actor: User
) -> UUID:
    """Check right, day and count; make the photos safe and store them; check again and tell.

    Opens its own scopes: call it from a view marked ``@in_steps``. Returns the update's id. Raises
    ``FileRefusedError`` and what :func:`.actions.add_update` raises. Photos stored and then not linked are swept away.
    """
    with city_scope(city):
        require_day(project_to_tell_about(project_id, actor), happened_on)
        require_few(len(photos))
    stored = [_stored(photo) for photo in photos]
    with city_scope(city):
        project_to_tell_about(project_id, actor)
        update = add_update(project_id, text=text, happened_on=happened_on, photos=stored, actor=actor)
    return update.pk


def _stored(photo: SentPhoto) -> NewPhoto:
    try:
        ready = read_upload(photo.file)
        require_photo(ready.width)
    except RuleError as refusal:
        refusal.field = photo.field
        raise
    return NewPhoto(store_upload(ready), photo.alt)
