"""What waits at the desk about people: invitations that nobody answered."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import ngettext

from cities.interface.waiting import Waiting, waits

from .actions import open_invitations
from .permissions import can_manage_team
from .resets import open_resets


@waits("invitations")
def invitations_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Tell a manager who hasn't come yet. One statement."""
    if not can_manage_team(user, city):
        return
    found = open_invitations().aggregate(count=Count("id"), since=Min("created_at"))
    yield Waiting(
        label=ngettext("invitation not accepted yet", "invitations not accepted yet", found["count"]),
        count=found["count"],
        url=reverse("cities:team", args=[city.slug]),
        since=found["since"],
        icon="mail_outline",
    )


@waits("factor-resets")
def resets_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Tell a manager which lost second steps a second person must answer. One statement."""
    if not can_manage_team(user, city):
        return
    rows = open_resets().exclude(person=user).exclude(asked_by=user)
    found = rows.aggregate(count=Count("id"), since=Min("asked_at"))
    yield Waiting(
        label=ngettext("lost second step to answer", "lost second steps to answer", found["count"]),
        count=found["count"],
        url=reverse("cities:team", args=[city.slug]) + "#second-steps",
        since=found["since"],
        icon="lock",
    )
