"""One award's money at the desk: what came of it, money that came back, and its end."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.rules import requires
from grants.awards.models import Award
from grants.awards.states import CAN_REOPEN
from grants.ledger.forms import MoneyForm
from grants.payments import seats
from grants.payments.actions import complete_award, record_return, reopen_award, undo_return
from grants.payments.actions.closing import why_not_settled
from grants.payments.award_money import AwardMoney
from grants.payments.carrying import by_page
from grants.payments.forms import ReturnForm, UndoForm
from grants.payments.models import Return
from grants.payments.permissions import (
    can_add_receipt,
    can_complete,
    can_record_return,
    can_request,
    can_see_award_money,
    can_undo_return,
    person,
)
from grants.payments.queries import RECEIPT_TONES, TONES, awards_with_cycle, returns_with_award

PAGES = "grants/payments"


@require_safe
@requires(can_see_award_money, fetch=awards_with_cycle)
def payment_award(request: HttpRequest, award: Award) -> HttpResponse:
    """All money of one award, with what may be done next."""
    money, user = AwardMoney(award), request.user
    closed = seats.why_not_settle(award, user)
    returns = can_record_return(user, award) and not closed
    why_not_return = seats.why_not_return(award, user, money.disbursements) if returns else ""
    context = {
        "award": award,
        "money": money,
        "payments": [(row, TONES[row.status]) for row in money.disbursements],
        "receipts": [(row, RECEIPT_TONES[row.status]) for row in money.receipts],
        "may_add": money.is_open and can_add_receipt(user, award),
        "may_request": can_request(user, award)
        and not seats.why_not_request(award, user)
        and money.room_cents,
        "may_return": returns and not why_not_return and money.left_to_prove_cents,
        "may_undo_return": returns and not why_not_return,
        "why_not_return": why_not_return if money.left_to_prove_cents or money.returns else "",
        "may_complete": can_complete(user, award) and not closed,
        "may_reopen": award.status in CAN_REOPEN
        and can_complete(user, award)
        and not seats.why_not_reopen(award, user),
        "unsettled": why_not_settled(award, award.paid_cents, award.proved_cents) if money.is_open else "",
    }
    return render(request, f"{PAGES}/payment_award.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_record_return, fetch=awards_with_cycle)
def payment_return(request: HttpRequest, award: Award) -> HttpResponse:
    """Record money that the grantee gave back."""
    form = ReturnForm(request.POST or None, currency=award.city.currency)
    if request.method == "POST":
        done = by_page(
            request,
            "award:return",
            form,
            lambda: record_return(award.pk, actor=person(request), **_said(form)),
        )
        if done:
            messages.success(
                request, _("Recorded. The money is available to the call again, and the grantee is told.")
            )
            return _back(request, award)
    context = {"award": award, "money": AwardMoney(award), "form": form}
    return render(request, f"{PAGES}/payment_return.html", context, status=getattr(form, "refused", 200))


@require_http_methods(["GET", "POST"])
@requires(can_undo_return, fetch=returns_with_award)
def payment_return_undo(request: HttpRequest, row: Return) -> HttpResponse:
    """Take the record of a return back."""
    form = UndoForm(request.POST or None)
    if request.method == "POST":
        done = by_page(
            request,
            "return:undo",
            form,
            lambda: undo_return(row.pk, actor=person(request), **_said(form)),
        )
        if done:
            messages.success(request, _("Undone. The money is out again, and the grantee is told."))
            return _back(request, row.award)
    context = {"award": row.award, "row": row, "form": form}
    return render(request, f"{PAGES}/payment_return_undo.html", context, status=getattr(form, "refused", 200))


@require_http_methods(["GET", "POST"])
@requires(can_complete, fetch=awards_with_cycle)
def payment_complete(request: HttpRequest, award: Award) -> HttpResponse:
    """Say what will happen, then end the award."""
    form = MoneyForm(request.POST or None)
    if request.method == "POST":
        done = by_page(
            request, "award:complete", form, lambda: complete_award(award.pk, actor=person(request))
        )
        if done:
            messages.success(request, _("The award is completed. The grantee is told."))
            return _back(request, award)
    context = {
        "award": award,
        "money": AwardMoney(award),
        "form": form,
        "unsettled": why_not_settled(award, award.paid_cents, award.proved_cents),
    }
    return render(request, f"{PAGES}/payment_complete.html", context, status=getattr(form, "refused", 200))


@require_http_methods(["GET", "POST"])
@requires(can_complete, fetch=awards_with_cycle)
def payment_reopen(request: HttpRequest, award: Award) -> HttpResponse:
    """Say why, then open a completed award again."""
    form = UndoForm(request.POST or None)
    if request.method == "POST":
        done = by_page(
            request,
            "award:reopen",
            form,
            lambda: reopen_award(award.pk, actor=person(request), **_said(form)),
        )
        if done:
            messages.success(request, _("The award is open again. The grantee is told."))
            return _back(request, award)
    context = {"award": award, "form": form, "is_completed": award.status in CAN_REOPEN}
    return render(request, f"{PAGES}/payment_reopen.html", context, status=getattr(form, "refused", 200))


def _said(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "key"}


def _back(request: HttpRequest, award: Award) -> HttpResponse:
    return redirect("grants:payment-award", city=request.city.slug, pk=award.pk)  # type: ignore[attr-defined]
