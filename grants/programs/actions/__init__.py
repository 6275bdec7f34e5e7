"""What officers do: form cohorts at the Center, found cities, change their facts, and say who works where."""

from .access import change_access, end_access
from .cities import change_city_facts, found_city
from .cohorts import change_cohort, create_cohort, join_cohort, leave_cohort

__all__ = [
    "change_access",
    "change_city_facts",
    "change_cohort",
    "create_cohort",
    "end_access",
    "found_city",
    "join_cohort",
    "leave_cohort",
]
