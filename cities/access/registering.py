"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.audit.readings.pages import register_pages
from cities.audit.verification import required_triggers, without_city

from . import receivers, sentences, waiting

__all__ = ["receivers", "sentences", "waiting"]

without_city["cities_opensession"] = "a session begins before anybody is in a city, and belongs to a person"
required_triggers.add(("cities_factorreset", "factor_reset_judge"))
register_pages(
    {
        "center-reset-list": _("Lost second steps"),
        "api-center-reset-list": _("Lost second steps (API)"),
        "center-reset": _("A lost second step"),
    }
)
