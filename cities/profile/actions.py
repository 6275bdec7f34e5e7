"""Change a city's settings."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.tickets import fingerprint

from .errors import SettingsChangedError

CHANGEABLE = frozenset(
    {
        "contact_name", "contact_email", "contact_phone", "contact_address", "languages", "accent_color", "timezone",
        "fiscal_year_starts_month", "population",
    }
)  # fmt: skip
"""Name and web name stay: letters, links and references carry them. The Center changes those."""


def ticket_of(city: City) -> str:
    """Return the fingerprint of the city's settings."""
    return fingerprint({field: getattr(city, field) for field in CHANGEABLE})


@action
def update_city(city_id: UUID, *, actor: Actor, seen: str | None = None, **values: Any) -> City:
    """Change settings of a city; ``values`` are columns of :class:`City`. ``seen`` is the ticket of what was edited.

    Locks the city's row. Deadlines are instants, so a new time zone moves none of them; it changes the
    hours that people read. Raises ``SettingsChangedError`` (409), and ``RuleError`` naming the field.
    """
    unknown = set(values) - CHANGEABLE
    if unknown:
        raise TypeError(f"not a setting: {sorted(unknown)}")
    if "languages" in values:
        _check_languages(values["languages"])
    city = City.objects.select_for_update(no_key=True).get(pk=city_id)
    before = {field: getattr(city, field) for field in values if getattr(city, field) != values[field]}
    if not before:
        return city
    if seen is not None and seen != ticket_of(city):
        raise SettingsChangedError
    for field in before:
        setattr(city, field, values[field])
    city.full_clean()
    city.save(update_fields=list(before))
    audit.record(
        "city:change",
        actor=actor,
        subject=city,
        before=before,
        after={field: values[field] for field in before},
    )
    return city


def _check_languages(languages: list[str]) -> None:
    known = [code for code, _name in settings.LANGUAGES]
    if not languages:
        raise RuleError(_("Choose at least one language."), field="languages")
    if len(set(languages)) < len(languages) or not set(languages) <= set(known):
        raise RuleError(_("Choose from the languages of this site, each once."), field="languages")


@action
def set_logo(city_id: UUID, *, stored_as: str, actor: Actor) -> City:
    """Show the stored image as the city's logo; its former one is deleted once this is committed.

    ``stored_as`` names a re-encoded image in the storage (:mod:`.logos`).
    """
    return _replace_logo(city_id, stored_as, "city:set-logo", actor=actor)


@action
def remove_logo(city_id: UUID, *, actor: Actor) -> City:
    """Show no logo. Raises ``RuleError`` if there is none."""
    return _replace_logo(city_id, "", "city:remove-logo", actor=actor)


def _replace_logo(city_id: UUID, name: str, tag: str, *, actor: Actor) -> City:
    city = City.objects.select_for_update(no_key=True).get(pk=city_id)
    former = city.logo.name or ""
    if not name and not former:
        raise RuleError(_("This city has no logo."))
    city.logo.name = name
    city.save(update_fields=["logo"])
    audit.record(tag, actor=actor, subject=city)
    if former:
        transaction.on_commit(lambda: default_storage.delete(former))
    return city
