"""What officers type at the Center."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from cities.access.forms import ROLE_WORDS as CITY_ROLE_WORDS
from cities.access.models import CENTER_ROLES, CITY_ROLES, Role
from cities.interface.days import DayField
from cities.interface.fields import MoneyField, RowChoiceField
from cities.profile.forms import zone_choices
from cities.tenancy.models import City
from cities.tenancy.slugs import RESERVED_SLUGS

SLUG_MAX = 40
MOST_CENTS = 10**13


class CohortForm(forms.Form):
    """A cohort's name, days and grant."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As people say it, for example “2024–26”.")
    )
    starts_on = DayField(label=_("Starts"), required=False)
    ends_on = DayField(label=_("Ends"), required=False)
    grant_cents = MoneyField(
        label=_("Grant for each city"), currency="USD", min_cents=0, max_cents=MOST_CENTS, required=False,
        help_text=_("What the Center grants one city over the whole time, in US dollars."),
    )  # fmt: skip

    def clean_grant_cents(self) -> int:
        return self.cleaned_data["grant_cents"] or 0


class AddCityForm(forms.Form):
    """One city that isn't in the cohort yet."""

    city = RowChoiceField(queryset=City.objects.none(), label=_("City"), empty_label=_("Choose a city"))

    def __init__(self, data: Any = None, *, outside: Any) -> None:
        super().__init__(data)
        self.fields["city"].queryset = outside  # type: ignore[attr-defined]


class PlaceFields(forms.Form):
    """Where a city lies: what the Center may change later too."""

    name = forms.CharField(label=_("Name"), max_length=100)
    region = forms.CharField(
        label=_("State"),
        max_length=60,
        required=False,
        help_text=_("Two letters, like MD. Outside the United States, its usual name."),
    )
    latitude = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90, help_text=_("Like 39.2904."),
        widget=forms.NumberInput({"step": "any"}),
    )  # fmt: skip
    longitude = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, help_text=_("Like -76.6122; west is minus."),
        widget=forms.NumberInput({"step": "any"}),
    )  # fmt: skip


class CityFactsForm(PlaceFields):
    """Change of a city's facts."""

    @classmethod
    def of(cls, city: City, data: Any = None) -> "CityFactsForm":
        return cls(data, initial={name: getattr(city, name) for name in cls.base_fields})


class NewCityForm(PlaceFields):
    """A city to be founded, its cohort, and whom to invite.

    An empty web name is answered with a suggestion to look at: it can't be changed later.
    """

    slug = forms.CharField(
        label=_("Web name"), max_length=SLUG_MAX, required=False,
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "data-suggest-from": "id_name"}),
        help_text=_("The city’s address on this site. Small letters, digits and hyphens. It stays for good. Left empty, we suggest one."),
    )  # fmt: skip
    timezone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        initial="America/New_York",
        help_text=_("Deadlines are judged by this clock."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, initial=["en"], widget=forms.CheckboxSelectMultiple,
        help_text=_("In these languages residents can read this city’s pages."),
    )  # fmt: skip
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        initial="USD",
        help_text=_("Three letters, like USD. It stays for good: amounts are written in it."),
    )
    contact_name = forms.CharField(label=_("Contact person or office"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Contact e-mail"), required=False)
    cohort = forms.ChoiceField(label=_("Cohort"), required=False)
    manager_email = forms.EmailField(label=_("E-mail of the first manager"), required=False)
    manager_name = forms.CharField(label=_("Name of the first manager"), max_length=120, required=False)

    field_order = (
        "name", "slug", "region", "timezone", "languages", "currency", "latitude", "longitude",
        "contact_name", "contact_email", "cohort", "manager_email", "manager_name",
    )  # fmt: skip
    FACTS = (
        "name", "slug", "region", "timezone", "languages", "currency", "latitude", "longitude", "contact_name", "contact_email",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, cohorts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["cohort"].choices = [("", _("None yet")), *cohorts]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return str(self.cleaned_data["name"]).strip()

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("slug") and "slug" not in self.errors and cleaned.get("name"):
            self._suggest_slug(cleaned["name"], cleaned.get("region", ""))
        if (
            cleaned.get("manager_name")
            and not cleaned.get("manager_email")
            and "manager_email" not in self.errors
        ):
            self.add_error("manager_email", _now("To invite the manager, we need an e-mail address."))
        return cleaned

    def _suggest_slug(self, name: str, region: str) -> None:
        suggested = suggest_slug(name, region)
        typed: Any = self.data
        filled = typed.copy()
        filled["slug"] = suggested
        self.data = filled
        self.add_error(
            "slug",
            _now(
                "We filled in a suggestion. Is it right? It can’t be changed later. Then send this page again."
            ),
        )

    @property
    def facts(self) -> dict[str, Any]:
        """What the city is founded with."""
        return {name: self.cleaned_data[name] for name in self.FACTS}


def suggest_slug(name: str, region: str = "") -> str:
    """Return a web name made from the city's name that is free now; with the state where the plain one isn't."""
    plain = slugify(name)[:SLUG_MAX].strip("-") or "city"
    longer = f"{plain[: SLUG_MAX - 12]}-{slugify(region)[:11]}".strip("-") if region else plain
    taken = (
        set(
            City.objects.cities()
            .filter(slug__startswith=plain[: SLUG_MAX - 12])
            .values_list("slug", flat=True)
        )
        | RESERVED_SLUGS
    )
    numbered = (f"{plain[: SLUG_MAX - 5]}-{n}" for n in range(2, 10_000))
    return next(slug for slug in (plain, longer, *numbered) if slug not in taken)


class InviteForm(forms.Form):
    """Whom to invite, and to what."""

    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    roles = forms.MultipleChoiceField(
        label=_("What may this person do?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    language = forms.ChoiceField(label=_("Language of the letter"), choices=settings.LANGUAGES, initial="en")

    def __init__(self, data: Any = None, *, place: City) -> None:
        super().__init__(data)
        self.fields["roles"].choices = role_choices(place)  # type: ignore[attr-defined]


class RolesForm(forms.Form):
    """All the roles of one person in one place."""

    roles = forms.MultipleChoiceField(
        label=_("What may this person do?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role, or remove the access.")},
    )

    def __init__(self, data: Any = None, *, place: City, held: Any = ()) -> None:
        super().__init__(data, initial={"roles": list(held)})
        self.fields["roles"].choices = role_choices(place)  # type: ignore[attr-defined]


ROLE_WORDS = {
    **CITY_ROLE_WORDS,
    Role.OFFICER: _("Officer: founds cities, forms cohorts, gives access"),
    Role.AUDITOR: _("Auditor: reads everything at the Center, changes nothing"),
}


def role_choices(place: City) -> list[tuple[str, Any]]:
    """Return the roles that there are in a place, each with what it may do."""
    possible = CENTER_ROLES if place.kind == City.Kind.CENTER else CITY_ROLES
    return [(role.value, ROLE_WORDS[role]) for role in Role if role in possible]
