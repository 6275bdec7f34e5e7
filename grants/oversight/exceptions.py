"""What the Center looks at first: money that hangs, and payments that stand out. For the Center's door.

Each kind is a queryset with its count and sum per currency; the page shows the oldest rows of each, and leads to all
of one kind: to the list of payments, or from page to page where no list has them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django import forms
from django.db import models
from django.db.models import Count, F, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.tenancy.models import City
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from grants.payments.models import Disbursement
from grants.programs.queries import unconfirmed_tranches

from .marks import Mark, duplicates, marked, receipts_decided_by_requesters

UNCONFIRMED_DAYS, UNANSWERED_DAYS = 14, 30
SHOWN = 25
MOST_PAGES = 10_000


class Kind(models.TextChoices):
    """A kind of exception."""

    TRANCHES = "tranches", _("Money sent and not confirmed after 14 days")
    UNPROVED = "unproved", _("Payments not proved after 60 days")
    OFFERS = "offers", _("Offers without an answer after 30 days")
    DUPLICATES = "duplicates", _("Receipts that look like an earlier one")
    DEPUTIES = "deputies", _("Payments recorded by a deputy")
    VOUCHERS = "vouchers", _("Voucher numbers used twice in a city")
    DECIDED = "decided", _("Receipts decided by whoever requested the payment")


@dataclass(frozen=True, slots=True)
class Line:
    """One exception: whose, what, since when, how much, and the page that it leads to."""

    city: str
    label: str
    detail: str
    since: Any
    cents: int
    currency: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """One kind with its count, sums by currency, some of its rows, oldest first, and the list that has all of them."""

    kind: Kind
    count: int
    cents: dict[str, int]
    lines: list[Line]
    url: str

    page: int = 1

    @property
    def more(self) -> int:
        return self.count - (self.page - 1) * SHOWN - len(self.lines)


@dataclass(frozen=True, slots=True)
class _Source:
    rows: Any
    cents: str
    currency: str
    line: Callable[[Any], Line]
    mark: Mark | None = None


class ExceptionFilter(forms.Form):
    """Which exceptions to show, as it stands in the address. What can't be read is left out."""

    kind = forms.ChoiceField(required=False, choices=Kind.choices)
    page = forms.IntegerField(required=False, min_value=1, max_value=MOST_PAGES)

    @cached_property
    def asked(self) -> dict[str, str]:
        """What was understood, as plain words."""
        self.is_valid()
        return {name: str(value) for name, value in self.cleaned_data.items() if value}

    def read(self, now: datetime, center: City) -> list[Group]:
        """Return every kind with its oldest rows, or the one that is asked for with those of its page."""
        if "kind" not in self.asked:
            return exceptions(now, center)
        return [exceptions_of(Kind(self.asked["kind"]), now, center, page=int(self.asked.get("page", 1)))]


def exceptions(now: datetime, center: City) -> list[Group]:
    """Return every kind with its oldest rows; two statements per kind, however many rows there are."""
    return [_group(kind, source, page=1) for kind, source in _sources(now, center).items()]


def exceptions_of(kind: Kind, now: datetime, center: City, *, page: int) -> Group:
    """Return one kind with the rows of a page, counted from 1."""
    return _group(kind, _sources(now, center)[kind], page=page)


def counts(now: datetime, center: City) -> list[Group]:
    """Return every kind with its sums only; one statement per kind."""
    return [_group(kind, source, page=None) for kind, source in _sources(now, center).items()]


def _group(kind: Kind, source: _Source, *, page: int | None) -> Group:
    groups = source.rows.order_by().values(in_currency=F(source.currency))
    sums = list(groups.annotate(n=Count("pk"), total=Sum(source.cents)).order_by("in_currency"))
    first = ((page or 1) - 1) * SHOWN
    lines = [source.line(row) for row in source.rows[first : first + SHOWN]] if page and sums else []
    mark = f"?kind={source.mark}" if source.mark else ""
    return Group(
        kind,
        sum(row["n"] for row in sums),
        {row["in_currency"]: int(row["total"]) for row in sums},
        lines,
        reverse("grants:center-disbursement-list") + mark if source.mark else "",
        page or 1,
    )


def _sources(now: datetime, center: City) -> dict[Kind, _Source]:
    today = now.astimezone(center.zone).date()
    payments = marked(Disbursement.objects.select_related("award", "city"), today)

    def having(mark: Mark, cents: str = "amount_cents") -> _Source:
        rows = payments.filter(**{f"mark_{mark}": True}).order_by("paid_on", "id")
        return _Source(rows, cents, "currency", _payment(cents), mark)

    offers = Award.objects.filter(
        status=AwardStatus.OFFERED, offered_at__lt=now - timedelta(days=UNANSWERED_DAYS)
    )
    return {
        Kind.TRANCHES: _Source(unconfirmed_tranches(UNCONFIRMED_DAYS), "amount_cents", "currency", _tranche),
        Kind.UNPROVED: having(Mark.UNPROVED, "unproved_cents"),
        Kind.OFFERS: _Source(
            offers.select_related("city").order_by("offered_at", "id"),
            "amount_cents",
            "city__currency",
            _offer,
        ),
        Kind.DUPLICATES: _receipts(duplicates()),
        Kind.DEPUTIES: having(Mark.DEPUTY),
        Kind.VOUCHERS: having(Mark.VOUCHER),
        Kind.DECIDED: _receipts(receipts_decided_by_requesters()),
    }


def _receipts(rows: Any) -> _Source:
    # The page of any payment shows all receipts of its award; where there is none yet, a receipt leads to its picture.
    paid = Disbursement.objects.filter(city=models.OuterRef("city"), award=models.OuterRef("award"))
    payment = models.Subquery(paid.order_by("number").values("pk")[:1])
    found = rows.select_related("award", "city").annotate(payment_id=payment).order_by("uploaded_at", "id")
    return _Source(found, "amount_cents", "city__currency", _receipt)


def _tranche(row: Any) -> Line:
    detail = f"{row.program_grant.reference} · {row.bank_reference}"
    url = reverse("grants:center-grant-detail", args=[row.program_grant_id])
    number = _("No. %(number)s") % {"number": row.number}
    return Line(row.recipient.name, number, detail, row.sent_on, row.amount_cents, row.currency, url)


def _payment(cents: str) -> Callable[[Any], Line]:
    def line(row: Any) -> Line:
        url = reverse("grants:center-disbursement-detail", args=[row.pk])
        detail = " · ".join(part for part in (row.payee_name, row.voucher_number) if part)
        return Line(row.city.name, row.reference, detail, row.paid_on, getattr(row, cents), row.currency, url)

    return line


def _offer(row: Any) -> Line:
    day = row.offered_at.astimezone(row.city.zone).date()
    url = reverse("grants:center-city-detail", args=[row.city.slug])
    return Line(row.city.name, row.reference, row.title, day, row.amount_cents, row.city.currency, url)


def _receipt(row: Any) -> Line:
    url = (
        reverse("grants:center-disbursement-detail", args=[row.payment_id]) + "#receipts"
        if row.payment_id
        else reverse("grants:center-receipt-picture", args=[row.pk])
    )
    detail = f"{row.vendor} · {row.what}" if row.what else row.vendor
    return Line(
        row.city.name, row.award.reference, detail, row.bought_on, row.amount_cents, row.city.currency, url
    )
