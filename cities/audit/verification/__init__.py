"""``manage.py verify``: recompute what must hold, and name what doesn't.

Each check stands in a small registry; upper floors add theirs (``@check("ledger sums")``) in a module
that their ``AppConfig.ready`` imports. Checks run as the web role, city by city through the city door:
the verifier needs no more rights than the application, and sees what the application sees.
"""

from .registry import Break, Findings, append_only_tables, check, required_triggers, run_checks, without_city

__all__ = [
    "Break",
    "Findings",
    "append_only_tables",
    "check",
    "required_triggers",
    "run_checks",
    "without_city",
]
