"""What waits on people at the desk: reviews of their own, and scores that others owe."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.access.memberships import roles_in
from cities.access.models import Role
from cities.interface.waiting import Waiting, waits
from grants.applications.models import Application

from .models import Review
from .permissions import REVIEWERS
from .queries import today_in
from .states import Status


@waits("reviews")
def waiting_reviews(user: Any, city: Any) -> Iterator[Waiting]:
    """Tell a reviewer what to score, and a manager which scores are late. One statement each."""
    roles = roles_in(user, city.pk)
    if roles & REVIEWERS:
        yield _to_do(user, city)
    if Role.MANAGER in roles:
        yield from _late(user, city)


def _open(user: Any) -> Any:
    in_review = Application.objects.filter(status="eligible").judged_by(user)
    return Review.objects.filter(status=Status.ASSIGNED, application__in=in_review).order_by()


def _to_do(user: Any, city: Any) -> Waiting:
    found = (
        _open(user)
        .filter(reviewer=user)
        .aggregate(count=Count("pk"), since=Min("assigned_at"), due=Min("due_on"))
    )
    return Waiting(
        label=ngettext("application to review", "applications to review", found["count"]),
        count=found["count"],
        url=f"/{city.slug}/review/",
        since=found["since"],
        icon="edit",
    )


def _late(user: Any, city: Any) -> Iterator[Waiting]:
    """Call by call, since the list that it leads to shows one."""
    late = _open(user).filter(due_on__lt=today_in(city))
    calls = late.order_by("application__cycle_name").values_list(
        "application__cycle__slug", "application__cycle_name"
    )
    for slug, name, count, since in calls.annotate(count=Count("pk"), since=Min("assigned_at")):
        yield Waiting(
            label=ngettext("score is late", "scores are late", count),
            count=count,
            url=f"/{city.slug}/staff/reviews/?reviews=waiting&cycle={slug}",
            since=since,
            icon="schedule",
            note=_("%(call)s. The reviewers’ list says whose.") % {"call": name},
        )
