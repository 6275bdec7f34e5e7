"""How documents are called in the trail. They are removed after 90 days, their deeds stay."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit.subjects import Subject, names
from cities.tenancy.models import City

from .models import Document


def _documents(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Document.objects.filter(pk__in=ids).values_list("pk", "title")
    return {
        pk: Subject(title, f"/{city.slug}/staff/reports/{pk}/" if city.slug else "") for pk, title in rows
    }


names("cities.document", _("Report"), _documents)
