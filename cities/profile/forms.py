"""Input of the settings pages."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from cities.tenancy.models import City

US_ZONES = {
    "America/New_York": _("Eastern Time (New York)"),
    "America/Detroit": _("Eastern Time (Detroit)"),
    "America/Chicago": _("Central Time (Chicago)"),
    "America/Denver": _("Mountain Time (Denver)"),
    "America/Phoenix": _("Mountain Time without summer time (Phoenix)"),
    "America/Los_Angeles": _("Pacific Time (Los Angeles)"),
    "America/Anchorage": _("Alaska Time (Anchorage)"),
    "Pacific/Honolulu": _("Hawaii Time (Honolulu)"),
    "America/Puerto_Rico": _("Atlantic Time (Puerto Rico)"),
}
REGIONS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zone_choices() -> list[Any]:
    """Return the zones of the United States by their common names, then all others by region."""
    others: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(available_timezones() - set(US_ZONES)):
        region, _slash, place = name.partition("/")
        if region in REGIONS and place:
            others.setdefault(region, []).append((name, place.replace("_", " ").replace("/", ", ")))
    return [(_("United States"), list(US_ZONES.items())), *others.items()]


class SettingsForm(forms.Form):
    """How a city shows itself and where its clocks stand."""

    contact_name = forms.CharField(
        label=_("Contact person or office"), max_length=120, required=False,
        help_text=_("Residents see this on every page, as whom to ask."),
    )  # fmt: skip
    contact_email = forms.EmailField(label=_("E-mail"), required=False)
    contact_phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput({"type": "tel"}),
        help_text=_("Many residents would rather call."),
    )  # fmt: skip
    contact_address = forms.CharField(label=_("Address"), max_length=200, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple,
        help_text=_("In these languages residents can read this city’s pages. The questions of your forms are translated where you write them."),
    )  # fmt: skip
    accent_color = forms.RegexField(
        label=_("Accent color"), regex=r"^#[0-9a-fA-F]{6}\Z", widget=forms.TextInput({"type": "color", "data-accent": ""}),
        help_text=_("For buttons, links and marks. We darken it where it would be hard to read."),
        error_messages={"invalid": _("Use a color like #005ea2.")},
    )  # fmt: skip
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices,
        help_text=_("All hours are typed and shown in this zone. Deadlines that are set already stay at their moment."),
    )  # fmt: skip
    fiscal_year_starts_month = forms.TypedChoiceField(
        label=_("Fiscal year starts in"), choices=lambda: list(MONTHS.items()), coerce=int,
    )  # fmt: skip

    @classmethod
    def of(cls, city: City, data: Any = None) -> "SettingsForm":
        form = cls(data, initial={name: getattr(city, name) for name in cls.base_fields})
        zone: Any = form.fields["timezone"]
        if not zone.valid_value(city.timezone):
            # A zone from a call file or the API, like “US/Central”. Without a choice of its own the browser would show
            # the first one, and saving anything else on the page would move every deadline to it.
            zone.choices = [(city.timezone, city.timezone), *zone.choices]
        return form

    def clean_languages(self) -> list[str]:
        chosen = self.cleaned_data["languages"]
        return [code for code, _name in settings.LANGUAGES if code in chosen]


class LogoForm(forms.Form):
    """One image."""

    logo = forms.FileField(
        label=_("Logo"), widget=forms.ClearableFileInput({"accept": "image/png,image/jpeg,image/webp,image/gif"}),
        help_text=_("PNG, JPEG, WebP or GIF, at most 5 MB. A square one with a clear background looks best."),
    )  # fmt: skip
