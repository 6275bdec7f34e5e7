"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.access.rules import anybody
from cities.interface.navigation import register

from . import sentences, waiting
from .permissions import can_see_setup

__all__ = ["sentences", "waiting"]

register("city", label=_("Calls"), route="grants:city-home", icon="campaign", order=10, rule=anybody)
register(
    "staff",
    label=_("Today"),
    route="grants:staff-home",
    icon="home",
    order=10,
    rule=can_see_setup,
    is_alone=True,
)
register(
    "staff", label=_("Setup"), route="grants:setup-overview", icon="settings", order=80, rule=can_see_setup
)
