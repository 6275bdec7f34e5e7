"""What officers do: form cohorts, found cities, grant and send money, say who works where; and what a city answers."""

from .access import change_access, end_access
from .cities import change_city_facts, found_city
from .cohorts import change_cohort, create_cohort, join_cohort, leave_cohort
from .granting import grant_program, send_tranche
from .receiving import accept_grant, confirm_tranche

__all__ = [
    "accept_grant",
    "change_access",
    "change_city_facts",
    "change_cohort",
    "confirm_tranche",
    "create_cohort",
    "end_access",
    "found_city",
    "grant_program",
    "join_cohort",
    "leave_cohort",
    "send_tranche",
]
