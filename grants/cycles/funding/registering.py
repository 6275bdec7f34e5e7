"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register

from . import sentences, waiting
from .permissions import can_see_money

__all__ = ["sentences", "waiting"]

register(
    "staff",
    label=_("Money"),
    route="grants:money-overview",
    icon="account_balance",
    order=55,
    rule=can_see_money,
)
