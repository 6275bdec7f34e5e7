"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register

from . import naming, notices, sentences, waiting
from .permissions import can_see_desk

__all__ = ["naming", "notices", "sentences", "waiting"]

register(
    "staff",
    label=_("Applications"),
    route="grants:desk-application-list",
    icon="folder_open",
    order=20,
    rule=can_see_desk,
)
