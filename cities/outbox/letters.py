"""Put a message into the outbox. Called by actions, inside their savepoint."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from cities.access.models import User
from cities.tenancy.scopes import current_scope
from cities.tenancy.writing import Insertion

from .models import Message
from .sealing import seal_body

_MESSAGE = Insertion(Message, once_by=("city_id", "key"))

_beside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nudge")
_waiting: Future[None] | None = None
"""Who asks waits for no broker. A nudge that is lost here is made up for by beat."""


def enqueue(
    kind: str,
    *,
    key: str,
    subject_id: UUID | None = None,
    recipient: User | None = None,
    address: str = "",
    language: str = "",
    secret_body: str = "",
    priority: Message.Priority = Message.Priority.NOTICE,
    expires_at: datetime | None = None,
    **data: Any,
) -> Message | None:
    """Queue one message; the same ``key`` in the same city queues it once (``None`` comes back the second time).

    The relay is nudged after commit; if nobody hears the nudge, the next beat finds the row.
    """
    city_id = current_scope().city_id
    assert city_id is not None  # noqa: S101  an action runs where something may be written
    message = Message(
        city_id=city_id,
        kind=kind,
        key=key,
        subject_id=subject_id,
        recipient=recipient,
        address=address or (recipient.email if recipient else ""),
        language=language or (recipient.language if recipient else "en"),
        sealed_body=seal_body(secret_body) if secret_body else "",
        priority=priority,
        expires_at=expires_at,
        data=data,
    )
    if not _MESSAGE.write(message):
        return None
    nudge_after_commit()
    return message


def nudge_after_commit() -> None:
    """Nudge the relay once the open transaction is committed: something waits for it."""
    # A deed that tells a thousand people nudges once.
    if not any(entry[1] is _nudge for entry in connection.run_on_commit):
        transaction.on_commit(_nudge)


def _nudge() -> None:
    from .tasks import nudge_relay  # noqa: PLC0415

    global _waiting  # noqa: PLW0603
    if (
        _waiting is None or _waiting.running() or _waiting.done()
    ):  # one that has not begun tells of this as well
        _waiting = _beside.submit(nudge_relay)


def nudges_done() -> None:
    """Wait until the relay is nudged."""
    if _waiting is not None:
        _waiting.result()
