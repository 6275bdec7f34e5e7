"""How payments, receipts and deputies are called in the trail."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.audit.subjects import Subject, hides, names
from cities.tenancy.models import City
from grants.applications.models import open_conflicts

from .models import Deputy, Disbursement, Receipt, Return
from .states import ReceiptStatus, Seat


def _disbursements(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Disbursement.objects.filter(pk__in=ids).values_list("pk", "award__reference", "number")
    return {
        pk: Subject(f"{reference}/{number}", f"/{city.slug}/staff/payments/{pk}/")
        for pk, reference, number in rows
    }


def _receipts(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    """Name receipts; one that was taken back has no page any more."""
    rows = Receipt.objects.filter(pk__in=ids).values_list("pk", "award__reference", "vendor", "status")
    return {
        pk: Subject(
            f"{reference} {vendor}",
            "" if status == ReceiptStatus.REMOVED else f"/{city.slug}/staff/receipts/{pk}/",
        )
        for pk, reference, vendor, status in rows
    }


def _deputies(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Deputy.objects.filter(pk__in=ids).values_list("pk", "person__name", "person__email", "seat")
    url = f"/{city.slug}/staff/deputies/" if city.slug else ""
    return {pk: Subject(f"{name or email} – {Seat(seat).label}", url) for pk, name, email, seat in rows}


def _hidden_disbursements(reader: Any, _city: City, ids: Collection[UUID]) -> set[UUID]:
    hidden = open_conflicts(reader).values("application_id")
    return set(
        Disbursement.objects.filter(pk__in=ids, award__application_id__in=hidden).values_list("pk", flat=True)
    )


def _hidden_receipts(reader: Any, _city: City, ids: Collection[UUID]) -> set[UUID]:
    hidden = open_conflicts(reader).values("application_id")
    return set(
        Receipt.objects.filter(pk__in=ids, award__application_id__in=hidden).values_list("pk", flat=True)
    )


def _returns(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Return.objects.filter(pk__in=ids).values_list("pk", "award_id", "award__reference")
    return {pk: Subject(reference, f"/{city.slug}/staff/awards/{award}/") for pk, award, reference in rows}


def _hidden_returns(reader: Any, _city: City, ids: Collection[UUID]) -> set[UUID]:
    hidden = open_conflicts(reader).values("application_id")
    return set(
        Return.objects.filter(pk__in=ids, award__application_id__in=hidden).values_list("pk", flat=True)
    )


names("grants.disbursement", _("Payment"), _disbursements)
names("grants.receipt", _("Receipt"), _receipts)
names("grants.return", _("Return"), _returns)
names("grants.deputy", _("Deputy"), _deputies)
hides("grants.disbursement", _hidden_disbursements)
hides("grants.receipt", _hidden_receipts)
hides("grants.return", _hidden_returns)
