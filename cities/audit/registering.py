"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register

from . import naming
from .permissions import can_read_trail

__all__ = ["naming"]

register(
    "staff",
    label=_("Audit trail"),
    route="cities:audit-event-list",
    icon="history",
    order=90,
    rule=can_read_trail,
)
