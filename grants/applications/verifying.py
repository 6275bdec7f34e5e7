"""``manage.py verify`` over what was sent: the answers still give the hash that was taken when they came in."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from cities.audit.verification import Findings, check
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.cycles.models import FormVersion

from .models import Answer, Application, Attachment
from .queries import digest_of_values

BATCH = 500
"""So many applications at a time: four statements each, and a few megabytes of answers."""

_TOLD = """
SELECT DISTINCT ON (subject_id) subject_id, data->>'hash' FROM cities_event
WHERE city_id = %s AND subject_type = 'grants.application' AND subject_id = ANY(%s) AND tag = 'application:submit'
ORDER BY subject_id, created_at DESC, id DESC
"""

Sent = tuple[UUID, str, UUID, str]
"""Id, reference, form version and stored hash."""


@check("application answers")
def application_answers(findings: Findings) -> None:
    """Every application that was sent says today what it said then, and the trail tells of the same hash."""
    for city in City.objects.cities().order_by("slug"):
        with city_scope(city):
            versions = {version.pk: version for version in FormVersion.objects.all()}
            for batch in _batches():
                findings.examined += len(batch)
                _compare(findings, city, batch, versions)


def _batches() -> Iterator[list[Sent]]:
    """Walk the city's sent applications by id; drafts have no hash."""
    rows = Application.objects.exclude(answers_hash="").order_by("id")
    fields = ("id", "reference", "form_version_id", "answers_hash")
    batch = list(rows.values_list(*fields)[:BATCH])
    while batch:
        yield batch
        batch = list(rows.filter(id__gt=batch[-1][0]).values_list(*fields)[:BATCH])


def _compare(
    findings: Findings, city: City, batch: Sequence[Sent], versions: dict[UUID, FormVersion]
) -> None:
    ids = [row[0] for row in batch]
    answers, attached, told = _answers(ids), _attached(ids), _told(city.pk, ids)
    for key, reference, version, stored in batch:
        place = f"{city.slug}, application {reference}"
        if digest_of_values(versions[version], answers[key], attached[key]) != stored:
            findings.broke(place, "does not say any more what was sent: its answers give another hash")
        if key not in told:
            findings.broke(place, "was sent, and no audit event tells of it")
        elif told[key] != stored:
            findings.broke(place, "carries another hash than the audit trail tells")


def _answers(ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Read the newest version of each answer, by application and question."""
    found: dict[UUID, dict[str, Any]] = defaultdict(dict)
    newest = Answer.objects.filter(application_id__in=ids).order_by("application_id", "question", "-version")
    for key, question, value in newest.distinct("application_id", "question").values_list(
        "application_id", "question", "value"
    ):
        found[key][question] = value
    return found


def _attached(ids: list[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    files = Attachment.objects.filter(application_id__in=ids, removed_at__isnull=True)
    for key, file_id, sha256 in files.values_list("application_id", "id", "sha256"):
        found[key][str(file_id)] = sha256
    return found


def _told(city_id: UUID, ids: list[UUID]) -> dict[UUID, str]:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [city_id, ids])
        return dict(cursor.fetchall())
