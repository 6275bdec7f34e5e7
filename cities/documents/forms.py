"""What a person chooses before a document is made."""

from typing import Any
from uuid import UUID

from django import forms

from cities.tenancy.models import City


class ParametersForm(forms.Form):
    """Base of every kind's form, and enough for a kind without choices.

    A kind's form adds fields and overrides what follows from them. ``place`` is the city, or
    the Center's row; ``user`` is who asks.
    """

    def __init__(self, *args: Any, place: City, user: Any, **kwargs: Any) -> None:
        self.place, self.user = place, user
        super().__init__(*args, **kwargs)

    def parameters(self) -> dict[str, Any]:
        """Return the choices as plain values, by which the maker finds its rows again."""
        return {}

    def title(self, label: str) -> str:
        """Return what this document is called in lists."""
        return label

    def subject_id(self) -> UUID | None:
        """Return the row that it is about, if it is about one."""
        return None
