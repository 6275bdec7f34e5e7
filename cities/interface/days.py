"""Days as people and programs tell them: of our time, since a calendar ends.

At its end there is no day more, nor the same moment in another zone.
"""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from .fields import DateInput

FIRST_YEAR, LAST_YEAR = 2000, 2100


def is_of_our_time(moment: date) -> bool:
    """Say it of a day, or of an instant on its own clocks."""
    return FIRST_YEAR <= moment.year <= LAST_YEAR


def refuse_other_years(moment: date) -> None:
    """Raise ``ValidationError``. For forms and for shapes of the API."""
    if not is_of_our_time(moment):
        raise ValidationError(
            _("Choose a year from %(first)s to %(last)s."),
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
            code="year",
        )


class DayField(forms.DateField):
    """A day on a form."""

    widget = DateInput
    default_validators = [refuse_other_years]


class DayShape(serializers.DateField):
    """A day that a program sends."""

    default_validators = [refuse_other_years]
