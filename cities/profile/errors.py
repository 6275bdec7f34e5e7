"""Refusals of this room. Each message is one sentence fit to show."""

from django.utils.translation import gettext as _

from cities.tenancy.errors import ConflictError


class SettingsChangedError(ConflictError):
    """Somebody else saved the settings since this page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else saved the settings since you opened the page. What you typed is still here, but not saved. "
                "Look at theirs in another window; if you save again, yours replaces it."
            )
        )
