from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "residents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cities.audit.verification import without_city  # noqa: PLC0415
        from residents.notices import renderers, sending  # noqa: F401, PLC0415  they register themselves

        without_city["residents_allowance"] = "limits of sign-in hold before anybody is in a city"
