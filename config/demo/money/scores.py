"""What reviewers thought of the applications of a call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from statistics import mean

from cities.access.models import User
from config.demo.moments import between
from config.demo.written import Written
from grants.applications.models import Application, Conflict
from grants.cycles.models import Cycle
from grants.reviews.models import Review
from grants.reviews.states import Status

COMMENTS = (
    "Neighbors have done this before, and it shows in the plan.",
    "The budget is careful. I would like to see who keeps it up in the second year.",
    "A small project with a big effect on a corner that everybody passes.",
    "Good idea, but the volunteers are few for so much work.",
    "The letter of the owner is missing; apart from that, ready to start.",
    "I know this alley: it needs exactly this.",
)
CENT = Decimal("0.01")
BONUS_SHARE = 0.3


def review(
    rng: Random,
    application: Application,
    reviewers: Sequence[User],
    rows: Written,
    window: tuple[datetime, datetime],
    *,
    done: float,
) -> list[Review]:
    """Return reviews of one application, each submitted with the chance ``done``, and keep its summary."""
    assert application.cycle  # noqa: S101
    merit = rng.betavariate(4, 2)
    sheets = [
        _sheet(rng, application, reviewer, rows, merit=merit, window=window, is_done=rng.random() < done)
        for reviewer in reviewers
    ]
    summarize(application, sheets)
    return sheets


def _sheet(
    rng: Random,
    application: Application,
    reviewer: User,
    rows: Written,
    *,
    merit: float,
    window: tuple[datetime, datetime],
    is_done: bool,
) -> Review:
    first, last = window
    cycle: Cycle = application.cycle
    assigned_at = first + timedelta(hours=2)
    sheet = Review(
        city_id=application.city_id,
        application=application,
        reviewer=reviewer,
        assigned_by=None,
        assigned_at=assigned_at,
        due_on=last.date(),
    )
    if not is_done:
        return sheet
    sheet.gates = {gate["key"]: True for gate in cycle.rubric["gates"]}
    sheet.scores = {one["key"]: _points(rng, merit, one["max_points"]) for one in cycle.rubric["criteria"]}
    sheet.bonus = {
        one["key"]: one["max_points"] if rng.random() < BONUS_SHARE else 0 for one in cycle.rubric["bonus"]
    }
    sheet.comment = rng.choice(COMMENTS)
    sheet.recommended_cents = _recommended(rng, application)
    sheet.total = Decimal(sum(sheet.scores.values()) + sum(sheet.bonus.values())).quantize(CENT)
    sheet.passes_gates = True
    sheet.status = Status.SUBMITTED
    sheet.version = 1
    sheet.submitted_at = sheet.saved_at = between(rng, assigned_at, last)
    rows.record(
        "review:submit",
        actor=reviewer,
        subject=sheet,
        at=sheet.submitted_at,
        application=str(application.pk),
        total=str(sheet.total),
    )
    return sheet


def _points(rng: Random, merit: float, most: int) -> int:
    return min(most, max(0, round(most * (merit + rng.gauss(0, 0.08)))))


def _recommended(rng: Random, application: Application) -> int:
    asked = application.requested_cents or 0
    return round(asked * rng.choice((1, 1, 1, 0.9, 0.75)) / 500) * 500 or asked


def recuse(sheet: Review, rows: Written, at: datetime) -> Conflict:
    """Turn a review into a declared conflict of interest."""
    sheet.status, sheet.total, sheet.submitted_at = Status.RECUSED, None, None
    rows.record(
        "conflict:declare",
        actor=sheet.reviewer,
        subject=sheet.application,
        at=at,
        kind="neighbor",
        person=str(sheet.reviewer_id),
    )
    return Conflict(
        city_id=sheet.city_id,
        application=sheet.application,
        person=sheet.reviewer,
        kind=Conflict.Kind.NEIGHBOR,
        words="I live on the same street.",
        declared_by=sheet.reviewer,
        declared_at=at,
    )


def summarize(application: Application, sheets: Sequence[Review]) -> None:
    """Keep the flat columns of an application true."""
    counted = [sheet for sheet in sheets if sheet.status in {Status.ASSIGNED, Status.SUBMITTED}]
    totals = [sheet.total for sheet in counted if sheet.total is not None]
    application.assigned_count, application.scored_count = len(counted), len(totals)
    if not totals:
        return
    application.score_mean = Decimal(mean(totals)).quantize(CENT)
    application.score_spread = max(totals) - min(totals)
    recommended = [sheet.recommended_cents for sheet in counted if sheet.recommended_cents]
    application.recommended_cents = round(mean(recommended)) if recommended else None
