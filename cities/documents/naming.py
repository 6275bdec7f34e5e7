"""How documents are called in the trail. They are removed after 90 days, their deeds stay."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit.models import Event
from cities.audit.subjects import Subject, hides, names
from cities.tenancy.models import City

from .models import Document
from .registry import kind_of


def _documents(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Document.objects.filter(pk__in=ids).values_list("pk", "title")
    return {
        pk: Subject(title, f"/{city.slug}/staff/reports/{pk}/" if city.slug else "") for pk, title in rows
    }


def _hidden_documents(reader: Any, _city: City, ids: Collection[UUID]) -> set[UUID]:
    """Of a kind about one row each, those about a row that the reader may have no such document of."""
    hidden = set()
    for name, about in _about(ids).items():
        kind = kind_of(name)
        if kind is not None and kind.subjects is not None:
            open_to_reader = kind.subjects(reader, set(about.values()))
            hidden |= {pk for pk, subject in about.items() if subject not in open_to_reader}
    return hidden


def _about(ids: Collection[UUID]) -> dict[str, dict[UUID, UUID]]:
    """Return by kind which row each document is about; of one that was removed, as the deed that asked for it says."""
    asked = Event.objects.filter(
        subject_type="cities.document", subject_id__in=ids, tag="document:request", data__has_key="about"
    ).values_list("subject_id", "data__kind", "data__about")
    kept = Document.objects.filter(pk__in=ids, subject_id__isnull=False)
    found: dict[str, dict[UUID, UUID]] = {}
    for pk, kind, subject in [*asked, *kept.values_list("pk", "kind", "subject_id")]:
        found.setdefault(kind, {})[pk] = UUID(str(subject))
    return found


names("cities.document", _("Report"), _documents)
hides("cities.document", _hidden_documents)
