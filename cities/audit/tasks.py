"""The sequencer and the signer of heads, run by beat (see ``CELERY_BEAT_SCHEDULE``). Safe to repeat."""

import logging
from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.db import DatabaseError

from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope

from .heartbeat import beat
from .models import Seal, SignedHead
from .sequencing import seal_city, waiting_cities
from .signing import SIGNED_WITHIN, is_signed, sign_head

logger = logging.getLogger(__name__)


@shared_task
def seal_pending() -> int:
    """Seal the waiting events of every city, each in its own transactions. Returns how many.

    A city whose chain refuses (somebody tampered with it) doesn't hold up the others.
    """
    waiting = waiting_cities()
    sealed = 0
    for city_id in waiting:
        try:
            sealed += seal_city(city_id)
        except DatabaseError:
            logger.exception("audit.seal_failed", extra={"city_id": str(city_id)})
    still = waiting_cities() if waiting else {}
    beat({city_id: oldest for city_id, oldest in waiting.items() if still.get(city_id) == oldest})
    return sealed


@shared_task
def sign_heads() -> int:
    """Sign the head of each chain that has grown, and keep it in the Center's tenant. Returns how many.

    A chain that doesn't hold what was signed before is not signed again: somebody cut or rebuilt it. The log line is a
    second copy outside of the database, for an operator who keeps logs elsewhere.
    """
    with city_scope(CENTER_ID):
        newest = SignedHead.objects.order_by("chain_of_id", "-seq").distinct("chain_of_id")
        known = {head.chain_of_id: head for head in newest}
    ran_at = max((head.signed_at for head in known.values()), default=None)
    fresh = [
        head
        for city_id in City.objects.values_list("pk", flat=True)
        if (head := _next_head(city_id, known.get(city_id), ran_at))
    ]
    with city_scope(CENTER_ID):
        SignedHead.objects.bulk_create(fresh, ignore_conflicts=True)
    for head in fresh:
        told = {"city_id": str(head.chain_of_id), "seq": head.seq, "hash": head.hash}
        logger.info("audit.head_signed", extra=told | {"signature": head.signature})
    return len(fresh)


def _next_head(city_id: UUID, known: SignedHead | None, ran_at: datetime | None) -> SignedHead | None:
    with city_scope(city_id):
        if not _holds(known, ran_at):
            logger.error("audit.head_refused", extra={"city_id": str(city_id)})
            return None
        head = Seal.objects.order_by("-seq").values_list("seq", "hash").first()
    if head is None or (known and known.seq == head[0]):
        return None
    signature = sign_head(city_id, *head)
    return SignedHead(city_id=CENTER_ID, chain_of_id=city_id, seq=head[0], hash=head[1], signature=signature)


def _holds(known: SignedHead | None, ran_at: datetime | None) -> bool:
    """Say whether the open city's chain holds its last signed head; or is too young to have one."""
    if known is None:
        first = Seal.objects.order_by("seq").values_list("sealed_at", flat=True).first()
        return first is None or ran_at is None or first > ran_at - SIGNED_WITHIN
    is_ours = is_signed(known.chain_of_id, known.seq, known.hash, known.signature)
    return is_ours and Seal.objects.filter(seq=known.seq, hash=known.hash).exists()
