"""Days of our time, on forms and over the API."""

import pytest
from django.core.exceptions import ValidationError
from rest_framework.exceptions import ValidationError as ShapeError

from cities.interface.days import DayField, DayShape

SENTENCE = "Choose a year from 2000 to 2100."


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_a_day_of_our_time_is_taken(day):
    assert DayField().clean(day).isoformat() == day
    assert DayShape().run_validation(day).isoformat() == day


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2101-01-01", "9999-12-31"])
def test_a_day_of_another_time_is_refused_in_a_sentence(day):
    with pytest.raises(ValidationError) as on_the_form:
        DayField().clean(day)
    with pytest.raises(ShapeError) as over_the_api:
        DayShape().run_validation(day)

    assert on_the_form.value.messages == [SENTENCE]
    assert over_the_api.value.detail == [SENTENCE]
