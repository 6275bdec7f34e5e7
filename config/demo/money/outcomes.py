"""What became of each award: every state that a grant can be in, over and over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle

from config.demo.applications import Call
from grants.awards.models import Award

from .payments import Payments
from .promises import Promises

Outcome = Callable[[Award, datetime, Promises, Payments], None]


def carry_out(call: Call, promises: Promises, payments: Payments) -> None:
    """Give each award of a call its outcome, in turn; those of the demo's residents come first."""
    now = payments.now
    outcomes = cycle(OLD if call.plan.is_archived else FRESH)
    for award in list(promises.awards):
        at = min(award.offered_at + timedelta(days=3), now - timedelta(days=9))
        next(outcomes)(award, at, promises, payments)


def _offered(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    """Nobody has answered yet."""


def _declined(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    promises.decline(award, at)


def _accepted(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    promises.accept(award, at)


def _requested(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    promises.accept(award, at)
    payments.request(award, _half(award), at + timedelta(days=2))


def _approved(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    promises.accept(award, at)
    payments.approve(payments.request(award, _half(award), at + timedelta(days=2)), at + timedelta(days=3))


def _refused(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    promises.accept(award, at)
    payments.refuse(
        payments.request(award, award.amount_cents, at + timedelta(days=2)), at + timedelta(days=4)
    )


def _advanced(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    """Half is paid; one receipt is accepted, one in part, one waits, one was not readable."""
    promises.accept(award, at)
    half = _half(award)
    payments.pay(award, half, at + timedelta(days=1))
    day = at + timedelta(days=5)
    payments.decide(payments.send(award, half // 3, day), half // 3, day + timedelta(hours=20))
    dear = payments.send(award, half // 4, day)
    payments.decide(dear, half // 4 - 2_397 if half > 20_000 else half // 8, day + timedelta(hours=21))  # noqa: PLR2004
    payments.decide(payments.send(award, half // 10, day), 0, day + timedelta(hours=22))
    payments.send(award, half // 6, day + timedelta(days=1))


def _unproved(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    """All is paid and nothing proved."""
    promises.accept(award, at)
    payments.pay(award, award.amount_cents, at + timedelta(days=4))


def _reimbursed(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    """Receipts came first, then the money; all of it is proved, and the award is not closed yet."""
    promises.accept(award, at)
    payments.prove(award, award.amount_cents, at + timedelta(days=10))
    payments.pay(award, award.amount_cents, at + timedelta(days=20))


def _completed(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    """Paid in two parts, proved to the cent, closed; what was not needed went back."""
    promises.accept(award, at)
    spent = award.amount_cents - (award.amount_cents // 37 if promises.rng.random() < 0.4 else 0)  # noqa: PLR2004
    payments.pay(award, _half(award), at + timedelta(days=4))
    payments.prove(award, spent, at + timedelta(days=30))
    payments.pay(award, spent - _half(award), at + timedelta(days=50))
    payments.complete(award, at + timedelta(days=60))


def _voided(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    """A check was lost, stopped and written anew."""
    promises.accept(award, at)
    lost = payments.request(award, _half(award), at + timedelta(days=2))
    payments.approve(lost, at + timedelta(days=3))
    entry = payments.record(lost, at + timedelta(days=4))
    payments.void(lost, entry, at + timedelta(days=20))
    payments.pay(award, _half(award), at + timedelta(days=22))
    payments.again(payments.send(award, _half(award) // 2, at + timedelta(days=30)), at + timedelta(days=33))


def _rescinded(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    promises.rescind(award, at)


def _returned(award: Award, at: datetime, promises: Promises, payments: Payments) -> None:
    """Half was advanced; what was not spent of it came back."""
    promises.accept(award, at)
    half = _half(award)
    payments.pay(award, half, at + timedelta(days=4))
    payments.prove(award, half * 3 // 4, at + timedelta(days=30))
    payments.give_back(award, half - half * 3 // 4, at + timedelta(days=55))


def _half(award: Award) -> int:
    return award.amount_cents // 200 * 100


OLD: tuple[Outcome, ...] = (
    _completed, _advanced, _completed, _reimbursed, _completed, _unproved, _completed, _declined, _completed, _voided, _requested,
    _completed, _approved, _offered, _returned, _refused, _rescinded,
)  # fmt: skip
FRESH: tuple[Outcome, ...] = (_advanced, _accepted, _requested, _approved, _offered, _declined, _refused)
