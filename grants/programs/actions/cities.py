"""Deeds of officers in a city: they run in that city's scope, and lie in that city's trail."""

from typing import Any
from uuid import UUID

from babel.numbers import list_currencies
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.slugs import RESERVED_SLUGS
from grants.programs.errors import PlaceIncompleteError, SlugReservedError, SlugTakenError

CENTERS_OWN = frozenset({"name", "region", "latitude", "longitude"})
"""What the Center changes later. The web name stays: letters, links and posters carry it. The currency stays
too: amounts are written in it. Everything else is the city's own to set."""
FOUNDED_WITH = CENTERS_OWN | {
    "slug", "country", "timezone", "currency", "languages", "population",
    "contact_name", "contact_email", "contact_phone", "contact_address",
}  # fmt: skip
LATITUDES, LONGITUDES = (-90, 90), (-180, 180)


@action
def found_city(city_id: UUID, *, actor: Actor, is_demo: bool = False, **facts: Any) -> City:
    """Found the city whose scope is open already, by its id; ``facts`` are :data:`FOUNDED_WITH`.

    Raises ``SlugReservedError``, ``SlugTakenError``, ``PlaceIncompleteError``, or ``RuleError`` naming the field.
    """
    _check_known(facts, FOUNDED_WITH)
    city = City(id=city_id, is_demo=is_demo, **facts)
    _check_slug(city.slug or "")
    _check_place(city)
    _check_money_and_words(city)
    city.full_clean(validate_unique=False)
    try:
        with transaction.atomic():
            city.save(force_insert=True)
    except IntegrityError as error:
        # Two officers at once: each look before this may have found the name free, so none of them decides.
        raise _taken(city.slug or "") from error
    audit.record("city:found", actor=actor, subject=city, name=city.name, slug=city.slug, region=city.region)
    return city


@action
def change_city_facts(city_id: UUID, *, actor: Actor, **facts: Any) -> City:
    """Change what the Center owns of a city's facts (:data:`CENTERS_OWN`), in the city's scope. Locks the city.

    Raises ``PlaceIncompleteError``, or ``RuleError`` naming the field.
    """
    _check_known(facts, CENTERS_OWN)
    city = City.objects.select_for_update(no_key=True).get(pk=city_id)
    before = {name: getattr(city, name) for name in facts if getattr(city, name) != facts[name]}
    if not before:
        return city
    for name in before:
        setattr(city, name, facts[name])
    _check_place(city)
    city.full_clean()
    city.save(update_fields=list(before))
    audit.record(
        "city:change", actor=actor, subject=city, before=before, after={name: facts[name] for name in before}
    )
    return city


def _check_known(facts: dict[str, Any], known: frozenset[str]) -> None:
    unknown = set(facts) - known
    if unknown:
        raise TypeError(f"not a fact that can be given here: {sorted(unknown)}")


def _check_slug(slug: str) -> None:
    if not slug:
        raise RuleError(_("Give the city a web name."), field="slug")
    if slug in RESERVED_SLUGS:
        raise SlugReservedError(
            _("“%(slug)s” is an address of the site itself. Choose another."), field="slug", slug=slug
        )
    if City.objects.filter(slug=slug).exists():
        raise _taken(slug)


def _taken(slug: str) -> SlugTakenError:
    return SlugTakenError(
        _("A city here has the web name “%(slug)s” already. Choose another."), field="slug", slug=slug
    )


def _check_place(city: City) -> None:
    for name, (least, most) in (("latitude", LATITUDES), ("longitude", LONGITUDES)):
        value = getattr(city, name)
        if value is not None and not least <= value <= most:
            said = _("This must lie between %(least)s and %(most)s.")
            raise PlaceIncompleteError(said, field=name, least=least, most=most)
    if (city.latitude is None) != (city.longitude is None):
        missing = "latitude" if city.latitude is None else "longitude"
        raise PlaceIncompleteError(_("A place on the map needs both numbers, or neither."), field=missing)


def _check_money_and_words(city: City) -> None:
    if city.currency not in list_currencies():
        raise RuleError(
            _("“%(code)s” is not a currency we know. Use three letters, like USD."),
            field="currency",
            code=city.currency,
        )
    known = {code for code, _name in settings.LANGUAGES}
    if not city.languages or not set(city.languages) <= known:
        raise RuleError(_("Choose from the languages of this site."), field="languages")
