"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register
from grants.programs.permissions import can_see_center

from . import documents, looks

__all__ = ["documents", "looks"]

register(
    "center",
    label=_("Overview"),
    route="grants:center-overview",
    icon="public",
    order=10,
    rule=can_see_center,
)
register(
    "center",
    label=_("Disbursements"),
    route="grants:center-disbursement-list",
    icon="attach_money",
    order=50,
    rule=can_see_center,
)
register(
    "center",
    label=_("Exceptions"),
    route="grants:center-exception-list",
    icon="warning",
    order=60,
    rule=can_see_center,
)
