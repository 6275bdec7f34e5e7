"""How applications and calls are called in the trail."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit.subjects import Subject, hides, names
from cities.tenancy.models import City
from grants.applications.conflicts import hidden_applications
from grants.applications.models import Application
from grants.applications.own import KEPT_FROM_APPLICANTS, own_applications
from grants.applications.states import ON_THE_DESK, Status
from grants.cycles.models import Cycle


def _applications(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    """A draft has no title here: what a resident hasn't sent yet is theirs alone."""
    rows = Application.objects.filter(pk__in=ids).values_list("pk", "reference", "title", "status")
    return {pk: _application(city, pk, reference, title, status) for pk, reference, title, status in rows}


def _application(city: City, pk: UUID, reference: str | None, title: str, status: str) -> Subject:
    if Status(status) not in ON_THE_DESK:
        return Subject(reference or str(_("A draft")))
    return Subject(f"{reference} {title}".strip(), f"/{city.slug}/staff/applications/{pk}/")


def _cycles(_city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    return {pk: Subject(name) for pk, name in Cycle.objects.filter(pk__in=ids).values_list("pk", "name")}


names("grants.application", _("Application"), _applications)
hides("grants.application", hidden_applications)
hides("grants.application", own_applications, tags=KEPT_FROM_APPLICANTS)
names("grants.cycle", _("Call"), _cycles)
