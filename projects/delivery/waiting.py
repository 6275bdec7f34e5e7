"""What waits on people at the desk: updates to publish."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import ngettext

from cities.interface.waiting import Waiting, waits

from .permissions import can_publish_here
from .queries import updates_to_decide


@waits("project updates")
def updates_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Updates that nobody looked at yet, in one statement."""
    if not can_publish_here(user, city):
        return
    found = updates_to_decide(user).aggregate(count=Count("id"), since=Min("created_at"))
    yield Waiting(
        label=ngettext("project update to publish", "project updates to publish", found["count"]),
        count=found["count"],
        url=reverse("projects:desk", args=[city.slug]),
        since=found["since"],
        icon="comment",
    )
