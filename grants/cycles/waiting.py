"""What waits on managers about calls: drafts to finish."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cities.access.rules import is_manager
from cities.interface.waiting import Waiting, waits

from .models import Cycle
from .states import Status


@waits("drafts of calls")
def drafts_waiting(user: Any, city: Any) -> Iterator[Waiting]:
    """Tell a manager of each call that isn't published. One statement."""
    if not is_manager(user, city):
        return
    for pk, name, created_at in Cycle.objects.filter(status=Status.DRAFT).values_list(
        "pk", "name", "created_at"
    ):
        yield Waiting(
            label=_("draft of a call to finish and publish"),
            count=1,
            url=reverse("grants:cycle-setup", args=[city.slug, pk]),
            since=created_at,
            icon="edit",
            note=name,
        )
