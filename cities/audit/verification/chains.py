"""Recompute every city's chain from its rows, without asking the functions that made it."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection

from cities.audit.heartbeat import last_beat
from cities.audit.models import Seal, SignedHead
from cities.audit.sequencing import seal_city, waiting_cities
from cities.audit.signing import SIGNED_WITHIN, is_signed
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope

from .registry import Findings, check

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_HASH = "0" * 64
SEPARATOR = "\x1f"
BATCH = 5_000

# A left join: an event that somebody deleted must show as a hole, not vanish together with its seal.
_LINKS = """
SELECT s.seq, s.hash, s.previous, s.event_id, e.id, e.city_id, e.tag, e.actor_id, e.actor_name,
       e.subject_type, e.subject_id, e.created_at, e.data::text
FROM cities_seal s LEFT JOIN cities_event e ON e.id = s.event_id AND e.city_id = s.city_id
WHERE s.city_id = %s ORDER BY s.seq
"""
_UNSEALED = """
SELECT e.id FROM cities_event e
WHERE e.city_id = %s AND NOT EXISTS (SELECT 1 FROM cities_seal s WHERE s.city_id = e.city_id AND s.event_id = e.id)
LIMIT 1000
"""


def event_text(row: tuple[Any, ...]) -> str:
    """Write an event canonically: the fields of ``event_text(cities_event)``, joined by a unit separator."""
    key, city_id, tag, actor_id, actor_name, subject_type, subject_id, created_at, data = row
    microseconds = (created_at - EPOCH) // timedelta(microseconds=1)
    fields = (key, city_id, tag, actor_id or "", actor_name, subject_type, subject_id, microseconds, data)
    return SEPARATOR.join(map(str, fields))


def link(previous: str, text: str) -> str:
    """Return the hash of a link: SHA-256 over the hash before and the canonical event."""
    return hashlib.sha256((previous + text).encode()).hexdigest()


@check("audit sequencer")
def sequencer(findings: Findings) -> None:
    """Find a sequencer that runs and leaves events unsealed, then seal what is pending."""
    heartbeat = last_beat()
    if heartbeat is None:
        findings.notes.append("the sequencer has not run here yet, or its heartbeat was lost with the cache")
    else:
        for city_id in heartbeat.overdue():
            findings.broke(
                f"city {city_id}", "events stayed unsealed for over a minute while the sequencer ran"
            )
    for city_id in waiting_cities():
        findings.examined += 1
        try:
            seal_city(city_id)
        except DatabaseError as error:
            findings.broke(f"city {city_id}", f"waiting events can't be sealed: {type(error).__name__}")


@check("audit chains")
def chains(findings: Findings) -> None:
    """Recompute each chain, compare it with its signed heads, and look for events without a seal."""
    signed, unsigned = _signed_heads(), 0
    ran_at = max((head.signed_at for heads in signed.values() for head in heads), default=None)
    for city in City.objects.order_by("slug"):
        name = city.slug or "the Center"
        with city_scope(city), connection.chunked_cursor() as cursor:
            cursor.execute(_LINKS, [city.pk])
            sealed = _walk(findings, name, chain.from_iterable(iter(lambda: cursor.fetchmany(BATCH), [])))
        if city.pk in signed:
            _compare_heads(findings, name, city.pk, sealed, signed[city.pk])
        elif sealed and _lost_heads(city.pk, ran_at):
            findings.broke(name, "no head of its chain is signed, and others were since it began")
        else:
            unsigned += bool(sealed)
        _find_unsealed(findings, name, city.pk)
    if unsigned:
        findings.notes.append(f"{unsigned} chains have no signed head yet")


def _walk(findings: Findings, name: str, rows: Iterable[tuple[Any, ...]]) -> list[str]:
    """Follow one chain and return its stored hashes; the hash of seal *n* stands at *n − 1*."""
    head = NO_HASH
    hashes: list[str] = []
    for seq, stored, previous, event_id, *event in rows:
        findings.examined += 1
        place = f"{name}, seal {seq}"
        if seq != len(hashes) + 1:
            findings.broke(place, f"seal {len(hashes) + 1} is missing from the chain")
            hashes.extend([""] * (seq - 1 - len(hashes)))
        if previous != head:
            findings.broke(place, "does not follow from the seal before it")
        if event[0] is None:
            findings.broke(place, f"its event {event_id} was deleted")
        elif link(previous, event_text(tuple(event))) != stored:
            findings.broke(place, f"event {event_id} was changed after it was sealed")
        hashes.append(stored)
        head = stored
    return hashes


def _signed_heads() -> dict[UUID, list[SignedHead]]:
    heads: dict[UUID, list[SignedHead]] = {}
    with city_scope(CENTER_ID):
        for head in SignedHead.objects.order_by("seq"):
            heads.setdefault(head.chain_of_id, []).append(head)
    return heads


def _compare_heads(
    findings: Findings, name: str, city_id: UUID, hashes: list[str], signed: list[SignedHead]
) -> None:
    for head in signed:
        place = f"{name}, signed head {head.seq}"
        if not is_signed(city_id, head.seq, head.hash, head.signature):
            findings.broke(place, "the signature is not ours")
        elif head.seq > len(hashes):
            findings.broke(place, f"the chain was cut: it ends at seal {len(hashes)}")
        elif hashes[head.seq - 1] != head.hash:
            findings.broke(place, "the chain was rebuilt: its hash is not the one that was signed")


def _lost_heads(city_id: UUID, ran_at: datetime | None) -> bool:
    """Say whether a chain without a signed head must have had one: heads were signed since it began."""
    with city_scope(city_id):
        first = Seal.objects.order_by("seq").values_list("sealed_at", flat=True).first()
    return first is not None and ran_at is not None and first <= ran_at - SIGNED_WITHIN


def _find_unsealed(findings: Findings, name: str, city_id: UUID) -> None:
    """Name events that a seal run after they could be seen has left out: they were taken off the queue."""
    seen = _unsealed(city_id)
    if not seen:
        return
    seal_city(city_id)
    for event_id in sorted(seen & _unsealed(city_id)):
        findings.broke(f"{name}, event {event_id}", "was never sealed, and nothing waits to seal it")


def _unsealed(city_id: UUID) -> set[UUID]:
    with city_scope(city_id), connection.cursor() as cursor:
        cursor.execute(_UNSEALED, [city_id])
        return {event_id for (event_id,) in cursor.fetchall()}
