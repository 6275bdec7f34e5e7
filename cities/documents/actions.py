"""Ask for a document, stop it, ask again. A worker makes it (:mod:`.tasks`)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.outbox.letters import nudge_after_commit
from cities.tenancy.actions import action
from cities.tenancy.scopes import current_city_id

from . import states
from .errors import EndedError, TooManyError, UnderWayError, UnknownKindError
from .models import Document
from .registry import CONTENT_TYPES, kind_of
from .states import Status

AT_ONCE = 5
"""So many documents one person may have under way in one place."""

ATTEMPTS = 3
"""How often workers try; a person's retry begins another round of as many."""

MAKER = trail.SystemActor("document maker")


@action
def request_document(
    kind: str,
    *,
    parameters: dict[str, Any],
    title: str,
    actor: User,
    subject_id: UUID | None = None,
    language: str = "",
) -> Document:
    """Ask for a document of a registered kind. The relay hands it to a worker after the commit.

    The same wish, still under way, is answered with the document that is on its way. Locks the person's documents
    under way. Raises ``UnknownKindError``, ``TooManyError``.
    """
    known = kind_of(kind)
    if known is None:
        raise UnknownKindError(_("There is no such report here."), field="kind")
    waiting: list[Document] = list(_under_way(actor))
    for document in waiting:
        if (document.kind, document.parameters, document.subject_id) == (kind, parameters, subject_id):
            return document
    if len(waiting) >= AT_ONCE:
        raise TooManyError(
            _("You already wait for %(count)s reports. Please let one finish, or cancel one."),
            count=len(waiting),
        )
    document = Document(
        kind=kind, parameters=parameters, title=title[:200], requested_by=actor, subject_id=subject_id,
        language=language or actor.language or "en", content_type=CONTENT_TYPES[known.format],
    )  # fmt: skip
    document.full_clean(exclude=["city", "file"])
    document.save(force_insert=True)
    # What it is about outlives the document here, so that the trail can still hide it.
    about = {"about": subject_id} if subject_id else {}
    trail.record("document:request", actor=actor, subject=document, kind=kind, title=document.title, **about)
    nudge_after_commit()
    return document


def _under_way(actor: User) -> Any:
    return (
        Document.objects.in_city(current_city_id())
        .filter(requested_by=actor, status__in=states.UNDER_WAY)
        .select_for_update(no_key=True)
        .order_by("created_at")
    )


@action
def cancel_document(document_id: UUID, *, actor: User) -> Document:
    """Stop a document that waits or is being made; its worker notices at its next step.

    Locks the document. Raises ``EndedError`` if it is no longer under way.
    """
    document = _locked(document_id)
    if document.status not in states.CAN_CANCEL:
        raise EndedError(_("This report is no longer being made."))
    document.status = Status.CANCELLED
    document.ended_at = timezone.now()
    document.full_clean(exclude=["file"])
    document.save(update_fields=["status", "ended_at"])
    trail.record("document:cancel", actor=actor, subject=document, title=document.title)
    return document


@action
def retry_document(document_id: UUID, *, actor: User) -> Document:
    """Have a failed or cancelled document made after all.

    Locks the document. Raises ``UnderWayError`` if it is being made, or made.
    """
    document = _locked(document_id)
    if document.status not in states.CAN_RETRY:
        raise UnderWayError(_("This report is being made, or ready."))
    begin_anew(document)
    document.failure, document.ended_at, document.asked_at = "", None, timezone.now()
    document.full_clean(exclude=["file"])
    document.save(update_fields=[*BEGUN_ANEW, "failure", "ended_at", "asked_at"])
    trail.record("document:retry", actor=actor, subject=document, title=document.title)
    nudge_after_commit()
    return document


BEGUN_ANEW = ("status", "attempts", "progress", "claimed_until", "started_at")


def begin_anew(document: Document) -> None:
    """Let a locked document wait as if nothing of it had been made; the caller saves :data:`BEGUN_ANEW`.

    The count of attempts goes on from the next round: whatever ticket a worker still holds is void.
    """
    document.status, document.progress = Status.WAITING, 0
    document.attempts = (document.attempts // ATTEMPTS + 1) * ATTEMPTS
    document.claimed_until = document.started_at = None


@action
def finish_document(document_id: UUID, *, attempt: int, **made: Any) -> Document | None:
    """Keep what a worker made: file, names, size, rows, SHA-256. Returns ``None`` if the attempt is void by now.

    Locks the document.
    """
    document = _locked(document_id)
    if document.status != Status.RUNNING or document.attempts != attempt:
        return None
    for name, value in made.items():
        setattr(document, name, value)
    document.status, document.progress = Status.FINISHED, 100
    document.ended_at, document.claimed_until = timezone.now(), None
    document.full_clean()
    document.save(update_fields=[*made, "status", "progress", "ended_at", "claimed_until"])
    told = {"title": document.title, "rows": document.row_count, "sha256": document.sha256}
    trail.record("document:finish", actor=MAKER, subject=document, **told)
    return document


@action
def fail_document(document_id: UUID, *, attempt: int, reason: str) -> Document | None:
    """Give a document up, with a sentence that its requester reads. ``None`` if the attempt is void by now.

    Locks the document.
    """
    document = _locked(document_id)
    if document.status not in states.UNDER_WAY or document.attempts != attempt:
        return None
    document.status, document.failure = Status.FAILED, reason[:300]
    document.ended_at, document.claimed_until = timezone.now(), None
    document.full_clean(exclude=["file"])
    document.save(update_fields=["status", "failure", "ended_at", "claimed_until"])
    trail.record(
        "document:fail", actor=MAKER, subject=document, title=document.title, reason=document.failure
    )
    return document


@action
def remove_old_documents(before: datetime) -> list[str]:
    """Delete the open place's documents that were last asked for before then. Returns the keys of their files, to be deleted next.

    Locks them.
    """
    old = (
        Document.objects.in_city(current_city_id())
        .filter(asked_at__lt=before)
        .exclude(status__in=states.UNDER_WAY)
    )
    documents = list(old.select_for_update())
    for document in documents:
        trail.record("document:remove", actor=trail.SWEEPER, subject=document, title=document.title)
    Document.objects.filter(pk__in=[document.pk for document in documents]).delete()
    return [document.file.name for document in documents if document.file.name]


def _locked(document_id: UUID) -> Document:
    found: Document = (
        Document.objects.select_for_update(no_key=True, of=["self"])
        .select_related("city", "requested_by")
        .get(pk=document_id)
    )
    return found
