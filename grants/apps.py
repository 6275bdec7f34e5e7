from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    name = "grants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cities.audit.verification import append_only_tables  # noqa: PLC0415
        from cities.interface.navigation import register  # noqa: PLC0415
        from grants.applications.desk import naming, notices, sentences  # noqa: F401, PLC0415  they register themselves
        from grants.applications.desk.permissions import can_see_desk  # noqa: PLC0415
        from grants.cycles import sentences as cycle_sentences  # noqa: F401, PLC0415  registers itself
        from grants.cycles.permissions import can_see_setup  # noqa: PLC0415
        from grants.programs import sentences as program_sentences  # noqa: F401, PLC0415  they register themselves
        from grants.programs.permissions import can_see_center  # noqa: PLC0415

        register("center", label=_("Overview"), route="grants:center-overview", icon="public", order=10, rule=can_see_center)
        register("center", label=_("Cohorts"), route="grants:center-cohort-list", icon="groups", order=20, rule=can_see_center)
        register("center", label=_("People"), route="grants:center-people", icon="people", order=30, rule=can_see_center)
        append_only_tables.update({"grants_answer", "grants_note"})
        register("staff", label=_("Today"), route="grants:staff-home", icon="home", order=10, rule=can_see_setup)
        register("staff", label=_("Setup"), route="grants:setup-overview", icon="settings", order=80, rule=can_see_setup)
        register("staff", label=_("Applications"), route="grants:desk-application-list", icon="folder_open", order=20, rule=can_see_desk)
