from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CitiesConfig(AppConfig):
    name = "cities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cities.audit import naming  # noqa: F401, PLC0415  registers itself
        from cities.audit.permissions import can_read_trail  # noqa: PLC0415
        from cities.interface.navigation import register  # noqa: PLC0415
        from cities.profile import sentences  # noqa: F401, PLC0415  registers itself

        register("staff", label=_("Audit trail"), route="cities:audit-event-list", icon="history", order=90, rule=can_read_trail)
