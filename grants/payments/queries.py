"""What pages and the API list of payments and receipts: queues with their totals, from flat columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from operator import itemgetter
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import BooleanField, Case, Count, F, Q, Sum, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cities.tenancy.models import City
from cities.tenancy.prepared import Prepared, ask
from grants.applications.conflicts import with_conflicts
from grants.applications.desk.paging import Asked, Order, Page, page_of
from grants.awards.models import Award

from .forms import PaymentFilter
from .models import Disbursement, Receipt, Return
from .permissions import can_see_payments, disbursements_visible_to, receipts_visible_to, totals_visible_to
from .searching import typed
from .seats import seats_of
from .states import UNDER_WAY, ReceiptStatus, Status
from .waiting import on_me, to_decide

TONES: dict[str, str] = {
    Status.REQUESTED: "waiting",
    Status.APPROVED: "info",
    Status.PAID: "success",
    Status.REFUSED: "danger",
    Status.VOIDED: "neutral",
}
RECEIPT_TONES: dict[str, str] = {
    ReceiptStatus.SUBMITTED: "waiting",
    ReceiptStatus.ACCEPTED: "success",
    ReceiptStatus.PARTLY: "warning",
    ReceiptStatus.REFUSED: "danger",
    ReceiptStatus.REMOVED: "neutral",
}
PAYMENT_TABS = {
    "mine": _("Waits on me"),
    "approve": _("To approve"),
    "record": _("To record"),
    "paid": _("Paid"),
    "all": _("All"),
}
TAB_OF: dict[str, str] = {
    Status.REQUESTED: "approve",
    Status.APPROVED: "record",
    Status.REFUSED: "ended",
    Status.VOIDED: "ended",
}
UNPAID = frozenset(TAB_OF)
RECEIPT_TABS = {
    "decide": _("To decide"),
    "accepted": _("Accepted"),
    "refused": _("Cut or refused"),
    "all": _("All"),
}

PAYMENT_ORDERS: dict[str, tuple[Any, Any]] = {
    "requested": (F("requested_at"), datetime.fromisoformat),
    "amount": (F("amount_cents"), int),
    "payee": (F("payee_name"), str),
    "status": (F("status"), str),
}
RECEIPT_ORDER = Order("uploaded", F("uploaded_at"), datetime.fromisoformat)
RECEIPT_ORDER_BACK = Order("uploaded", F("uploaded_at"), datetime.fromisoformat, descending=True)

PAYMENT_COLUMNS = (
    "id", "number", "status", "amount_cents", "currency", "payee_name", "method", "purpose", "requested_at", "paid_on",
    "voucher_number", "award_id", "award__reference", "award__title", "requested_by__name", "requested_by__email",
)  # fmt: skip
RECEIPT_COLUMNS = (
    "id", "status", "vendor", "bought_on", "amount_cents", "accepted_cents", "what", "category", "uploaded_at", "award_id",
    "award__reference", "award__title", "award__starts_on", "award__ends_on", "possible_duplicate_of_id",
)  # fmt: skip


def with_award() -> Any:
    """Payments with all that their page names, of every status."""
    people = ("requested_by", "approved_by", "recorded_by", "ended_by")
    return Disbursement.objects.select_related("award", "award__cycle", *people)


def _before_deed(key: UUID) -> Any:
    rows = Disbursement.objects.select_related("award").only(
        "city_id", "award__city_id", "award__application_id"
    )
    return with_conflicts(rows.filter(pk=key), application="award__application_id")


_BEFORE_DEED = Prepared(_before_deed)


def before_deed(key: UUID) -> Disbursement | None:
    """Return a payment with what the rule of a deed asks, and nothing else: the deed reads the rest behind its locks.

    With the cycle and four people joined, to plan the statement took longer than the deed.
    """
    found: Disbursement | None = _BEFORE_DEED.first(key)
    return found


def receipts_with_award() -> Any:
    """Receipts that weren't taken back, with their award."""
    return receipts_of_every_status().exclude(status=ReceiptStatus.REMOVED)


def receipts_of_every_status() -> Any:
    """Receipts with their award, those that were taken back too: to take one back again is a success."""
    return Receipt.objects.select_related("award", "uploaded_by", "decided_by", "possible_duplicate_of")


def awards_with_cycle() -> Any:
    rows = Award.objects.select_related("cycle", "city", "applicant")
    return with_conflicts(rows, application="application_id")


def returns_with_award() -> Any:
    return Return.objects.select_related("award__cycle", "award__city", "award__applicant")


@dataclass(frozen=True, slots=True)
class Tally:
    """So many rows, and their sum in minor units."""

    count: int = 0
    cents: int = 0


def tally(rows: Any, conditions: Mapping[str, Q]) -> dict[str, Tally]:
    """Count the rows of each tab and sum their amounts, in one statement."""
    parts: dict[str, Any] = {}
    for name, condition in conditions.items():
        parts[f"{name}_n"] = Count("id", filter=condition)
        parts[f"{name}_cents"] = Coalesce(Sum("amount_cents", filter=condition), 0)
    found = rows.aggregate(**parts)
    return {name: Tally(found[f"{name}_n"], int(found[f"{name}_cents"])) for name in conditions}


def _flag(condition: Q) -> Any:
    return Case(When(condition, then=True), default=False, output_field=BooleanField())


@dataclass
class PaymentQueue:
    """One view of the payments, as an address describes it. Each part is read once, when it is asked for."""

    user: Any
    city: City
    query: Mapping[str, str]

    @cached_property
    def totals(self) -> list[tuple[str, str, str, int, int]]:
        """The kept totals of the city: web name and name of the call, method, count and cents."""
        rows = partial(totals_visible_to, self.user, self.city)
        return ask(("payment totals", self._is_visible), rows, {"person": self.user.pk})

    @property
    def _is_visible(self) -> bool:
        return can_see_payments(self.user, self.city)

    @cached_property
    def asked(self) -> Asked | None:
        """What tells the statements of this view apart; ``None`` for a search, which asks in too many ways."""
        wanted = {name: value for name, value in self.form.wanted.items() if name != "tab"}
        if "q" in wanted:
            return None
        seats = tuple(sorted(seats_of(self.user, self.city.pk)))
        reader = {"person": self.user.pk, "name": self.user.name, "email": self.user.email}
        return Asked((type(self), self._is_visible, seats, *wanted), {**wanted, **reader})

    @cached_property
    def form(self) -> PaymentFilter:
        """The filter, with the calls that have payments."""
        calls = {(slug, name) for slug, name, *_rest in self.totals}
        return PaymentFilter(self.query, cycles=sorted(calls, key=itemgetter(1)))

    @cached_property
    def tab(self) -> str:
        asked = self.query.get("tab", "")
        return asked if asked in PAYMENT_TABS else "mine"

    @cached_property
    def order(self) -> Order:
        text = self.query.get("sort", "")
        key = text.removeprefix("-")
        if key not in PAYMENT_ORDERS:
            return Order("requested", *PAYMENT_ORDERS["requested"], descending=self.tab in {"paid", "all"})
        return Order(key, *PAYMENT_ORDERS[key], descending=text.startswith("-"))

    @cached_property
    def filtered(self) -> Any:
        """What the filter leaves, whatever the tab."""
        wanted = self.asked.slots() if self.asked else self.form.wanted
        return disbursements_visible_to(self.user, self.city).filter(_payment_condition(wanted))

    @cached_property
    def conditions(self) -> dict[str, Q]:
        return {
            "mine": on_me(self.user, self.city),
            "approve": Q(status=Status.REQUESTED),
            "record": Q(status=Status.APPROVED),
            "paid": Q(status=Status.PAID),
            "all": Q(),
        }

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """Count what is open, which is little; of all payments the totals are kept. Only what is searched for is counted.

        What is paid is the rest of all; on its own tab alone, for which the refused and voided ones are counted too.
        """
        if "q" in self.form.wanted:
            return tally(self.filtered, self.conditions)
        found = {**self._unpaid(), "all": self._kept()}
        if self.tab == "paid":
            unpaid = [found.pop("ended"), found["approve"], found["record"]]
            found["paid"] = Tally(
                found["all"].count - sum(each.count for each in unpaid),
                found["all"].cents - sum(each.cents for each in unpaid),
            )
        return found

    def _unpaid(self) -> dict[str, Tally]:
        """Count what is under way, in one statement: by status, and whether it waits on the reader. On the tab of paid: what ended."""
        statuses = UNPAID if self.tab == "paid" else UNDER_WAY
        found = dict.fromkeys(["mine", *(TAB_OF[status] for status in statuses)], Tally())

        def grouped() -> Any:
            rows = self.filtered.filter(status__in=sorted(statuses)).order_by()
            groups = rows.values("status", waits=_flag(self.conditions["mine"]))
            return groups.annotate(n=Count("*"), sum=Sum("amount_cents"))

        part = "unpaid payments" if self.tab == "paid" else "open payments"
        for row in self.asked.ask(grouped, part) if self.asked else grouped():
            for tab in [TAB_OF[row["status"]], "mine"] if row["waits"] else [TAB_OF[row["status"]]]:
                found[tab] = Tally(found[tab].count + row["n"], found[tab].cents + int(row["sum"]))
        return found

    def _kept(self) -> Tally:
        """Sum the kept totals of the filter."""
        wanted = [self.form.wanted.get(name) for name in ("cycle", "method")]
        rows = [
            (count, cents)
            for call, _name, method, count, cents in self.totals
            if wanted[0] in {None, call} and wanted[1] in {None, method}
        ]
        return Tally(sum(count for count, _cents in rows), int(sum(cents for _count, cents in rows)))

    @property
    def total(self) -> Tally:
        return self.tallies[self.tab]

    @cached_property
    def page(self) -> Page:
        def rows() -> Any:
            # The city is said of the award too: only so does the planner know how many there are, and follow the index.
            found = self.filtered.filter(self.conditions[self.tab], award__city=self.city)
            return found.values(*PAYMENT_COLUMNS)

        after, before = self.query.get("after", ""), self.query.get("before", "")
        asked = self.asked and Asked((*self.asked.shape, self.tab), self.asked.values)
        return page_of(rows, self.order, after=after, before=before, asked=asked)

    @property
    def tabs(self) -> list[tuple[str, Any, int | None]]:
        """Each tab with its count, where that is known."""
        return [
            (name, word, self.tallies[name].count if name in self.tallies else None)
            for name, word in PAYMENT_TABS.items()
        ]

    @property
    def is_filtered(self) -> bool:
        return bool(set(self.form.wanted) - {"tab"})


def _payment_condition(wanted: Mapping[str, str]) -> Q:
    found = Q()
    if "method" in wanted:
        found &= Q(method=wanted["method"])
    if "cycle" in wanted:
        found &= Q(award__cycle__slug=wanted["cycle"])
    if "q" in wanted:
        words = wanted["q"].strip()
        found &= typed(words) | Q(award__title__icontains=words)
    return found


@dataclass
class ReceiptQueue:
    """One view of the receipts: those to decide first, the longest-waiting on top."""

    user: Any
    city: City
    query: Mapping[str, str]

    @cached_property
    def tab(self) -> str:
        asked = self.query.get("tab", "")
        return asked if asked in RECEIPT_TABS else "decide"

    @cached_property
    def rows(self) -> Any:
        return receipts_visible_to(self.user, self.city)

    @cached_property
    def conditions(self) -> dict[str, Q]:
        return {
            "decide": to_decide(self.user),
            "accepted": Q(status=ReceiptStatus.ACCEPTED),
            "refused": Q(status__in=[ReceiptStatus.PARTLY, ReceiptStatus.REFUSED]),
            "all": Q(),
        }

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        return tally(self.rows, self.conditions)

    @property
    def total(self) -> Tally:
        return self.tallies[self.tab]

    @property
    def tabs(self) -> list[tuple[str, Any, int]]:
        return [(name, word, self.tallies[name].count) for name, word in RECEIPT_TABS.items()]

    @property
    def order(self) -> Order:
        return RECEIPT_ORDER if self.tab == "decide" else RECEIPT_ORDER_BACK

    @cached_property
    def page(self) -> Page:
        rows = self.rows.filter(self.conditions[self.tab]).values(*RECEIPT_COLUMNS)
        return page_of(
            lambda: rows, self.order, after=self.query.get("after", ""), before=self.query.get("before", "")
        )

    def around(self, receipt: Receipt) -> tuple[UUID | None, UUID | None]:
        """Return the previous and the next receipt of this view."""
        rows = self.rows.filter(self.conditions[self.tab]).exclude(pk=receipt.pk)
        later = Q(uploaded_at__gt=receipt.uploaded_at) | Q(uploaded_at=receipt.uploaded_at, pk__gt=receipt.pk)
        sides = [
            rows.filter(~later).order_by("-uploaded_at", "-pk").values_list("pk", flat=True).first(),
            rows.filter(later).order_by("uploaded_at", "pk").values_list("pk", flat=True).first(),
        ]
        return (sides[0], sides[1]) if self.tab == "decide" else (sides[1], sides[0])

    def holds(self, key: UUID) -> bool:
        """Whether this view still has the receipt: it may have been decided or taken back meanwhile."""
        return bool(self.rows.filter(self.conditions[self.tab], pk=key).exists())

    @property
    def address(self) -> str:
        return f"?{urlencode({'tab': self.tab})}" if self.tab != "decide" else ""
