"""Open a project, show it, say how far it is."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from grants.applications.conflicts import require_no_conflict
from grants.awards.models import Award
from projects.delivery import notices
from projects.delivery.errors import OwnProjectError, ReasonMissingError, WrongStatusError
from projects.delivery.models import Project, roughly
from projects.delivery.states import CAN_FINISH, CAN_STOP, Status


@action
def open_project(award: Award, *, actor: Actor) -> Project:
    """Open the page of an award that was just accepted, from what the application says. Opening twice is one project.

    The lead is the award's applicant, who is told. Nobody else sees the page until the city publishes it.
    """
    there: Project | None = Project.objects.filter(award=award).first()
    if there is not None:
        return there
    application = award.application
    project = Project(
        city_id=award.city_id,
        award=award,
        lead=award.applicant,
        title=award.title,
        group_name=application.group_name,
        neighborhood=application.neighborhood,
        place=application.place,
        latitude=roughly(application.latitude),
        longitude=roughly(application.longitude),
        starts_on=award.starts_on,
        ends_on=award.ends_on,
    )
    project.full_clean(exclude=["award", "lead", "city"])
    project.save(force_insert=True)

    trail.record("project:open", actor=actor, subject=project, title=project.title, award=award.pk)
    notices.project_opened(project)
    return project


@action
def publish_project(project_id: UUID, *, actor: User, seen: str | None = None) -> Project:
    """Show the project to everybody. Locks it. Publishing twice is one.

    Like all that the city decides about a project: raises ``OwnProjectError``, ``ConflictOfInterestError``, and
    ``WrongStatusError`` where it changed since ``seen``.
    """
    project = lock_project(project_id)
    require_impartial(project, actor)
    if project.published_at is None:
        _require_seen(project, seen)
        project.published_at, project.hidden_at = timezone.now(), None
        _save(project, "published_at", "hidden_at")
        trail.record("project:publish", actor=actor, subject=project, title=project.title)
    return project


@action
def unpublish_project(project_id: UUID, *, reason: str, actor: User, seen: str | None = None) -> Project:
    """Take the project off the public pages, with all its updates and photos, until it is published. Locks it.

    Its lead is told the reason. Raises ``ReasonMissingError``, too.
    """
    project = lock_project(project_id)
    require_impartial(project, actor)
    if project.published_at is not None:
        _require_seen(project, seen)
        if not reason.strip():
            raise ReasonMissingError(_("Please give a reason. The author will read it."), field="reason")
        project.published_at, project.hidden_at = None, timezone.now()
        _save(project, "published_at", "hidden_at")
        event = trail.record(
            "project:unpublish", actor=actor, subject=project, title=project.title, reason=reason.strip()
        )
        notices.project_taken_off(project, reason=reason.strip(), event_id=event.pk)
    return project


@action
def set_project_status(project_id: UUID, *, status: Status, actor: User, seen: str | None = None) -> Project:
    """Say how far the project is. Locks it. Raises ``WrongStatusError`` also where a finished one would be stopped."""
    project = lock_project(project_id)
    require_impartial(project, actor)
    if status != project.status:
        _require_seen(project, seen)
    if status == Status.STOPPED and project.status not in CAN_STOP:
        raise WrongStatusError(_("This project is finished, so it can’t be stopped."), field="status")
    before, project.status = project.status, status
    if before != status:
        _save(project, "status")
        trail.record("project:status", actor=actor, subject=project, before=before, after=str(status))
    return project


@action
def finish_project(award: Award, *, actor: Actor, status: Status = Status.FINISHED) -> None:
    """Finish the project of an award that ended, or stop it, unless it is stopped. Locks it. Who ends the award is impartial."""
    project = Project.objects.select_for_update(no_key=True).filter(award=award).first()
    if project is None or project.status not in CAN_FINISH:
        return
    before, project.status = project.status, status
    _save(project, "status")
    trail.record("project:status", actor=actor, subject=project, before=before, after=str(project.status))


@action
def describe_project(
    project_id: UUID, *, words: Mapping[str, str | bool], actor: User, seen: str | None = None
) -> Project:
    """Correct what the public page says: of ``title``, ``group_name``, ``place`` and ``is_on_map`` those that are given.

    The map shows a point where the application has one. Locks the project. Raises ``WrongStatusError``.
    """
    project = lock_project(project_id)
    require_impartial(project, actor)
    said: dict[str, Any] = dict(words)
    if "is_on_map" in said:
        origin = project.award.application if said.pop("is_on_map") else None
        said |= {name: roughly(getattr(origin, name, None)) for name in ("latitude", "longitude")}
    changed = [name for name, value in said.items() if value != getattr(project, name)]
    if changed:
        _require_seen(project, seen)
    for name in changed:
        setattr(project, name, said[name])
    if changed:
        _save(project, *changed)
        trail.record("project:describe", actor=actor, subject=project, changed=changed)
    return project


@action
def change_project(
    project_id: UUID,
    *,
    status: str | None = None,
    is_shown: bool | None = None,
    reason: str = "",
    words: Mapping[str, str | bool],
    actor: User,
    seen: str | None = None,
) -> Project:
    """Do at once what is given, or nothing of it. Locks the project. Raises what the single deeds raise."""
    project = lock_project(project_id)
    _require_seen(project, seen)
    if words:
        project = describe_project(project_id, words=words, actor=actor)
    if status is not None:
        project = set_project_status(project_id, status=Status(status), actor=actor)
    if is_shown is True:
        project = publish_project(project_id, actor=actor)
    if is_shown is False:
        project = unpublish_project(project_id, reason=reason, actor=actor)
    return project


def require_impartial(project: Project, actor: User) -> None:
    """Raise ``OwnProjectError`` or ``ConflictOfInterestError``."""
    if project.lead_id == actor.pk:
        raise OwnProjectError(_("This is your own project. A colleague has to decide about it."))
    require_no_conflict(actor, project.award.application)


def _require_seen(project: Project, seen: str | None) -> None:
    if seen is not None and seen != project.seen:
        raise WrongStatusError(
            _("Somebody was faster: this project changed meanwhile. Please look at it again.")
        )


def lock_project(project_id: UUID) -> Project:
    project: Project = (
        Project.objects.select_related("award__application", "lead")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=project_id)
    )
    return project


def _save(project: Project, *fields: str) -> None:
    project.last_activity_at = timezone.now()
    project.full_clean(exclude=["award", "lead", "city"], validate_constraints=False)
    project.save(update_fields=[*fields, "last_activity_at"])
