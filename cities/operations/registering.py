"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.audit.verification import append_only_tables
from cities.interface.navigation import register

from . import naming, sentences
from .permissions import can_see_status

__all__ = ["naming", "sentences"]

append_only_tables.add("cities_backupcheck")
register("center", label=_("Status"), route="cities:status", icon="timer", order=90, rule=can_see_status)
