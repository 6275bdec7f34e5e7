"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register

from . import handing, naming, sentences
from .permissions import can_see_center_reports, can_see_reports

__all__ = ["handing", "naming", "sentences"]

register(
    "staff", label=_("Reports"), route="cities:report-list", icon="assessment", order=70, rule=can_see_reports
)
register(
    "center",
    label=_("Reports"),
    route="cities:center-report-list",
    icon="assessment",
    order=80,
    rule=can_see_center_reports,
)
