"""The people whom anybody may be in the demonstration, one per role. The demo's seed makes their accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cities.access.models import Role


@dataclass(frozen=True, slots=True)
class Persona:
    """``role`` is empty for a resident; ``city_slug`` is ``None`` at the Center and for residents."""

    key: str
    name: str
    words: Any
    lands: str
    role: str = ""
    city_slug: str | None = None
    place: Any = ""
    language: str = "en"

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


PERSONAS = (
    Persona("officer", "Olivia Carter", _("Adds cities, invites their managers, sees all of them"), "/center/", Role.OFFICER, place=_("The Center")),
    Persona("auditor", "Ada Lindqvist", _("Reads everything, changes nothing"), "/center/", Role.AUDITOR, place=_("The Center")),
    Persona("manager", "Marcus Green", _("Sets up the city, its staff and its grant cycles"), "/baltimore/staff/", Role.MANAGER, "baltimore", "Baltimore"),
    Persona("staff", "Sofia Reyes", _("Reads and screens what residents send in"), "/baltimore/staff/", Role.STAFF, "baltimore", "Baltimore"),
    Persona("finance", "Frank Osei", _("Keeps the money of the grants"), "/baltimore/staff/", Role.FINANCE, "baltimore", "Baltimore"),
    Persona("treasurer", "Tessa Brandt", _("Records payments with their voucher numbers"), "/baltimore/staff/", Role.FINANCE, "baltimore", "Baltimore"),
    Persona("approver", "Priya Nair", _("Approves payments that others ask for"), "/baltimore/staff/", Role.APPROVER, "baltimore", "Baltimore"),
    Persona("reviewer", "Robert Hale", _("Scores applications from outside city hall"), "/baltimore/review/", Role.REVIEWER, "baltimore", "Baltimore"),
    Persona("viewer", "Vera Kim", _("Looks on: a council aide"), "/baltimore/staff/", Role.VIEWER, "baltimore", "Baltimore"),
    Persona("manager-dallas", "Dana Whitfield", _("Runs the program of another city"), "/dallas/staff/", Role.MANAGER, "dallas", "Dallas"),
    Persona("resident", "Rosa Jenkins", _("Applies for a grant for her block"), "/me/", place=_("Neighbors")),
    Persona("vecino", "Javier Morales", _("Applies in Spanish"), "/me/", place=_("Neighbors"), language="es"),
)  # fmt: skip


def by_place() -> Iterable[tuple[Any, list[Persona]]]:
    """Return the personas under the heading they belong to, in order."""
    places: dict[Any, list[Persona]] = {}
    for persona in PERSONAS:
        places.setdefault(persona.place, []).append(persona)
    return places.items()


def persona_by_key(key: str) -> Persona | None:
    return next((persona for persona in PERSONAS if persona.key == key), None)
