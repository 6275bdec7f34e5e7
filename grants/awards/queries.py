"""What pages and the API read of awards."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Sum

from cities.audit.models import Event
from grants.applications.models import open_conflicts
from grants.applications.own import kept_from_applicants

from .models import Award, AwardQuerySet


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


def totals_by_status(awards: AwardQuerySet) -> Mapping[str, tuple[int, int]]:
    """Return how many awards there are of each status, and their sum in minor units."""
    grouped = awards.order_by().values_list("status").annotate(n=Count("id"), cents=Sum("amount_cents"))
    return {status: (count, int(cents)) for status, count, cents in grouped}


def latest_award_of(application_id: UUID, applicant: Any) -> Award | None:
    """Return a person's newest award for one of their applications."""
    found: Award | None = (
        Award.objects.of(applicant)
        .filter(application_id=application_id)
        .order_by("-offered_at", "-id")
        .first()
    )
    return found
