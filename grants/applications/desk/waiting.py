"""What waits at the desk about applications: those to screen."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min, Sum
from django.urls import reverse
from django.utils.translation import ngettext

from cities.interface.waiting import Waiting, waits
from grants.applications.models import Application
from grants.applications.states import Status
from grants.cycles.states import Status as CycleStatus

from .permissions import can_screen_here


@waits("applications to screen")
def applications_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Tell managers and staff what to screen, call by call: not their own, nor what a conflict hides. One statement."""
    if not can_screen_here(user, city):
        return
    submitted = Application.objects.filter(status=Status.SUBMITTED, cycle__status=CycleStatus.PUBLISHED)
    rows = (
        submitted.judged_by(user)
        .order_by()
        .values_list("cycle__slug", "cycle_name")
        .annotate(count=Count("pk"), since=Min("submitted_at"), cents=Sum("requested_cents"))
    )
    url = reverse("grants:desk-application-list", args=[city.slug])
    for slug, name, count, since, cents in rows:
        yield Waiting(
            label=ngettext("application to screen", "applications to screen", count),
            count=count,
            url=f"{url}?status=submitted&cycle={slug}",
            since=since,
            icon="list",
            cents=cents,
            note=name,
        )
