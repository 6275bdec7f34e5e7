"""On which award a payment is requested: those with money left, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import F, Q, Sum

from grants.awards.models import Award
from grants.awards.states import CAN_DISBURSE

from .forms import AwardFilter
from .models import Disbursement
from .permissions import untouched_by

MANY_AWARDS = 200


@dataclass
class AwardChoice:
    """The awards to choose from, as an address describes them. Parts are read once."""

    user: Any
    query: Mapping[str, str]

    @cached_property
    def form(self) -> AwardFilter:
        return AwardFilter(self.query)

    @property
    def rows(self) -> list[Award]:
        return self._found[:MANY_AWARDS]

    @property
    def is_cut(self) -> bool:
        return len(self._found) > MANY_AWARDS

    @cached_property
    def _found(self) -> list[Award]:
        rows = with_money_left().filter(untouched_by(self.user), _sought(self.form.words))
        return list(rows.order_by("-answered_at", "-id")[: MANY_AWARDS + 1])


def with_money_left() -> Any:
    """Accepted awards of which something may still be requested: neither paid, nor back in the pool, nor under way."""
    left = F("amount_cents") - F("released_cents") - F("paid_cents")
    under_way = Disbursement.objects.under_way().order_by().values("award_id")
    used_up = under_way.annotate(cents=Sum("amount_cents")).filter(
        cents__gte=F("award__amount_cents") - F("award__released_cents") - F("award__paid_cents")
    )
    rows = Award.objects.filter(status__in=CAN_DISBURSE).alias(left_cents=left).filter(left_cents__gt=0)
    return rows.exclude(pk__in=used_up.values("award_id"))


def _sought(words: str) -> Q:
    if not words:
        return Q()
    by_name = Q(title__icontains=words) | Q(payee_name__icontains=words)
    return by_name | Q(reference__istartswith=words)
