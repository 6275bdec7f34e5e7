"""Reviews, awards and money of the load's applications, posted as the demo's are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from cities.access.models import Membership, Role
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, center_scope
from config.demo.money import fund_city
from config.demo.money.books import Books
from config.demo.money.grants import Gift, Program, accept_and_receive, allocate
from config.demo.money.payments import Payments
from config.demo.money.people import Cast, cast_of
from config.demo.money.promises import Promises
from config.demo.money.scores import review
from config.demo.money.slips import Slip
from config.demo.rows import insert
from config.demo.written import Written
from grants.applications.models import Application
from grants.cycles.models import Cycle
from grants.ledger.models import Account
from grants.ledger.states import AccountKind
from grants.programs.models import ProgramGrant
from grants.reviews.models import Review

from .bodies import CAP
from .founding import Funder
from .lives import live

FRESH = timedelta(days=1)
"""What was screened later than that ago waits for its reviewers."""

REVIEWERS = 2
DONE_SHARE = 0.9
UNFUNDED_SHARE = 0.2


@dataclass(slots=True)
class Quota:
    """How many postings are still owed for the applications so far; awards are made while there are."""

    per_application: float
    owed: float = 0.0


@dataclass(slots=True)
class Treasury:
    """The books of one load city, and its people."""

    books: Books
    cast: Cast
    slip: Slip
    now: datetime
    quota: Quota


@dataclass(slots=True)
class Decisions:
    """What was scored, promised and paid for some applications of one city."""

    treasury: Treasury
    rows: Written
    rng: Random
    reviews: list[Review] = field(default_factory=list)
    promises: Promises = field(init=False)
    payments: Payments = field(init=False)

    def __post_init__(self) -> None:
        own = self.treasury
        self.promises = Promises(own.books, own.cast, self.rows, self.rng)
        self.payments = Payments(
            own.books, own.cast, self.rows, self.rng, own.now, draw=lambda *_facts: own.slip
        )

    def decide(self, application: Application, screened_at: datetime) -> None:
        """Have an eligible application scored, and award it money while postings are owed."""
        own, quota = self.treasury, self.treasury.quota
        if own.now - screened_at < FRESH:
            return
        scored_at = screened_at + (own.now - screened_at) * 0.3
        window = (screened_at, scored_at)
        self.reviews += review(
            self.rng, application, own.cast.reviewers[:REVIEWERS], self.rows, window, done=DONE_SHARE
        )
        if quota.owed > 0:
            self._award(application, scored_at)
        elif quota.per_application and self.rng.random() < UNFUNDED_SHARE:
            self.promises.refuse(application, scored_at)

    def _award(self, application: Application, at: datetime) -> None:
        books, asked = self.treasury.books, application.requested_cents or 0
        before = len(books.postings)
        live(
            self.promises.offer(application, at, min(asked, application.recommended_cents or asked)),
            self.promises,
            self.payments,
        )
        self.treasury.quota.owed -= len(books.postings) - before

    def save(self) -> None:
        """Insert what hangs on the applications, which are there."""
        self.treasury.books.save()
        for rows in (
            self.reviews, self.promises.awards, self.payments.pays, self.payments.receipts, self.payments.returns,
        ):  # fmt: skip
            insert(rows)


def fund(city: City, share: int, funder: Funder, now: datetime) -> Program:
    """Grant and send a city as much as its share of applications can be awarded. Opens the Center's door."""
    cents = share * CAP * 100
    first = cents * 3 // 5
    with center_scope(funder.officer):
        earlier = ProgramGrant.objects.in_city(CENTER_ID).filter(recipient=city).count()
    gift = Gift(cents, ((420, first), (210, cents - first)), mark=f"-{earlier + 1}" if earlier else "")
    return fund_city(city, funder.cohort, funder.officer, now, gift)


def open_treasury(city: City, slip: Slip, now: datetime, quota: Quota) -> Treasury:
    """Open the books of a city as far as they go on. Runs in the city's scope."""
    books = Books(city)
    for account in Account.objects.filter(kind__in=(AccountKind.UNALLOCATED, AccountKind.AVAILABLE)):
        books.accounts[account.kind, account.subject_id] = account
    members = Membership.objects.filter(ended_at=None).select_related("user").order_by("id")
    cast = cast_of([(member.user, Role(member.role)) for member in members])
    return Treasury(books, cast, slip, now, quota)


def receive(treasury: Treasury, program: Program, cycle: Cycle) -> None:
    """Write that the city accepted and received its grant, and gave all of it to its call."""
    rows, cast, cents = Written(), treasury.cast, program.grant.amount_cents
    assert cycle.opens_at  # noqa: S101  a load call is dated
    accept_and_receive(treasury.books, program, cast.requester, rows)
    allocate(treasury.books, cycle, cents, cast.manager, rows, at=cycle.opens_at, key=str(program.grant.pk))
    treasury.books.save()
    rows.save(cycle.city_id)
