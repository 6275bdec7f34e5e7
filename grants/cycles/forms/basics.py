"""Names, dates and amounts."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.interface.days import FIRST_YEAR, LAST_YEAR, DayField, refuse_other_years
from cities.interface.fields import MoneyField
from cities.tenancy.models import City
from grants.cycles.calls import CallFile, InvalidCallError, OtherCurrencyError, fitted, read_call
from grants.cycles.deadlines import SkippedHourError, closing, local_parts, opening
from grants.cycles.models import Cycle

from .rows import Lines

LARGEST_CALL_BYTES = 1_000_000


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class BasicsForm(forms.Form):
    """What the call is called and what it is for."""

    name = forms.CharField(
        label=_("Name of the call"),
        max_length=150,
        help_text=_("As residents read it: “Love Your Block 2027”."),
    )
    year = forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        help_text=_("References of applications carry it."),
    )
    purpose = forms.CharField(
        label=_("What is it for?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("One or two sentences that a neighbor understands."),
    )  # fmt: skip

    def value(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class CopyForm(forms.Form):
    """A new name and year for a copied call."""

    name = BasicsForm.base_fields["name"]
    year = BasicsForm.base_fields["year"]


class DatesForm(forms.Form):
    """When a call opens, closes and goes on, on the city's clocks."""

    opens_on = DayField(label=_("Opens on"), required=False)
    opens_hour = forms.TimeField(
        label=_("Opens at (time)"),
        required=False,
        widget=HourInput,
        help_text=_("Left empty: at the start of that day."),
    )
    closes_on = DayField(label=_("Closes on"), required=False)
    closes_hour = forms.TimeField(
        label=_("Closes at (time)"), required=False, widget=HourInput, help_text=_("Left empty: at 11:59:59 pm, the end of that day."),
    )  # fmt: skip
    decision_on = DayField(
        label=_("Decisions by"), required=False, help_text=_("Residents read this as a promise."),
    )  # fmt: skip
    project_starts_on = DayField(label=_("Projects start"), required=False)
    project_ends_on = DayField(label=_("Projects end"), required=False)
    workshop_required = forms.ChoiceField(
        label=_("Is a workshop required before applying?"), required=False, widget=forms.RadioSelect,
        choices=[("", _("Not known yet")), ("no", _("No")), ("yes", _("Yes"))],
    )  # fmt: skip
    workshop_dates = Lines(
        label=_("Workshop dates"), required=False, rows=3, help_text=_("One per line, like 2027-04-10 or 2027-04-10 18:00."),
    )  # fmt: skip

    def __init__(self, city: City, cycle: Cycle, data: Any = None) -> None:
        self.zone = city.zone
        opens, closes = local_parts(cycle.opens_at, self.zone), local_parts(cycle.closes_at, self.zone)
        required = cycle.workshop.get("required")
        initial = {
            "opens_on": opens[0], "opens_hour": opens[1], "closes_on": closes[0], "closes_hour": closes[1],
            "decision_on": cycle.decision_on, "project_starts_on": cycle.project_starts_on, "project_ends_on": cycle.project_ends_on,
            "workshop_required": {True: "yes", False: "no"}.get(required, ""),
            "workshop_dates": [_typed(text, self) for text in cycle.workshop.get("dates", ())],
        }  # fmt: skip
        super().__init__(data, initial=initial)

    def clean_workshop_dates(self) -> list[str]:
        return [self._workshop(line) for line in self.cleaned_data["workshop_dates"]]

    def _workshop(self, line: str) -> str:
        try:
            moment = datetime.fromisoformat(line)
        except ValueError:
            raise forms.ValidationError(
                _("“%(line)s” is not a date like 2027-04-10 18:00."), params={"line": line}
            ) from None
        refuse_other_years(moment)
        if len(line) <= len("2027-04-10"):
            return moment.date().isoformat()
        try:
            return opening(moment.date(), moment.time(), self.zone).astimezone(self.zone).isoformat()
        except SkippedHourError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for which, read in (("opens", opening), ("closes", closing)):
            day, hour = found.get(f"{which}_on"), found.get(f"{which}_hour")
            if day is None and hour is not None and f"{which}_on" not in self.errors:
                self.add_error(f"{which}_on", _("Give the day as well."))
            try:
                found[f"{which}_at"] = read(day, hour, self.zone) if day else None
            except SkippedHourError as refusal:
                self.add_error(f"{which}_hour", str(refusal))
        return found

    def value(self) -> dict[str, Any]:
        found = self.cleaned_data
        required = {"yes": True, "no": False}.get(found["workshop_required"])
        kept = ("opens_at", "closes_at", "decision_on", "project_starts_on", "project_ends_on")
        return {name: found[name] for name in kept} | {
            "workshop": {"required": required, "dates": found["workshop_dates"]}
        }


FIELD_OF = {"opens_at": "opens_on", "closes_at": "closes_on"}
"""Where a refusal of a cycle's column is shown on the dates page."""


def _typed(text: str, form: DatesForm) -> str:
    """Show a stored workshop date as it would be typed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if len(text) <= len("2027-04-10"):
        return text
    try:
        local = moment.astimezone(form.zone) if timezone.is_aware(moment) else moment
    except OverflowError:
        return text
    return local.strftime("%Y-%m-%d %H:%M")


class MoneyForm(forms.Form):
    """How much there is, and how much one group may ask for."""

    planned_pool_cents = MoneyField(
        label=_("Planned pool"), required=False, help_text=_("All the money you plan to give out in this call. Only staff see it before awards are made."),
    )  # fmt: skip
    min_request_cents = MoneyField(
        label=_("Smallest request"), required=False, help_text=_("Left empty: no lower limit.")
    )
    max_request_cents = MoneyField(
        label=_("Largest request"), required=False, help_text=_("Left empty: no upper limit.")
    )
    expected_awards = forms.IntegerField(
        label=_("How many awards do you expect?"), required=False, min_value=0, max_value=100_000
    )

    def __init__(self, city: City, cycle: Cycle, data: Any = None) -> None:
        super().__init__(data, initial={name: getattr(cycle, name) for name in self.base_fields})
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = city.currency

    def value(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class UploadForm(forms.Form):
    """A call file. Cleans to the call that it holds; ``problems`` lists what is wrong by place."""

    file = forms.FileField(
        label=_("Call file"), widget=forms.ClearableFileInput({"accept": "application/json,.json"}),
        help_text=_("A JSON file in the call format, at most 1 MB."),
    )  # fmt: skip
    adopt = forms.BooleanField(
        label=_("The file was written for another city; use its form and rules here anyway"), required=False,
        help_text=_("Days without an hour then count in this city’s time zone."),
    )  # fmt: skip

    def __init__(self, city: City, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.city = city
        self.problems: tuple[Any, ...] = ()
        self.call: CallFile | None = None

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        upload = found.get("file")
        if upload is None:
            return found
        if upload.size > LARGEST_CALL_BYTES:
            self.add_error("file", _("This file is too large for a call."))
            return found
        try:
            call = read_call(upload.read())
            if call.city["slug"] != self.city.slug and not found.get("adopt"):
                self.add_error(
                    "file",
                    forms.ValidationError(
                        _("This file was written for %(name)s. Tick the box below to use it here anyway."),
                        params={"name": call.city["name"]},
                    ),
                )
            else:
                self.call = fitted(call, self.city)
        except InvalidCallError as refusal:
            self.problems = refusal.errors
            self.add_error("file", _("This file can’t be used yet. What to change in it stands below."))
        except OtherCurrencyError as refusal:
            self.add_error("file", str(refusal))
        return found
