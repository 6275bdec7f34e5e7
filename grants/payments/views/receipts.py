"""The desk's receipts: the queue, and one receipt with its picture beside the decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.access.rules import requires
from cities.interface.formats import number
from grants.ledger.forms import MoneyForm
from grants.payments import seats
from grants.payments.actions import decide_receipt, undo_receipt_decision
from grants.payments.award_money import AwardMoney
from grants.payments.carrying import by_page
from grants.payments.forms import DecisionForm
from grants.payments.models import Receipt
from grants.payments.permissions import can_decide, can_see_payments, can_see_receipt, is_conflicted, person
from grants.payments.queries import RECEIPT_TONES, ReceiptQueue, receipts_with_award
from grants.payments.states import CAN_DECIDE_RECEIPT, CAN_UNDO_RECEIPT, ReceiptStatus

PAGES = "grants/payments"
PART, NONE = "part", "none"


@require_safe
@requires(can_see_payments)
def receipt_list(request: HttpRequest) -> HttpResponse:
    """What residents sent, the longest-waiting first."""
    queue = ReceiptQueue(request.user, request.city, request.GET)  # type: ignore[attr-defined]
    rows = [
        {
            **row,
            "word": ReceiptStatus(row["status"]).label,
            "tone": RECEIPT_TONES[row["status"]],
            "is_outside": _is_outside(row),
        }
        for row in queue.page.rows
    ]
    shown = _("%(rows)s of %(count)s") % {"rows": number(len(rows)), "count": number(queue.total.count)}
    return render(request, f"{PAGES}/receipt_list.html", {"queue": queue, "rows": rows, "shown": shown})


@require_safe
@requires(can_see_receipt, fetch=receipts_with_award)
def receipt_detail(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """One receipt: the picture beside the split, and the way to the next one."""
    return _detail(request, receipt)


@require_POST
@requires(can_decide, fetch=receipts_with_award)
def receipt_decide(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """Accept it in whole, in part or not at all, then go on to the next one."""
    form = DecisionForm(request.POST, currency=receipt.award.city.currency)
    done = by_page(
        request,
        "receipt:decide",
        form,
        lambda: decide_receipt(receipt.pk, actor=person(request), **_said(form)),
    )
    if not done:
        fresh = receipts_with_award().filter(pk=receipt.pk).first() or receipt
        return _detail(request, fresh, typed=form, status=form.refused)  # type: ignore[attr-defined]
    words = {"vendor": receipt.vendor, "status": ReceiptStatus(done["status"]).label.lower()}
    messages.success(request, _("%(vendor)s: %(status)s. The grantee is told.") % words)
    following = _following(request)
    if following:
        return redirect(_address(request, following))
    return redirect("grants:receipt-list", city=request.city.slug)  # type: ignore[attr-defined]


@require_POST
@requires(can_decide, fetch=receipts_with_award)
def receipt_undo(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """Take a decision back."""
    form = MoneyForm(request.POST)
    done = by_page(
        request, "receipt:undo", form, lambda: undo_receipt_decision(receipt.pk, actor=person(request))
    )
    if not done:
        fresh = receipts_with_award().filter(pk=receipt.pk).first() or receipt
        return _detail(request, fresh, undo=form, status=form.refused)  # type: ignore[attr-defined]
    messages.success(request, _("The decision is taken back and the grantee told. The receipt waits again."))
    return redirect(_address(request, receipt.pk))


def _detail(
    request: HttpRequest,
    receipt: Receipt,
    *,
    typed: DecisionForm | None = None,
    undo: MoneyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    queue = ReceiptQueue(request.user, request.city, request.GET)  # type: ignore[attr-defined]
    previous, following = queue.around(receipt)
    award = receipt.award
    why_not = (
        seats.why_not_decide(receipt, request.user)
        if can_decide(request.user, receipt)
        else _("You only read receipts here.")
    )
    twin = receipt.possible_duplicate_of
    if twin and twin.is_slip:  # taken back while this one was being sent
        twin = None
    context = {
        "receipt": receipt,
        "award": award,
        "money": AwardMoney(award),
        "tone": RECEIPT_TONES[receipt.status],
        "queue": queue,
        "previous": previous,
        "following": following,
        "list_url": reverse("grants:receipt-list", args=[queue.city.slug]) + queue.address,
        "twin": twin if twin and not is_conflicted(request.user, twin.award) else None,
        "has_twin": twin is not None,
        "why_not": why_not,
        "may_decide": receipt.status in CAN_DECIDE_RECEIPT and not why_not,
        "may_undo": receipt.status in CAN_UNDO_RECEIPT and not why_not,
        "typed_reason": typed.data.get("reason", "").strip() if typed else "",
        "undo": undo or MoneyForm(auto_id="undo_%s"),
        **_forms(receipt, typed),
    }
    return render(request, f"{PAGES}/receipt_detail.html", context, status=status)


def _forms(receipt: Receipt, typed: DecisionForm | None) -> dict[str, Any]:
    """Return the three ways to decide as forms; what was typed and refused stands in the one it came from."""
    currency, total = receipt.award.city.currency, receipt.amount_cents
    forms: dict[str, Any] = {
        "whole": DecisionForm(auto_id="whole_%s", currency=currency, initial={"accepted_cents": total}),
        PART: DecisionForm(auto_id="part_%s", currency=currency),
        NONE: DecisionForm(auto_id="none_%s", currency=currency, initial={"accepted_cents": 0}),
        "refused_in": "",
    }
    if typed is not None:
        name = typed.data.get("way", "")
        name = name if name in {PART, NONE} else "whole"
        typed.auto_id = f"{name}_%s"
        forms[name], forms["refused_in"] = typed, name
    return forms


def _said(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "key"}


def _is_outside(row: dict[str, Any]) -> bool:
    starts, ends = row["award__starts_on"], row["award__ends_on"]
    return bool((starts and row["bought_on"] < starts) or (ends and row["bought_on"] > ends))


def _address(request: HttpRequest, key: UUID) -> str:
    path = reverse("grants:receipt-detail", args=[request.city.slug, key])  # type: ignore[attr-defined]
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def _following(request: HttpRequest) -> UUID | None:
    """Return the receipt that the page called the next one, if it is still in the queue."""
    try:
        key = UUID(request.POST.get("then", ""))
    except ValueError:
        return None
    queue = ReceiptQueue(request.user, request.city, request.GET)  # type: ignore[attr-defined]
    return key if queue.holds(key) else None
