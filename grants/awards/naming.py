"""How awards are called in the trail."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit.subjects import Subject, hides, names
from cities.tenancy.models import City
from grants.applications.models import open_conflicts

from .models import Award


def _awards(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Award.objects.filter(pk__in=ids).values_list("pk", "reference", "title")
    return {
        pk: Subject(f"{reference} {title}".strip(), f"/{city.slug}/staff/awards/{pk}/")
        for pk, reference, title in rows
    }


def _hidden_awards(reader: Any, _city: City, ids: Collection[UUID]) -> set[UUID]:
    hidden = open_conflicts(reader).values("application_id")
    return set(Award.objects.filter(pk__in=ids, application_id__in=hidden).values_list("pk", flat=True))


names("grants.award", _("Award"), _awards)
hides("grants.award", _hidden_awards)
