"""On which award a payment is requested: those that wait for one, or all with money left, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Q, Sum
from django.utils.translation import gettext_lazy as _

from grants.awards.models import Award
from grants.awards.states import CAN_DISBURSE

from .forms import AwardFilter
from .models import Disbursement
from .permissions import untouched_by
from .seats import of_party, to_namesake

MANY_AWARDS = 200
UNPAID = F("amount_cents") - F("released_cents") - F("paid_cents")
TABS = {"waiting": _("Wait for a payment"), "all": _("All with money left")}


@dataclass
class AwardChoice:
    """The awards to choose from, as an address describes them. Parts are read once."""

    user: Any
    query: Mapping[str, str]

    @cached_property
    def form(self) -> AwardFilter:
        return AwardFilter(self.query)

    @cached_property
    def tab(self) -> str:
        asked = self.query.get("tab", "")
        return asked if asked in TABS else "all"

    @property
    def tabs(self) -> list[tuple[str, Any]]:
        return list(TABS.items())

    @property
    def rows(self) -> list[Award]:
        return self._found[:MANY_AWARDS]

    @property
    def is_cut(self) -> bool:
        return len(self._found) > MANY_AWARDS

    @cached_property
    def _found(self) -> list[Award]:
        rows = to_request(self.user) if self.tab == "waiting" else with_money_left(self.user)
        return list(rows.filter(_sought(self.form.words)).order_by("-answered_at", "-id")[: MANY_AWARDS + 1])


def with_money_left(user: Any) -> Any:
    """Accepted awards of which something may still be requested: neither paid, nor back in the pool, nor under way."""
    under_way = Disbursement.objects.under_way().order_by().values("award_id")
    used_up = under_way.annotate(cents=Sum("amount_cents")).filter(
        cents__gte=F("award__amount_cents") - F("award__released_cents") - F("award__paid_cents")
    )
    unpaid = Q(amount_cents__gt=F("released_cents") + F("paid_cents"))
    rows = Award.objects.filter(untouched_by(user), unpaid, status__in=CAN_DISBURSE)
    return rows.exclude(pk__in=used_up.values("award_id"))


def to_request(user: Any) -> Any:
    """Awards of others that wait for a payment: nothing is under way, and nothing was paid yet or more is proved than paid.

    Whoever is paid back after receipts waits for nothing before one is accepted.
    """
    first = Q(paid_cents=0) & ~Q(payment_mode="reimbursement")
    rows = with_money_left(user).filter(first | Q(proved_cents__gt=F("paid_cents")))
    return rows.exclude(of_party(user) | to_namesake(user)).exclude(
        pk__in=Disbursement.objects.under_way().values("award_id")
    )


def _sought(words: str) -> Q:
    if not words:
        return Q()
    by_name = Q(title__icontains=words) | Q(payee_name__icontains=words)
    return by_name | Q(reference__istartswith=words)
