"""What the lead of a project is told."""

from typing import Any
from uuid import UUID

from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from residents.notices.registry import Letter, letter, renders

from .models import Project, Update

LETTERS = "projects/delivery/notices"


def project_opened(project: Project) -> None:
    """Tell the lead that there is a page to fill."""
    _tell("project-opened", f"project-opened:{project.pk}", project)


def project_taken_off(project: Project, *, reason: str, event_id: UUID) -> None:
    """Tell the lead that the page isn't shown any more, and why."""
    _tell("project-taken-off", f"project-taken-off:{event_id}", project, reason=reason)


def update_published(update: Update) -> None:
    """Tell the author that everybody sees it now, or will once the project is shown again."""
    at, project = update.published_at.isoformat() if update.published_at else "", update.project
    key = f"update-published:{update.pk}:{at}"
    _tell("update-published", key, project, is_hidden=project.hidden_at is not None)


def update_hidden(update: Update, *, event_id: UUID) -> None:
    """Tell the author that it isn't shown, and why."""
    _tell("update-hidden", f"update-hidden:{event_id}", update.project, reason=update.reason)


def _tell(kind: str, key: str, project: Project, **facts: Any) -> None:
    enqueue(kind, key=key, subject_id=project.pk, recipient=project.lead, title=project.title, **facts)


@renders("project-opened")
def opened_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("opened", message)


@renders("project-taken-off")
def taken_off_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("taken_off", message)


@renders("update-published")
def published_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("published_hidden" if message.data.get("is_hidden") else "published", message)


@renders("update-hidden")
def hidden_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("hidden", message)


def _letter(name: str, message: Message) -> Letter:
    return letter(f"{LETTERS}/{name}", message, path=f"/{message.city.slug}/projects/{message.subject_id}/")
