"""How projects are called in the trail."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit.subjects import Subject, hides, names
from cities.tenancy.models import City
from grants.applications.models import open_conflicts

from .models import Project


def _projects(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Project.objects.filter(pk__in=ids).values_list("pk", "title")
    return {pk: Subject(title, f"/{city.slug}/projects/{pk}/") for pk, title in rows}


def _hidden_projects(reader: Any, _city: City, ids: Collection[UUID]) -> set[UUID]:
    hidden = open_conflicts(reader).values("application_id")
    return set(
        Project.objects.filter(pk__in=ids, award__application_id__in=hidden).values_list("pk", flat=True)
    )


names("projects.project", _("Project"), _projects)
hides("projects.project", _hidden_projects)
