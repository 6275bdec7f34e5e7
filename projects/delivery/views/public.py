"""What everybody sees: the projects of a city, one project, and its photos."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from cities.access.rules import anybody, is_signed_in, requires
from cities.interface.formats import number
from cities.machines.bearer import takes_tokens
from grants.applications.uploads import thumbnail_key
from grants.applications.views.files import serve_file
from projects.delivery import permissions as may
from projects.delivery.forms import PublicFilter
from projects.delivery.models import Photo, Project
from projects.delivery.opening import open_or_requires
from projects.delivery.queries import (
    MOST_POINTS,
    TONES,
    UPDATE_TONES,
    map_of,
    photos_with_project,
    projects_with_award,
    public_list,
    updates_of,
)
from projects.delivery.states import CAN_REMOVE, Status, UpdateStatus

from . import PAGES, city_of, to_first_page

PUBLIC_SECONDS = 300


@require_safe
@requires(anybody)
def project_list(request: HttpRequest) -> HttpResponse:
    """The projects of a city, as cards and on a map."""
    city = city_of(request)
    found = public_list(city, request.GET)
    if (begin := to_first_page(request, found.page)) is not None:
        return begin
    rows = [
        {**row, "word": Status(row["status"]).label, "tone": TONES[row["status"]]} for row in found.page.rows
    ]
    places = found.places
    context = {
        "list": found,
        "rows": rows,
        "form": PublicFilter(request.GET, neighborhoods=found.neighborhoods),
        "map_data": map_of(city, places),
        "newest_only": MOST_POINTS if len(places) == MOST_POINTS else 0,
        "shown": number(len(rows)),
    }
    return render(request, f"{PAGES}/project_list.html", context)


def _is_published(project: Project) -> bool:
    return project.published_at is not None


def _is_public(photo: Photo) -> bool:
    return photo.update.status == UpdateStatus.PUBLISHED and photo.update.project.published_at is not None


def _taken_off(request: HttpRequest, project: Project) -> HttpResponse | None:
    """Tell a stranger that a page they may have a link to isn't shown; of one that never was, nothing."""
    if project.hidden_at is None:
        return None
    return render(request, f"{PAGES}/project_closed.html", {"project": project}, status=404)


@require_safe
@open_or_requires(_is_published, may.can_see_project, fetch=projects_with_award, closed=_taken_off)
def project_detail(request: HttpRequest, project: Project) -> HttpResponse:
    """One project: where it is, what it got, what was told, what comes next."""
    told = updates_of(project, {UpdateStatus.PUBLISHED})
    is_lead = may.is_lead(request.user, project)
    mine = updates_of(project, {UpdateStatus.WAITING, UpdateStatus.HIDDEN}) if is_lead else []
    context = {
        "project": project,
        "tone": TONES[Status(project.status)],
        "updates": told,
        "mine": [(row, UPDATE_TONES[UpdateStatus(row.status)], row.status in CAN_REMOVE) for row in mine],
        "is_lead": is_lead,
        "may_run": may.can_run(request.user, project),
        "map_data": map_of(project.city, [project]) if project.latitude is not None else None,
        "is_late": bool(project.ends_on and project.ends_on < timezone.localdate(timezone=project.city.zone)),
    }
    return render(request, f"{PAGES}/project_detail.html", context)


@require_safe
@requires(is_signed_in)
def project_of(request: HttpRequest, award: UUID) -> HttpResponse:
    """Lead from an award to its project."""
    project = projects_with_award().filter(award_id=award).first()
    if project is None:
        raise Http404
    if not may.can_see_project(request.user, project):
        raise PermissionDenied
    return redirect("projects:project-detail", city=project.city.slug, pk=project.pk)


@takes_tokens
@require_GET
@open_or_requires(_is_public, may.can_see_photo, fetch=photos_with_project)
def photo_read(request: HttpRequest, photo: Photo) -> HttpResponse:
    """A photo in full."""
    return _served(photo, photo.file.name or "")


@takes_tokens
@require_GET
@open_or_requires(_is_public, may.can_see_photo, fetch=photos_with_project)
def photo_small(request: HttpRequest, photo: Photo) -> HttpResponse:
    """A photo's small twin, for lists."""
    return _served(photo, thumbnail_key(photo.file.name or ""))


def _served(photo: Photo, key: str) -> HttpResponse:
    """A public photo may stay in a browser for minutes, so that one taken off is gone soon; others never stay.

    A redirect to the storage is good for a minute and isn't kept.
    """
    name = f"photo-{photo.position + 1}.jpg"  # its own may say who or where
    response: Any = serve_file(key, name=name, content_type=photo.content_type)
    if _is_public(photo) and response.status_code == 200:  # noqa: PLR2004
        response["Cache-Control"] = f"private, max-age={PUBLIC_SECONDS}"
    return response  # type: ignore[no-any-return]
