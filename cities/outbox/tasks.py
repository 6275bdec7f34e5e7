"""The relay: claims waiting messages and documents across cities and hands their ids to Celery.

The only module that puts tasks on a queue (a lint test holds this): ``.delay()`` inside a transaction
loses tasks or races the commit. The queue may be wiped at any time; leases expire and rows are claimed again.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone, translation
from kombu.exceptions import OperationalError

from cities.tenancy.scopes import city_scope

from .errors import RefusedError
from .models import Message
from .sealing import open_body

logger = logging.getLogger(__name__)

BATCH = 100
DOCUMENTS_AT_ONCE = 10
ON_THEIR_WAY = 400
"""So many notices may be queued at once; the rest waits in the table, where a wiped queue can't lose it."""
PAUSE_SECONDS = {Message.Priority.CODE: (5, 60), Message.Priority.NOTICE: (60, 4 * 3_600)}
"""After the first try that failed, doubled with each, and the longest. Notices outlast two days without mail; a code
is tried until it expires."""

Sender = Callable[[Message, str | None], None]
_sender: list[Sender] = []


def register_sender(sender: Sender) -> Sender:
    """Name the function that renders and sends a message (``residents/notices`` does, on the floor above)."""
    _sender[:] = [sender]
    return sender


def nudge_relay() -> None:
    """Ask for a relay run now. A broker that is down is no reason to fail: beat will ask again."""
    try:
        relay.apply_async(queue="codes", expires=10, retry=False)
    except OperationalError:
        logger.warning("outbox.nudge_unheard")


@shared_task
def relay() -> int:
    """Claim what waits, codes first, and queue one send per message. Returns how many were claimed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, city_id, priority, attempts FROM outbox_claim(%s, %s, %s)",
            [BATCH, settings.OUTBOX_LEASE_SECONDS, ON_THEIR_WAY],
        )
        claimed: list[tuple[UUID, UUID, int, int]] = cursor.fetchall()
    for message_id, city_id, priority, attempts in sorted(claimed, key=lambda row: row[2]):
        queue = "codes" if priority == Message.Priority.CODE else "notices"
        # Once its lease is over the message is queued anew. While no worker runs such tasks pile up, and a worker
        # that comes back drops them unread instead of asking the database about each.
        send.apply_async(
            args=(str(city_id), str(message_id), attempts), queue=queue, expires=settings.OUTBOX_LEASE_SECONDS
        )
    if len(claimed) == BATCH:
        nudge_relay()
    queue_documents()
    return len(claimed)


def queue_documents() -> int:
    """Claim documents that wait, or whose worker died, and queue one task for each. Returns how many."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, city_id, attempts FROM document_claim(%s, %s)",
            [DOCUMENTS_AT_ONCE, settings.DOCUMENT_LEASE_SECONDS],
        )
        claimed: list[tuple[UUID, UUID, int]] = cursor.fetchall()
    for document_id, city_id, attempts in claimed:
        # By its name: the room of documents stands above this one.
        relay.app.send_task(
            "cities.documents.tasks.make",
            args=(str(city_id), str(document_id), attempts),
            queue="documents",
            expires=settings.DOCUMENT_LEASE_SECONDS,
        )
    return len(claimed)


@shared_task
def send(city_id: str, message_id: str, attempts: int) -> None:
    """Send one message: begin in one scope, send outside of any, mark in another. Safe to repeat."""
    message = _begin(UUID(city_id), UUID(message_id), attempts)
    if message is None:
        return
    if message.expires_at and message.expires_at < timezone.now():
        _finish(message, failure="expired")
        return
    body = open_body(message.sealed_body) if message.sealed_body else None
    try:
        with translation.override(message.language):
            _sender[0](message, body)
    except Exception as error:  # noqa: BLE001  whatever it was, the message is tried again
        name = type(error).__name__
        logger.warning(
            "outbox.send_failed", extra={"message_id": message_id, "kind": message.kind, "error": name}
        )
        most = Message.FEW_ATTEMPTS if isinstance(error, RefusedError) else Message.MAX_ATTEMPTS
        _finish(message, failure=name, final=message.attempts >= most)
        return
    _finish(message)


def _begin(city_id: UUID, message_id: UUID, attempts: int) -> Message | None:
    """Take the message for this attempt, or return ``None`` if it is done or another worker has it.

    The number of attempts is what the relay saw: of two tasks for one message only the first matches.
    """
    with city_scope(city_id):
        taken = Message.objects.filter(
            pk=message_id, attempts=attempts, sent_at__isnull=True, failed_at__isnull=True
        ).update(
            attempts=F("attempts") + 1,
            claimed_until=timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS),
        )
        if not taken:
            return None
        message: Message = Message.objects.select_related("recipient", "city").get(pk=message_id)
        return message


def _finish(message: Message, *, failure: str = "", final: bool = True) -> None:
    now = timezone.now()
    changes: dict[str, object] = {"failure": failure}
    if not failure:
        changes |= {"sent_at": now, "sealed_body": ""}
    elif final:
        changes |= {"failed_at": now, "sealed_body": ""}
    else:
        first, longest = PAUSE_SECONDS[Message.Priority(message.priority)]
        pause = min(first * 2 ** (message.attempts - 1), longest)
        changes |= {"claimed_until": now + timedelta(seconds=pause)}
    if final and message.recipient_id is None:
        # Nobody's inbox: whoever changes their address or deletes their account couldn't be found by it any more.
        changes |= {"address": ""}
    with city_scope(message.city_id):
        Message.objects.filter(pk=message.pk).update(**changes)


@shared_task
def erase_spent_bodies() -> int:
    """Erase the encrypted bodies of codes that expired unsent, and park what failed too often."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT outbox_erase(%s)", [Message.MAX_ATTEMPTS])
        (count,) = cursor.fetchone()
    return int(count)
