"""How this room's rows are called in the trail."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit.subjects import Subject, names
from cities.tenancy.models import City

from .models import BackupCheck


def _checks(_city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    return {row.pk: Subject(row.name) for row in BackupCheck.objects.filter(pk__in=ids)}


names("cities.backupcheck", _("Backup"), _checks)
