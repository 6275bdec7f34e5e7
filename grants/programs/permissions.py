"""Who may do what at the Center. Officers run the program; auditors read all of it and change nothing."""

from cities.access.rules import is_at_center as can_see_center
from cities.access.rules import is_officer as can_run_program

__all__ = ["can_run_program", "can_see_center"]
