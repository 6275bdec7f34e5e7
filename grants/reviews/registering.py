"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register
from grants.applications.permissions import reader_rules

from . import handing, notices, receivers, sentences, verifying, waiting
from .permissions import can_see_reviews, reads_as_reviewer

__all__ = ["handing", "notices", "receivers", "sentences", "verifying", "waiting"]

register(
    "staff", label=_("Review"), route="grants:reviews-progress", icon="people", order=30, rule=can_see_reviews
)

reader_rules.append(reads_as_reviewer)
