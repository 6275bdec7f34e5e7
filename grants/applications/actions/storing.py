"""How answers reach the database: appended, together with the application's flat columns, in one statement."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cities.access.models import User
from cities.tenancy.models import new_id
from cities.tenancy.prepared import kept_cursor
from grants.applications.models import Answer, Application
from grants.applications.queries import FilledForm, StandingAnswer
from grants.cycles.questions import Json


@dataclass(frozen=True, slots=True)
class NewAnswer:
    question: str
    version: int
    value: Json


FLAT = (
    "title", "applicant_name", "group_name", "neighborhood", "category", "place", "latitude", "longitude",
    "requested_cents", "answered_count", "question_count", "file_count",
)  # fmt: skip

# An autosave has room for eight statements in all, five of them around the view. Row-level security
# holds for both halves; an application of another city would be 0 rows, and the answer refused.
_STORE = f"""
WITH flat AS (
    UPDATE {Application._meta.db_table}
    SET {", ".join(f"{column} = %({column})s" for column in FLAT)}, last_activity_at = %(now)s, closes_at = %(closes)s
    WHERE id = %(application)s AND city_id = %(city)s
)
INSERT INTO {Answer._meta.db_table} (id, city_id, application_id, question, version, value, written_by_id, written_at)
SELECT fresh.id, %(city)s, %(application)s, fresh.question, fresh.version, fresh.value, %(actor)s, %(now)s
FROM jsonb_to_recordset(%(answers)s::jsonb) AS fresh(id uuid, question text, version integer, value jsonb)
"""  # noqa: S608  only names of our own columns are put in


def store_answers(form: FilledForm, fresh: Sequence[NewAnswer], *, actor: User, now: datetime) -> None:
    """Append ``fresh`` and bring the flat columns up to date. The application is locked by the caller."""
    if not fresh:
        return
    application = form.application
    for new in fresh:
        form.say(StandingAnswer(new.question, new.version, new.value, actor.pk, now))
    flat = form.flat_columns()
    for column, value in flat.items():
        setattr(application, column, value)
    application.last_activity_at = now
    # Kept flat for “my applications”: the city may have moved the close since.
    application.closes_at = form.cycle.closes_at
    rows = [
        {"id": str(new_id()), "question": new.question, "version": new.version, "value": new.value}
        for new in fresh
    ]
    with kept_cursor() as cursor:
        cursor.execute(
            _STORE,
            {
                **flat,
                "now": now,
                "closes": form.cycle.closes_at,
                "application": application.pk,
                "city": application.city_id,
                "actor": actor.pk,
                "answers": json.dumps(rows),
            },
        )
