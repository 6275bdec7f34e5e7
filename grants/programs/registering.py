"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register

from . import naming, notices, sentences
from .permissions import can_see_center

__all__ = ["naming", "notices", "sentences"]

register(
    "center",
    label=_("Cohorts"),
    route="grants:center-cohort-list",
    icon="groups",
    order=20,
    rule=can_see_center,
)
register(
    "center", label=_("People"), route="grants:center-people", icon="people", order=30, rule=can_see_center
)
register(
    "center",
    label=_("Program grants"),
    route="grants:center-grant-list",
    icon="account_balance",
    order=40,
    rule=can_see_center,
)
