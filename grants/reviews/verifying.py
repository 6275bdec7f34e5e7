"""``manage.py verify``: the triggers that keep scores true to what was read stand."""

from cities.audit.verification import required_triggers

required_triggers |= {("grants_cycle", "guard_rubric"), ("grants_application", "guard_sent_again")}
