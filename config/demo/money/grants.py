"""What the Center granted and sent, and what the city accepted, received and allocated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cities.access.models import User
from cities.interface.formats import money
from cities.tenancy.models import City
from config.demo.rows import insert
from config.demo.written import Written
from grants.cycles.models import Cycle
from grants.ledger.posting import Line
from grants.ledger.states import AccountKind, EntryKind
from grants.programs.models import Cohort, GrantAcceptance, ProgramGrant, Tranche, TrancheReceipt

from .books import Books

GRANT_CENTS = 10_000_000
TRANCHES = ((420, 4_000_000), (210, 3_500_000))
"""Days ago, and how much."""

LATE = {"gary": 19, "reno": 23, "columbia": 4}
"""Cities that have not confirmed their last tranche, sent so many days ago."""

UNCONFIRMED_CENTS = 1_500_000


@dataclass(frozen=True, slots=True)
class Gift:
    """How much the Center grants, and its tranches as days ago and cents. ``mark`` ends the grant's reference."""

    cents: int = GRANT_CENTS
    tranches: tuple[tuple[int, int], ...] = TRANCHES
    mark: str = ""


@dataclass(slots=True)
class Program:
    """A city's program grant with its tranches. The last of those may not be confirmed yet."""

    grant: ProgramGrant
    tranches: list[Tranche]
    confirmed: int


def grant_and_send(
    center: Books, cohort: Cohort, city: City, officer: User, rows: Written, *, now: datetime, gift: Gift
) -> Program:
    """Write the Center's side: the grant, and the tranches sent. Runs in the Center's own tenant."""
    granted_at = now - timedelta(days=540)
    grant = ProgramGrant(
        city_id=center.tenant.pk,
        cohort=cohort,
        recipient=city,
        reference=f"LYB-{granted_at.year}-{(city.slug or '').upper()[:12]}{gift.mark}",
        purpose="Mini-grants to residents and a fellow, two years",
        amount_cents=gift.cents,
        currency=city.currency,
        starts_on=granted_at.date(),
        ends_on=granted_at.date() + timedelta(days=730),
        created_by=officer,
        created_at=granted_at,
    )
    entry = center.post(
        EntryKind.GRANT,
        f"grant:{grant.pk}",
        grant,
        [
            Line(AccountKind.APPROPRIATION, center.tenant.pk, -gift.cents),
            Line(AccountKind.GRANTED, grant.pk, gift.cents),
        ],
        actor=officer,
        at=granted_at,
    )
    rows.record(
        "programgrant:create",
        actor=officer,
        subject=grant,
        at=granted_at,
        reference=grant.reference,
        city=city.name,
        **center.told(entry),
    )
    program = Program(grant, [], len(gift.tranches))
    sent = list(gift.tranches)
    if city.slug in LATE:
        sent.append((LATE[city.slug], UNCONFIRMED_CENTS))
    for number, (days, cents) in enumerate(sent, start=1):
        program.tranches.append(_send(center, grant, number, cents, rows, at=now - timedelta(days=days)))
    grant.sent_cents = sum(tranche.amount_cents for tranche in program.tranches)
    insert([grant])
    insert(program.tranches)
    return program


def _send(
    center: Books, grant: ProgramGrant, number: int, cents: int, rows: Written, *, at: datetime
) -> Tranche:
    officer = grant.created_by
    assert officer  # noqa: S101  the demo's grants are an officer's
    tranche = Tranche(
        city_id=grant.city_id,
        program_grant=grant,
        recipient_id=grant.recipient_id,
        number=number,
        amount_cents=cents,
        currency=grant.currency,
        sent_on=at.date(),
        bank_reference=f"ACH {at:%y%m%d}-{number:03d}",
        created_by=officer,
        created_at=at,
    )
    lines = [Line(AccountKind.GRANTED, grant.pk, -cents), Line(AccountKind.SENT, grant.pk, cents)]
    entry = center.post(EntryKind.TRANCHE, f"tranche:{tranche.pk}", tranche, lines, actor=officer, at=at)
    rows.record(
        "tranche:send",
        actor=officer,
        subject=tranche,
        at=at,
        number=number,
        reference=grant.reference,
        **center.told(entry),
    )
    return tranche


def accept_and_receive(books: Books, program: Program, finance: User, rows: Written) -> None:
    """Write the city's side: accepted, and received what is confirmed."""
    grant, city = program.grant, books.tenant
    at = grant.created_at + timedelta(days=75)
    acceptance = GrantAcceptance(city_id=city.pk, program_grant=grant, accepted_by=finance, accepted_at=at)
    lines = [
        Line(AccountKind.FUNDING, grant.pk, -grant.amount_cents),
        Line(AccountKind.RECEIVABLE, grant.pk, grant.amount_cents),
    ]
    entry = books.post(EntryKind.ACCEPTANCE, f"acceptance:{grant.pk}", grant, lines, actor=finance, at=at)
    rows.record(
        "programgrant:accept",
        actor=finance,
        subject=grant,
        at=at,
        tenant=city.pk,
        reference=grant.reference,
        **books.told(entry),
    )
    insert([acceptance])
    insert([_receive(books, tranche, finance, rows) for tranche in program.tranches[: program.confirmed]])


def _receive(books: Books, tranche: Tranche, finance: User, rows: Written) -> TrancheReceipt:
    city, at = books.tenant, tranche.created_at + timedelta(days=5, hours=3)
    receipt = TrancheReceipt(
        city_id=city.pk,
        tranche=tranche,
        received_on=_day(at),
        bank_reference=tranche.bank_reference,
        confirmed_by=finance,
        confirmed_at=at,
    )
    grant_id, cents = tranche.program_grant_id, tranche.amount_cents
    lines = [Line(AccountKind.RECEIVABLE, grant_id, -cents), Line(AccountKind.UNALLOCATED, city.pk, cents)]
    entry = books.post(EntryKind.RECEIPT, f"receipt:{tranche.pk}", tranche, lines, actor=finance, at=at)
    rows.record(
        "tranche:confirm",
        actor=finance,
        subject=tranche,
        at=at,
        tenant=city.pk,
        number=tranche.number,
        **books.told(entry),
    )
    return receipt


def allocate(
    books: Books, cycle: Cycle, cents: int, manager: User, rows: Written, *, at: datetime, key: str = "demo"
) -> None:
    """Write that the manager gave a cycle its money, once per ``key``."""
    city = books.tenant
    lines = [
        Line(AccountKind.UNALLOCATED, city.pk, -cents),
        Line(AccountKind.AVAILABLE, cycle.pk, cents, pool_id=cycle.pk),
    ]
    entry = books.post(
        EntryKind.ALLOCATION, f"allocation:{cycle.pk}:{key}", cycle, lines, actor=manager, at=at
    )
    rows.record(
        "cycle:allocate",
        actor=manager,
        subject=cycle,
        at=at,
        name=cycle.name,
        amount=money(cents, city.currency),
        **books.told(entry),
    )


def _day(at: datetime) -> date:
    return at.date()
