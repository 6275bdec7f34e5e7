"""The score summary that lists read: kept flat on the application by every action that changes a review."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import (
    Avg,
    BigIntegerField,
    Count,
    DecimalField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Subquery,
)
from django.db.models.functions import Cast, Coalesce, Round

from grants.applications.models import Application, open_conflicts
from grants.reviews.models import Review
from grants.reviews.states import COUNTS, Status


def recount(application_ids: Iterable[UUID]) -> None:
    """Write the summary of these applications anew, in one statement. They are locked.

    Only sent scores count, of reviewers without a conflict. The mean and the spread (highest less lowest) are
    rounded to hundredths, the mean of the recommended amounts to cents.
    """
    conflict = open_conflicts().filter(application=OuterRef("application"), person=OuterRef("reviewer"))
    counting = Review.objects.filter(application=OuterRef("pk"), status__in=COUNTS).exclude(Exists(conflict))
    sent = counting.filter(status=Status.SUBMITTED)
    Application.objects.filter(pk__in=list(application_ids)).update(
        assigned_count=Coalesce(_one(counting, Count("pk")), 0),
        scored_count=Coalesce(_one(sent, Count("pk")), 0),
        score_mean=_one(sent, Round(Avg("total"), precision=2)),
        score_spread=_one(sent, Max("total") - Min("total")),
        recommended_cents=_one(sent, _rounded(Avg(F("recommended_cents"), output_field=DecimalField()))),
    )


def _rounded(mean: Any) -> Any:
    return Cast(Round(mean), BigIntegerField())


def _one(reviews: Any, value: Any) -> Subquery:
    """Return one aggregate over an application's reviews."""
    return Subquery(reviews.order_by().values("application").annotate(found=value).values("found"))
