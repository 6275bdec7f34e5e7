"""A question about a lost second step that only the Center can answer is told to its officers.

A city doesn't see who works at the Center. So a definer function names the officers (by id) of such a question, and of
no other: the letters can be queued in the same transaction as the question.
"""

from django.db import migrations

from cities.tenancy.protection import CITY, definer_function
from cities.tenancy.scopes import CENTER_ID

OFFICERS_TO_ANSWER = definer_function(
    "officers_to_answer(p_reset uuid)",
    "SETOF uuid",
    f"""
    SELECT o.user_id FROM cities_factorreset r
    JOIN cities_membership o ON o.city_id = '{CENTER_ID}' AND o.role = 'officer' AND o.ended_at IS NULL
        AND o.user_id NOT IN (r.person_id, r.asked_by_id)
    WHERE r.id = p_reset AND r.city_id = {CITY} AND r.approved_at IS NULL AND r.refused_at IS NULL AND (
        r.city_id = '{CENTER_ID}' OR NOT works_only_here(r.person_id) OR NOT EXISTS (
            SELECT 1 FROM cities_membership m WHERE m.city_id = r.city_id AND m.role = 'manager' AND m.ended_at IS NULL
            AND m.user_id NOT IN (r.person_id, r.asked_by_id)
        )
    )
    """,
    language="sql",
    volatility="STABLE",
)


class Migration(migrations.Migration):
    dependencies = [("cities", "0012_second_tries")]

    operations = [OFFICERS_TO_ANSWER]
