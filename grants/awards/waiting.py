"""What waits on managers: decisions to make, and offers that nobody answered in time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, Sum
from django.utils import timezone
from django.utils.translation import ngettext

from cities.access.memberships import roles_in
from cities.access.models import Role
from cities.interface.waiting import Waiting, waits
from grants.applications.models import Application
from grants.applications.states import CAN_DECIDE

from .queries import awards_seen_by
from .states import Status

UNANSWERED_DAYS = 14
"""After so many an offer without a last day to answer is asked about."""


@waits("awards")
def waiting_awards(user: Any, city: Any) -> Iterator[Waiting]:
    """Tell a manager what to decide and which offers to ask about. One statement each."""
    if Role.MANAGER in roles_in(user, city.pk):
        yield from _to_decide(user, city)
        yield _unanswered(user, city)


def _to_decide(user: Any, city: Any) -> Iterator[Waiting]:
    """Tell what is to be decided call by call: the ranking shows one."""
    ready = Application.objects.filter(
        status__in=CAN_DECIDE, scored_count__gt=0, scored_count__gte=F("assigned_count")
    ).judged_by(user)
    by_call = ready.order_by().values("cycle__slug", "cycle__name")
    for found in by_call.annotate(
        count=Count("pk"), since=Min("last_activity_at"), cents=Sum("requested_cents")
    ):
        yield Waiting(
            label=ngettext(
                "decision to make, all scores are in", "decisions to make, all scores are in", found["count"]
            ),
            count=found["count"],
            url=f"/{city.slug}/staff/awards/?cycle={found['cycle__slug']}&complete=on&decision=ready",
            since=found["since"],
            icon="emoji_events",
            cents=found["cents"],
            note=found["cycle__name"],
        )


def _unanswered(user: Any, city: Any) -> Waiting:
    before = timezone.now() - timedelta(days=UNANSWERED_DAYS)
    today = timezone.localdate(timezone=city.zone)
    is_over = Q(answer_by_on__lt=today) | Q(answer_by_on__isnull=True, offered_at__lt=before)
    late = awards_seen_by(user).filter(is_over, status=Status.OFFERED).order_by()
    found = late.aggregate(count=Count("pk"), since=Min("offered_at"), cents=Sum("amount_cents"))
    return Waiting(
        label=ngettext(
            "offer that nobody answered in time", "offers that nobody answered in time", found["count"]
        ),
        count=found["count"],
        url=f"/{city.slug}/staff/awards/list/?status=offered",
        since=found["since"],
        icon="hourglass_empty",
        cents=found["cents"],
    )
