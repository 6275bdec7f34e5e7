"""What happened to the money of one demo city, from the Center's grant to the receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.db import models

from cities.access.models import User
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, center_scope
from config.demo.applications import Call
from config.demo.rows import insert
from config.demo.written import Written
from grants.applications.models import Application, Conflict
from grants.applications.states import Status
from grants.awards.states import HOLDS_MONEY
from grants.ledger.models import Account
from grants.programs.models import Cohort
from grants.reviews.models import Review

from .blocks import Blocks
from .books import Books
from .grants import Gift, Program, accept_and_receive, allocate, grant_and_send
from .outcomes import carry_out
from .payments import Payments
from .people import Cast
from .promises import Promises
from .scores import recuse, review, summarize

SHOWN = 6
"""So many projects of a city have photos."""

DECIDED = {"baltimore": 0.4}
"""Share of the pool that a call whose applications are reviewed has given away already."""

DEMO_GIFT = Gift()

READY = frozenset({"dallas", "baltimore"})
"""Cities whose last call is scored and waits for decisions; elsewhere reviewers are still at it."""


def fund_city(city: City, cohort: Cohort, officer: User, now: datetime, gift: Gift = DEMO_GIFT) -> Program:
    """Write what the Center granted and sent to a city. Opens the Center's door."""
    center, rows = Books(City.objects.get(pk=CENTER_ID)), Written()
    with center_scope(officer):
        for account in Account.objects.in_city(CENTER_ID).filter(kind="appropriation"):
            center.accounts[account.kind, account.subject_id] = account
        program = grant_and_send(center, cohort, city, officer, rows, now=now, gift=gift)
        center.save()
        rows.save(CENTER_ID)
    return program


@dataclass(slots=True)
class Told:
    """Rows of reviews, gathered before they are written."""

    reviews: list[Review] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def tell_money(calls: Sequence[Call], cast: Cast, program: Program, rows: Written) -> list[models.Model]:
    """Note the rest of the story on the calls' applications, and return the rows that go with them.

    The city's money is posted; ``rows`` gets the audit events. What is returned is inserted by the caller, after the
    applications, in this order.
    """
    past, now_open = calls[0], calls[-1]
    rng = Random(f"money {past.place.slug}")  # noqa: S311
    books, now = Books(past.city), past.now
    accept_and_receive(books, program, cast.requester, rows)
    allocate(books, past.cycle, past.plan.pool * 100, cast.manager, rows, at=past.opens_at)
    left = books.holds("unallocated", past.city.pk)
    allocate(
        books, now_open.cycle, min(left, now_open.plan.pool * 80), cast.manager, rows, at=now_open.opens_at
    )

    told = Told()
    _review(rng, past, cast, rows, told)
    promises = Promises(books, cast, rows, rng)
    payments = Payments(books, cast, rows, rng, now)
    _decide(past, promises, told)
    carry_out(past, promises, payments)
    blocks = Blocks(cast, rows, rng, now)
    for award in promises.awards:
        if award.signatory_id:
            blocks.open(award, photographed=len(blocks.projects) < SHOWN)
    for award in promises.awards:
        application = award.application
        application.paid_cents, application.proved_cents = award.paid_cents, award.proved_cents
        if award.status in HOLDS_MONEY:
            application.released_cents = award.released_cents
        application.award_status = award.status
    books.save()
    return [
        *told.reviews, *told.conflicts, *promises.awards, *payments.pays, *payments.receipts, *payments.returns, *blocks.projects, *blocks.updates,
        *blocks.photos,
    ]  # fmt: skip


def insert_by_model(rows: Sequence[models.Model]) -> None:
    """Insert rows of several models, each model's with as few statements as they fit in."""
    by_model: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    for found in by_model.values():
        insert(found)


def _review(rng: Random, call: Call, cast: Cast, rows: Written, told: Told) -> None:
    first = call.until + timedelta(days=1)
    last = min(call.now, call.until + timedelta(days=21))
    ready = call.plan.is_archived or call.place.slug in READY
    count = min(3, len(cast.reviewers))
    for number, application in enumerate(_eligible(call)):
        sheets = review(
            rng, application, cast.reviewers[:count], rows, (first, last), done=1.0 if ready else 0.55
        )
        if number % 17 == 5 and len(sheets) > 1:  # noqa: PLR2004
            told.conflicts.append(recuse(sheets[0], rows, first + timedelta(days=1)))
            summarize(application, sheets)
        told.reviews += sheets


def _eligible(call: Call) -> list[Application]:
    mine = [row for row in call.rows.applications if row.cycle_id == call.cycle.pk]
    return [row for row in mine if row.status == Status.ELIGIBLE]


def _decide(call: Call, promises: Promises, told: Told) -> None:
    """Award in order of score until the money ends, and decline the rest, where the call is that far."""
    share = 0.93 if call.plan.is_archived else DECIDED.get(call.place.slug, 0)
    if not share:
        return
    at = call.until + timedelta(days=24) if call.plan.is_archived else call.now - timedelta(days=12)
    left = int(call.plan.pool * 100 * share)
    ranked = sorted(
        _eligible(call),
        key=lambda row: (row.applicant.email.endswith("@demo.example"), row.score_mean or 0),
        reverse=True,
    )
    for application in ranked:
        cents = application.recommended_cents or application.requested_cents or 0
        if 0 < cents <= left:
            promises.offer(application, at, cents)
            left -= cents
        elif call.plan.is_archived:
            promises.refuse(application, at)
