from django.apps import AppConfig


class GrantsConfig(AppConfig):
    name = "grants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cities.audit.verification import append_only_tables  # noqa: PLC0415
        from grants.applications.desk import notices as desk_notices  # noqa: F401, PLC0415  registers itself

        append_only_tables.update({"grants_answer", "grants_note"})
