from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Without it a process that isn't a worker would look for the default broker when it nudges the relay.
        from . import celery  # noqa: F401, PLC0415
