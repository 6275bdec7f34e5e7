"""Payments of several cities in every state that the Center looks at, made by the cities' own actions."""

from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.awards.models import Award
from grants.payments.actions import approve_disbursement, decide_receipt, record_payment
from grants.payments.models import Disbursement
from tests.grants.payments.factories import make_award, make_trio, receipt_of, requested


def pay(
    city: City,
    cents: int = 60_000,
    *,
    trio: Any = None,
    days_ago: int = 1,
    voucher: str = "CHK-1",
    **fields: Any,
) -> Disbursement:
    """A payment that went all its way in ``city``, paid so many days ago."""
    trio = trio or make_trio(city)
    award = fields.pop("award", None)
    with city_scope(city):
        award = award or accepted_long_ago(payee_name=fields.get("payee_name", "Riverbend CDC"))
        row = requested(award, trio[0], cents, **fields)
        approve_disbursement(row.pk, actor=trio[1])
        day = timezone.localdate(timezone=city.zone) - timedelta(days=days_ago)
        paid: Disbursement = record_payment(row.pk, paid_on=day, voucher_number=voucher, actor=trio[2])
        return paid


def accepted_long_ago(**fields: Any) -> Award:
    """An award of 300 days ago: payments can't be earlier than its acceptance."""
    with time_machine.travel(timezone.now() - timedelta(days=300)):
        return make_award(**fields)


def prove(city: City, award: Award, cents: int, *, by: Any, **said: Any) -> Any:
    """A receipt that the city accepted in whole."""
    with city_scope(city):
        receipt = receipt_of(award, cents, **said)
        return decide_receipt(receipt.pk, accepted_cents=cents, reason="", actor=by)


def ask(city: City, cents: int = 60_000, *, trio: Any = None, **fields: Any) -> Disbursement:
    """A payment that only was requested."""
    trio = trio or make_trio(city)
    with city_scope(city):
        row: Disbursement = requested(make_award(), trio[0], cents, **fields)
        return row
