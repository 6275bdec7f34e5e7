"""How program grants and tranches are called in trails and books."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit.subjects import Subject, names
from cities.tenancy.models import City

from .models import GrantAcceptance, ProgramGrant, Tranche, TrancheReceipt


def _grants(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = ProgramGrant.received.filter(pk__in=ids).values_list("pk", "reference")
    return {pk: Subject(reference, _page(city, pk)) for pk, reference in rows}


def _tranches(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Tranche.received.filter(pk__in=ids).values_list(
        "pk", "program_grant_id", "program_grant__reference", "number"
    )
    return {pk: Subject(f"{reference}/{number}", _page(city, grant)) for pk, grant, reference, number in rows}


def _acceptances(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = GrantAcceptance.objects.filter(pk__in=ids).values_list(
        "pk", "program_grant_id", "program_grant__reference"
    )
    return {pk: Subject(reference, _page(city, grant)) for pk, grant, reference in rows}


def _receipts(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = TrancheReceipt.objects.filter(pk__in=ids).values_list(
        "pk", "tranche__program_grant_id", "tranche__program_grant__reference", "tranche__number"
    )
    return {pk: Subject(f"{reference}/{number}", _page(city, grant)) for pk, grant, reference, number in rows}


def _page(city: City, grant_id: UUID) -> str:
    if city.kind == City.Kind.CENTER:
        return f"/center/grants/{grant_id}/"
    return f"/{city.slug}/staff/money/#grant-{grant_id}"


names("grants.programgrant", _("Program grant"), _grants)
names("grants.tranche", _("Tranche"), _tranches)
names("grants.grantacceptance", _("Acceptance of a program grant"), _acceptances)
names("grants.tranchereceipt", _("Receipt of a tranche"), _receipts)
