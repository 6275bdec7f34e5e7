from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    name = "grants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cities.audit.verification import append_only_tables  # noqa: PLC0415
        from cities.interface.navigation import register  # noqa: PLC0415
        from grants.applications.desk import notices, sentences  # noqa: F401, PLC0415  they register themselves
        from grants.applications.desk.permissions import can_see_desk  # noqa: PLC0415

        append_only_tables.update({"grants_answer", "grants_note"})
        register("staff", label=_("Applications"), route="grants:desk-application-list", icon="folder_open", order=20, rule=can_see_desk)
