"""Entries of the past: gathered first, then inserted with their postings, as ``grants.ledger.posting`` would have done."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from cities.access.models import User
from cities.tenancy.models import City
from config.demo.rows import insert
from grants.ledger.models import Account, Entry, Posting
from grants.ledger.posting import Line
from grants.ledger.queries import entry_text
from grants.ledger.states import EntryKind

Told = dict[str, Any]


@dataclass(slots=True)
class Books:
    """The books of one tenant, as far as the demo writes them."""

    tenant: City
    accounts: dict[tuple[str, UUID], Account] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)
    held: dict[tuple[str, UUID], int] = field(default_factory=dict)
    sides: dict[UUID, list[tuple[Account, int]]] = field(default_factory=dict)
    """The sides of each entry that isn't saved yet."""

    def post(
        self,
        kind: EntryKind,
        key: str,
        subject: models.Model,
        lines: Sequence[Line],
        *,
        actor: User,
        at: datetime,
        memo: str = "",
    ) -> Entry:
        """Note one entry of the past."""
        entry = Entry(
            city_id=self.tenant.pk,
            kind=kind,
            key=key,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            amount_cents=max((line.cents for line in lines), default=0),
            currency=self.tenant.currency,
            occurred_on=at.astimezone(self.tenant.zone).date(),
            memo=memo,
            actor=actor,
            posted_at=at,
        )
        self.entries.append(entry)
        self._sides(entry, [(self._account(line, at), line.cents) for line in lines])
        return entry

    def reverse(self, entry: Entry, key: str, subject: models.Model, *, actor: User, at: datetime) -> Entry:
        """Note the mirror of an entry."""
        mirror = Entry(
            city_id=self.tenant.pk,
            kind=EntryKind.REVERSAL,
            key=key,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
            amount_cents=entry.amount_cents,
            currency=entry.currency,
            occurred_on=at.astimezone(self.tenant.zone).date(),
            reverses=entry,
            actor=actor,
            posted_at=at,
        )
        self.entries.append(mirror)
        self._sides(mirror, [(account, -cents) for account, cents in self.sides[entry.pk]])
        return mirror

    def told(self, entry: Entry) -> Told:
        """Return what the audit event keeps of the entry."""
        text = entry_text(entry, [(account.pk, cents) for account, cents in self.sides[entry.pk]])
        return {
            "entry": str(entry.pk),
            "entry_hash": hashlib.sha256(text.encode()).hexdigest(),
            "cents": entry.amount_cents,
        }

    def holds(self, kind: str, subject_id: UUID) -> int:
        return self.held.get((str(kind), subject_id), 0)

    def save(self) -> None:
        """Insert accounts, entries and postings; triggers write the balances. What was saved before is left out."""
        insert([account for account in self.accounts.values() if account._state.adding])
        insert(self.entries)
        insert(self.postings)
        for account in self.accounts.values():
            account._state.adding = False
        self.entries, self.postings, self.sides = [], [], {}

    def _account(self, line: Line, at: datetime) -> Account:
        key = (str(line.kind), line.subject_id)
        if key not in self.accounts:
            self.accounts[key] = Account(
                city_id=self.tenant.pk,
                kind=line.kind,
                subject_id=line.subject_id,
                pool_id=line.pool_id,
                currency=self.tenant.currency,
                created_at=at,
            )
        return self.accounts[key]

    def _sides(self, entry: Entry, sides: list[tuple[Account, int]]) -> None:
        self.sides[entry.pk] = sides
        for account, cents in sides:
            self.postings.append(Posting(city_id=self.tenant.pk, entry=entry, account=account, cents=cents))
            key = (str(account.kind), account.subject_id)
            self.held[key] = self.held.get(key, 0) + cents
