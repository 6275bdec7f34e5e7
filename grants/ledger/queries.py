"""What the books say."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Sum

from .models import Balance, Entry, Posting
from .states import KINDS_OF_A_POOL, AccountKind


def balance_of(kind: AccountKind, subject_id: UUID) -> int:
    """Return what one account holds, in minor units; 0 if it was never opened."""
    found = (
        Balance.objects.filter(account__kind=kind, account__subject_id=subject_id)
        .values_list("cents", flat=True)
        .first()
    )
    return found or 0


def balances_of(subject_ids: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Return what the accounts of these subjects hold, by subject and kind."""
    found: dict[UUID, dict[str, int]] = {subject: {} for subject in subject_ids}
    rows = Balance.objects.filter(account__subject_id__in=list(subject_ids)).values_list(
        "account__subject_id", "account__kind", "cents"
    )
    for subject, kind, cents in rows:
        found[subject][kind] = cents
    return found


def pool_totals(pool_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """Return the sums over each cycle's pool by kind: available, committed, paid, proved."""
    pools = list(pool_ids)
    found: dict[UUID, dict[str, int]] = {pool: {} for pool in pools}
    standing = Balance.objects.filter(pool_id__in=pools, kind__in=KINDS_OF_A_POOL)
    for pool, kind, total in standing.values_list("pool_id", "kind").annotate(total=Sum("cents")):
        found[pool][kind] = int(total)
    return found


def entry_text(entry: Entry, sides: Iterable[tuple[UUID, int]]) -> str:
    """Write an entry with its postings canonically, fields joined by a unit separator."""
    actor = entry.actor_id or entry.actor_name
    head: list[Any] = [
        entry.pk,
        entry.city_id,
        entry.kind,
        entry.key,
        entry.subject_id,
        entry.amount_cents,
        entry.currency,
    ]
    head += [entry.occurred_on.isoformat(), entry.reverses_id or "", actor]
    return "\x1f".join(map(str, [*head, *(f"{account}:{cents}" for account, cents in sorted(sides))]))


def entry_hash(entry: Entry) -> str:
    """Return the SHA-256 of an entry with its postings, as the audit trail keeps it."""
    sides = entry.sides
    if sides is None:
        sides = tuple(Posting.objects.filter(entry=entry).values_list("account_id", "cents"))
    return hashlib.sha256(entry_text(entry, sides).encode()).hexdigest()


def told(entry: Entry) -> dict[str, Any]:
    """Return what an audit event keeps of the entry it wrote: ``entry``, ``entry_hash``, ``cents``."""
    return {"entry": str(entry.pk), "entry_hash": entry_hash(entry), "cents": entry.amount_cents}
