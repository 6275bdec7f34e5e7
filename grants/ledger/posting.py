"""Post entries. Called by actions, inside their savepoint; the database checks the sums when the outermost one ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, models
from django.utils import timezone

from cities.access.models import User
from cities.audit.trail import Actor
from cities.tenancy.models import City, new_id
from cities.tenancy.prepared import kept_cursor
from cities.tenancy.scopes import current_city_id
from cities.tenancy.writing import Insertion

from .models import Account, Entry, Posting
from .states import AccountKind, EntryKind


@dataclass(frozen=True, slots=True)
class Line:
    """So much onto (positive) or off (negative) one account, in minor units."""

    kind: AccountKind
    subject_id: UUID
    cents: int
    pool_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """What an entry is about: its kind, the key under which it happens once, the row, who and when."""

    kind: EntryKind
    key: str
    subject: models.Model
    actor: Actor
    memo: str = ""
    occurred_on: date | None = None
    currency: str = ""


_ENTRY = Insertion(Entry)

# An entry and its postings belong together. All postings of it are one INSERT: the trigger on the statement moves
# their balances together, in order.
_WRITE = f"""
WITH entry AS ({_ENTRY.sql} RETURNING id, city_id)
INSERT INTO {Posting._meta.db_table} (id, city_id, entry_id, account_id, cents)
SELECT side.id, entry.city_id, entry.id, side.account_id, side.cents
FROM entry, unnest(%s::uuid[], %s::uuid[], %s::bigint[]) AS side(id, account_id, cents)
"""  # noqa: S608  only names of our own tables and columns are put in

# By city: the Center's door shows everybody's accounts.
_FIND = f"""
SELECT kind, subject_id, id FROM {Account._meta.db_table}
WHERE city_id = %s AND subject_id = ANY(%s) AND currency = %s
"""  # noqa: S608  only the name of our own table is put in


def post(deed: Deed, lines: Sequence[Line]) -> Entry:
    """Append one entry with its postings to the open tenant's books, and return it.

    Lines that add nothing are left out. Raises ``RuleError`` through the action that calls it when an account
    would fall below zero (``balance_not_negative``) or the key was used (``entry_key_once``).
    """
    lines = [line for line in lines if line.cents]
    currency = deed.currency or _own_currency()
    accounts = open_accounts(lines, currency)
    sides = [(accounts[line.kind, line.subject_id], line.cents) for line in lines]
    return _write(deed, currency, max((line.cents for line in lines), default=0), sides)


def reverse_entry(entry: Entry, *, key: str, subject: models.Model, actor: Actor, memo: str = "") -> Entry:
    """Append the mirror of an entry, and return it. An entry is reversed once (``entry_reversed_once``)."""
    deed = Deed(EntryKind.REVERSAL, key, subject, actor, memo)
    sides = Posting.objects.filter(entry=entry).values_list("account_id", "cents")
    mirrored = [(account_id, -cents) for account_id, cents in sides]
    return _write(deed, entry.currency, entry.amount_cents, mirrored, reverses=entry)


def open_accounts(lines: Iterable[Line], currency: str) -> dict[tuple[str, UUID], UUID]:
    """Return the ids of the lines' accounts by kind and subject, opening those that aren't there."""
    wanted = {(str(line.kind), line.subject_id): line.pool_id for line in lines}
    found = _find(wanted, currency)
    if missing := {key: pool for key, pool in wanted.items() if key not in found}:
        city_id = current_city_id()
        Account.objects.bulk_create(
            [
                Account(city_id=city_id, kind=kind, subject_id=subject, pool_id=pool, currency=currency)
                for (kind, subject), pool in sorted(missing.items())
            ],
            ignore_conflicts=True,
        )
        found = _find(wanted, currency)
    return found


def _find(wanted: Iterable[tuple[str, UUID]], currency: str) -> dict[tuple[str, UUID], UUID]:
    wanted = set(wanted)
    # Planned each time: a plan that knows no subject goes through the whole city.
    with connection.cursor() as cursor:
        cursor.execute(_FIND, [current_city_id(), [subject for _kind, subject in wanted], currency])
        rows = cursor.fetchall()
    return {(kind, subject): key for kind, subject, key in rows if (kind, subject) in wanted}


def lock_accounts(lines: Iterable[Line], *, currency: str = "") -> dict[tuple[str, UUID], int]:
    """Lock the lines' accounts in the order of their ids and return what they hold, by kind and subject.

    For an action that posts several entries, or that looks before it posts.
    """
    accounts = open_accounts(lines, currency or _own_currency())
    with kept_cursor() as cursor:
        cursor.execute("SELECT account_id, cents FROM lock_accounts(%s)", [list(accounts.values())])
        held = dict(cursor.fetchall())
    return {key: held[account_id] for key, account_id in accounts.items()}


def _write(
    deed: Deed,
    currency: str,
    cents: int,
    sides: Sequence[tuple[UUID, int]],
    *,
    reverses: Entry | None = None,
) -> Entry:
    entry = Entry(
        city_id=current_city_id(),
        kind=deed.kind,
        key=deed.key,
        subject_type=deed.subject._meta.label_lower,
        subject_id=deed.subject.pk,
        amount_cents=cents,
        currency=currency,
        occurred_on=deed.occurred_on or _today(),
        memo=deed.memo,
        reverses=reverses,
        actor=deed.actor if isinstance(deed.actor, User) else None,
        actor_name="" if isinstance(deed.actor, User) else deed.actor.name,
    )
    accounts, amounts = [account for account, _cents in sides], [cents for _account, cents in sides]
    with kept_cursor() as cursor:
        cursor.execute(_WRITE, [*_ENTRY.values(entry), [new_id() for _side in sides], accounts, amounts])
    entry.sides = tuple(sides)
    return entry


def _tenant() -> City:
    return City.objects.get(pk=current_city_id())


def _own_currency() -> str:
    return _tenant().currency


def _today() -> date:
    return timezone.localdate(timezone=_tenant().zone)
