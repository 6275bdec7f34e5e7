"""What waits at the desk about the city's money: to accept, to confirm, to allocate."""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Max, Min, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.interface.waiting import Waiting, waits
from cities.tenancy.models import City
from grants.ledger.models import Entry
from grants.ledger.states import EntryKind
from grants.programs.models import ProgramGrant, Tranche

from .permissions import can_allocate, can_keep_money
from .queries import unallocated_cents


@waits("program grants")
def grants_waiting(user: Any, city: City) -> Iterator[Waiting]:
    """Program grants to accept and tranches to confirm, for finance."""
    if not can_keep_money(user, city):
        return
    url = reverse("grants:money-overview", args=[city.slug])
    unanswered = ProgramGrant.received.filter(acceptances__isnull=True)
    found = unanswered.aggregate(count=Count("id"), since=Min("created_at"), cents=Sum("amount_cents"))
    yield Waiting(
        _("Program grants to accept"),
        found["count"],
        f"{url}#grants",
        since=found["since"],
        icon="account_balance",
        cents=found["cents"],
    )
    arrived = Tranche.received.filter(receipts__isnull=True, program_grant__acceptances__isnull=False)
    found = arrived.aggregate(count=Count("id"), since=Min("sent_on"), cents=Sum("amount_cents"))
    yield Waiting(
        _("Payments of the Center to confirm"),
        found["count"],
        f"{url}#grants",
        since=_morning(found["since"], city),
        icon="account_balance",
        cents=found["cents"],
        note=_days_ago(found["since"], city),
    )


@waits("money to allocate")
def allocation_waiting(user: Any, city: City) -> Iterator[Waiting]:
    """Money that was received and no call has yet, for managers."""
    if not can_allocate(user, city) or not (held := unallocated_cents()):
        return
    since = Entry.objects.filter(kind=EntryKind.RECEIPT).aggregate(since=Max("posted_at"))["since"]
    yield Waiting(
        _("Money to allocate to a call"),
        1,
        f"{reverse('grants:money-overview', args=[city.slug])}#calls",
        since=since,
        icon="account_balance",
        cents=held,
    )


def _morning(on: date | None, city: City) -> datetime | None:
    return datetime.combine(on, time.min, tzinfo=city.zone) if on else None


def _days_ago(on: date | None, city: City) -> str:
    if on is None:
        return ""
    days = (timezone.localdate(timezone=city.zone) - on).days
    return ngettext("sent %(days)s day ago", "sent %(days)s days ago", days) % {"days": days}
