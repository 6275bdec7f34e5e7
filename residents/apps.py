from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "residents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from residents.notices import renderers, sending  # noqa: F401, PLC0415  they register themselves
