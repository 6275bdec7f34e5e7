"""What pages and the API read of awards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Sum

from cities.audit.models import Event
from grants.applications.models import open_conflicts
from grants.applications.own import kept_from_applicants

from .models import Award, AwardQuerySet


@dataclass(frozen=True, slots=True)
class Total:
    """Awards of one status: how many, their amounts, and what of those went back to the pool."""

    count: int = 0
    cents: int = 0
    released_cents: int = 0


def awards_with_application() -> AwardQuerySet:
    """Awards that can be opened, each with city, cycle, people and application, in one statement."""
    rows: AwardQuerySet = Award.objects.select_related(
        "city", "cycle", "application", "applicant", "signatory", "offered_by"
    )
    return rows


def awards_seen_by(user: Any) -> AwardQuerySet:
    """Awards as the desk lists them, without those that a conflict of interest hides from this person."""
    hidden = open_conflicts(user).filter(application=OuterRef("application"))
    rows: AwardQuerySet = Award.objects.exclude(Exists(hidden))
    return rows


def award_history(award: Award, reader: Any) -> list[Event]:
    """Return what was done to an award and to its application, newest first; of one's own, nothing of its reviews."""
    about = Q(subject_id=award.pk) | Q(subject_id=award.application_id)
    events = Event.objects.filter(about)
    if award.applicant_id == reader.pk:
        events = events.exclude(kept_from_applicants())
    return list(events.select_related("actor").order_by("-created_at", "-id"))


def totals_by_status(awards: AwardQuerySet) -> Mapping[str, Total]:
    """Return how many awards there are of each status, and their sums in minor units."""
    grouped = awards.order_by().values_list("status")
    summed = grouped.annotate(n=Count("id"), cents=Sum("amount_cents"), released=Sum("released_cents"))
    return {status: Total(count, int(cents), int(released)) for status, count, cents, released in summed}


def latest_award_of(application_id: UUID, applicant: Any) -> Award | None:
    """Return a person's newest award for one of their applications."""
    found: Award | None = (
        Award.objects.of(applicant)
        .filter(application_id=application_id)
        .order_by("-offered_at", "-id")
        .first()
    )
    return found
