"""The sequencer and the signer of heads, run by beat (see ``CELERY_BEAT_SCHEDULE``). Safe to repeat."""

import logging
from uuid import UUID

from celery import shared_task
from django.db import DatabaseError

from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope

from .heartbeat import beat
from .models import Seal, SignedHead
from .sequencing import seal_city, waiting_cities
from .signing import sign_head

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

    The log line is a second copy outside of the database, for an operator who keeps logs elsewhere.
    """
    heads = {
        city_id: head for city_id in City.objects.values_list("pk", flat=True) if (head := _head(city_id))
    }
    with city_scope(CENTER_ID):
        known = set(SignedHead.objects.filter(chain_of__in=heads).values_list("chain_of_id", "seq"))
        fresh = [
            SignedHead(
                city_id=CENTER_ID,
                chain_of_id=city_id,
                seq=seq,
                hash=head,
                signature=sign_head(city_id, seq, head),
            )
            for city_id, (seq, head) in heads.items()
            if (city_id, seq) not in known
        ]
        SignedHead.objects.bulk_create(fresh, ignore_conflicts=True)
    for row in fresh:
        logger.info(
            "audit.head_signed", extra={"city_id": str(row.chain_of_id), "seq": row.seq, "hash": row.hash}
        )
    return len(fresh)


def _head(city_id: UUID) -> tuple[int, str] | None:
    with city_scope(city_id):
        head: tuple[int, str] | None = Seal.objects.order_by("-seq").values_list("seq", "hash").first()
    return head
