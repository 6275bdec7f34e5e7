"""The worker's part: make a document, and sweep old ones away.

Queued by the relay only. A worker may die at any point: its lease runs out, the relay queues the document again, and
whatever the dead one still does finds its ticket, the number of attempts, void.
"""

import hashlib
import logging
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from cities.access.memberships import forget_roles
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope, works_at_center

from . import keeping
from .actions import ATTEMPTS, fail_document, finish_document, remove_old_documents
from .errors import StoppedError
from .job import Job
from .models import Document
from .progress import Progress, telling
from .registry import Kind, kind_of
from .states import UNDER_WAY, Status

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=90)
PAUSE_SECONDS = 10
"""Before another try after something broke, times the number of tries."""


class NotAllowedError(Exception):
    """The requester may no longer have this document."""


@shared_task
def make(city_id: str, document_id: str, attempts: int) -> None:
    """Make one document: begin in one scope, read in another, mark in a third. Safe to repeat.

    ``attempts`` is the ticket that the relay saw; of two tasks for one document only the first matches.
    """
    document = _begin(UUID(city_id), UUID(document_id), attempts)
    if document is None:
        return
    with translation.override(document.language):
        try:
            _make(document)
        except StoppedError:
            logger.info("document.stopped", extra={"document_id": document_id})
        except RuleError as refusal:
            _fail(document, str(refusal))
        except NotAllowedError:
            _fail(document, _("Your rights have changed since you asked for this report."))
        except SoftTimeLimitExceeded:
            _fail(document, _("This took too long. Please choose less, for example one call instead of all."))
        except Exception as error:
            logger.exception("document.broke", extra={"document_id": document_id, "kind": document.kind})
            _try_later(document, type(error).__name__)


def _begin(city_id: UUID, document_id: UUID, attempts: int) -> Document | None:
    """Take the document for one attempt, or return ``None``: it is over, another has it, or it was tried too often."""
    with city_scope(city_id):
        waiting = Document.objects.filter(pk=document_id, attempts=attempts, status__in=UNDER_WAY)
        document: Document | None = waiting.select_related("city", "requested_by").first()
        if document is None:
            return None
        if document.status == Status.RUNNING and attempts and attempts % ATTEMPTS == 0:
            with translation.override(document.language):
                reason = _("The worker was interrupted each time. You can try again.")
            fail_document(document_id, attempt=attempts, reason=reason)
            return None
        now = timezone.now()
        taken = waiting.update(
            status=Status.RUNNING, attempts=F("attempts") + 1, progress=0, started_at=now,
            claimed_until=now + timedelta(seconds=settings.DOCUMENT_LEASE_SECONDS),
        )  # fmt: skip
        document.attempts = attempts + 1
        return document if taken else None


def _make(document: Document) -> None:
    kind = kind_of(document.kind)
    if kind is None:
        raise RuleError(_("This kind of report is no longer made."))
    with (
        telling(document.city_id, document.pk, document.attempts) as progress,
        tempfile.TemporaryDirectory(prefix="lyb-document-") as folder,
    ):
        path = Path(folder) / f"document.{kind.format}"
        file_name, job = _write(document, kind, path, progress)
        progress.tell(95, at_once=True)
        _keep(document, job, file_name)


def _write(document: Document, kind: Kind, path: Path, progress: Progress) -> tuple[str, Job]:
    """Read and write the content, all of it as it was at one instant. Returns the file's name, and the job done."""
    with _one_instant(), _scope(document):
        requester = document.requested_by
        forget_roles(requester)
        if not requester.is_active or not kind.may_have(requester, document.city, document.subject_id):
            raise NotAllowedError
        job = Job(
            place=document.city, requester=requester, title=document.title, parameters=document.parameters,
            subject_id=document.subject_id, language=document.language, path=path, as_of=timezone.now(), progress=progress,
        )  # fmt: skip
        job.step(1)
        return kind.make(job), job


@contextmanager
def _one_instant() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _scope(document: Document) -> AbstractContextManager[Any]:
    if document.city_id != CENTER_ID:
        return city_scope(document.city_id)
    # What a person lost, a ScopeError says; it would look like a bug.
    if not works_at_center(document.requested_by):
        raise NotAllowedError
    return center_scope(document.requested_by)


def _keep(document: Document, job: Job, file_name: str) -> None:
    """Store the file, then mark the document; a file that no document took is deleted again."""
    path = job.path
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    key = keeping.store(path, document.content_type)
    kept = None
    try:
        with city_scope(document.city_id):
            kept = finish_document(
                document.pk, attempt=document.attempts, file=key, file_name=file_name[:200], row_count=job.row_count,
                rows_by_city=job.rows_by_city, size_bytes=path.stat().st_size, sha256=sha256,
            )  # fmt: skip
    finally:
        if kept is None:
            keeping.discard([key])


def _fail(document: Document, reason: str) -> None:
    with city_scope(document.city_id):
        fail_document(document.pk, attempt=document.attempts, reason=reason)


def _try_later(document: Document, error: str) -> None:
    if document.attempts % ATTEMPTS == 0:
        _fail(
            document, _("Something went wrong on our side (%(error)s). You can try again.") % {"error": error}
        )
        return
    pause = timedelta(seconds=PAUSE_SECONDS * document.attempts)
    with city_scope(document.city_id):
        mine = Document.objects.filter(pk=document.pk, attempts=document.attempts, status=Status.RUNNING)
        mine.update(status=Status.WAITING, progress=0, claimed_until=timezone.now() + pause)


@shared_task
def sweep() -> int:
    """Remove documents after 90 days, and files that no document took. Returns how many files were deleted."""
    before, linked, old = timezone.now() - KEPT_FOR, set[str](), list[str]()
    for place_id in City.objects.values_list("pk", flat=True):
        with city_scope(place_id):
            old += remove_old_documents(before)
            linked |= set(Document.objects.exclude(file="").values_list("file", flat=True))
    keeping.discard(old)
    return len(old) + keeping.discard(keeping.unlinked(linked))
