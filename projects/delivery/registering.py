"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.access.rules import anybody
from cities.interface.navigation import register

from . import leaving, naming, notices, receivers, sentences, waiting
from .permissions import can_see_projects_desk

__all__ = ["leaving", "naming", "notices", "receivers", "sentences", "waiting"]

register(
    "staff", label=_("Projects"), route="projects:desk", icon="park", order=60, rule=can_see_projects_desk
)
register("city", label=_("Projects"), route="projects:project-list", icon="park", order=20, rule=anybody)
