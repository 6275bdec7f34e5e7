"""What becomes of a load city's awards: every state, with several payments and receipts each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from config.demo.money.payments import Payments
from config.demo.money.promises import Promises
from grants.awards.models import Award
from grants.awards.states import HOLDS_MONEY

STEPS = 96
"""More than the deeds of the longest life; the time since the offer is cut into so many."""

PAYMENTS = (3, 6)
RECEIPTS = (2, 4)
"""The fewest and the most: payments of an award, receipts of a payment."""


@dataclass(slots=True)
class Life:
    """One award on its way from the offer until now."""

    award: Award
    promises: Promises
    payments: Payments
    rng: Random
    at: datetime
    step: timedelta

    @classmethod
    def of(cls, award: Award, promises: Promises, payments: Payments) -> Life:
        step = (payments.now - award.offered_at) / STEPS
        return cls(award, promises, payments, promises.rng, award.offered_at, step)

    def later(self) -> datetime:
        """Let some time pass."""
        self.at += self.step
        return self.at

    def accept(self) -> None:
        self.promises.accept(self.award, self.later())

    def parts(self, cents: int) -> list[int]:
        """Cut an amount into payments."""
        return split(self.rng, cents, self.rng.randint(*PAYMENTS))

    def pay(self, cents: int) -> None:
        """Three people request, approve and record one payment."""
        pay = self.payments.request(self.award, cents, self.later())
        self.payments.approve(pay, self.later())
        self.payments.record(pay, self.later())

    def pay_lost(self, cents: int) -> None:
        """A payment goes out and is voided."""
        pay = self.payments.request(self.award, cents, self.later())
        self.payments.approve(pay, self.later())
        entry = self.payments.record(pay, self.later())
        self.payments.void(pay, entry, self.later())

    def prove(self, cents: int) -> None:
        """Send receipts of so much; all are accepted."""
        for share in split(self.rng, cents, self.rng.randint(*RECEIPTS)):
            self.payments.decide(self.payments.send(self.award, share, self.later()), share, self.later())

    def send(self, cents: int) -> None:
        """Send receipts of so much; some are cut, refused, or wait."""
        for share in split(self.rng, cents, self.rng.randint(*RECEIPTS)):
            receipt = self.payments.send(self.award, share, self.later())
            (accepted,) = self.rng.choices((share, share - share // 5, 0, None), weights=(80, 8, 6, 6))
            if accepted is not None:
                self.payments.decide(receipt, accepted, self.later())


def split(rng: Random, cents: int, parts: int) -> list[int]:
    """Cut an amount into parts of about the same size; their sum is the amount."""
    each = cents // parts
    shares = [each - rng.randint(0, each // 3) for _ in range(parts - 1)]
    return [*shares, cents - sum(shares)]


def _offered(life: Life) -> None:
    """Nobody has answered yet."""


def _declined(life: Life) -> None:
    life.promises.decline(life.award, life.later())


def _rescinded(life: Life) -> None:
    life.promises.rescind(life.award, life.later())


def _accepted(life: Life) -> None:
    life.accept()


def _under_way(life: Life) -> None:
    """All but the last part is paid; the last one is requested, approved or refused."""
    life.accept()
    *paid, last = life.parts(life.award.amount_cents)
    for cents in paid:
        life.pay(cents)
        life.send(cents)
    asked = life.payments.request(life.award, last, life.later())
    fate = life.rng.choice((None, life.payments.approve, life.payments.approve, life.payments.refuse))
    if fate:
        fate(asked, life.later())


def _unproved(life: Life) -> None:
    """All is paid and nothing proved."""
    life.accept()
    for cents in life.parts(life.award.amount_cents):
        life.pay(cents)


def _voided(life: Life) -> None:
    """One payment was lost and made anew."""
    life.accept()
    first, *others = life.parts(life.award.amount_cents)
    life.pay_lost(first)
    for cents in (first, *others):
        life.pay(cents)
        life.send(cents)


def _returned(life: Life) -> None:
    """What was advanced and not spent came back."""
    life.accept()
    *paid, _kept = life.parts(life.award.amount_cents)
    for cents in paid:
        life.pay(cents)
        life.prove(cents - cents // 4)
    life.payments.give_back(life.award, sum(cents // 4 for cents in paid), life.later())


def _completed(life: Life) -> None:
    """Paid and proved to the cent, and closed; what was not needed went back to the pool."""
    life.accept()
    amount = life.award.amount_cents
    for cents in life.parts(amount - (amount // 37 if life.rng.random() < 0.4 else 0)):  # noqa: PLR2004
        life.pay(cents)
        life.prove(cents)
    life.payments.complete(life.award, life.later())


LIVES: dict[Callable[[Life], None], int] = {
    _offered: 4, _declined: 3, _rescinded: 2, _accepted: 3, _under_way: 38, _unproved: 4, _voided: 6, _returned: 6, _completed: 34,
}  # fmt: skip
"""How many of a hundred awards go each way."""


def live(award: Award, promises: Promises, payments: Payments) -> None:
    """Let an award have one of the lives, and keep what its application repeats of it."""
    (way,) = promises.rng.choices(list(LIVES), weights=list(LIVES.values()))
    way(Life.of(award, promises, payments))
    application = award.application
    application.award_status = award.status
    application.paid_cents, application.proved_cents = award.paid_cents, award.proved_cents
    if award.status in HOLDS_MONEY:
        application.released_cents = award.released_cents
    application.last_activity_at = award.last_activity_at
