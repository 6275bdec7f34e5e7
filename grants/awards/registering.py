"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register

from . import documents, errors, naming, notices, sentences, waiting
from .permissions import can_see_awards

__all__ = ["documents", "errors", "naming", "notices", "sentences", "waiting"]

register(
    "staff",
    label=_("Awards"),
    route="grants:award-ranking",
    icon="emoji_events",
    order=40,
    rule=can_see_awards,
)
