"""The grantee's pages: what was paid, what is left to spend and to prove, and the receipts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from cities.access.rules import is_signed_in, requires
from cities.machines.bearer import takes_tokens
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import city_scope
from grants.applications.errors import FileRefusedError
from grants.applications.uploads import thumbnail_key
from grants.applications.views.files import serve_file
from grants.awards.models import Award
from grants.payments.actions import NewReceipt, remove_receipt
from grants.payments.actions.receipts import require_open
from grants.payments.award_money import AwardMoney, budget_lines
from grants.payments.forms import ReceiptForm
from grants.payments.models import Receipt
from grants.payments.permissions import can_add_receipt, can_remove, can_see_money, can_see_picture, person
from grants.payments.queries import (
    RECEIPT_TONES,
    awards_with_cycle,
    receipts_of_every_status,
    receipts_with_award,
)
from grants.payments.states import CAN_REMOVE_RECEIPT, Status
from grants.payments.uploading import award_for_receipt, receive_receipt

PAGES = "grants/payments"


@require_safe
@requires(can_see_money, fetch=awards_with_cycle)
def award_money(request: HttpRequest, award: Award) -> HttpResponse:
    """Where a grant's money stands, in big numbers, and what happens next."""
    money = AwardMoney(award)
    context = {
        "award": award,
        "money": money,
        "paid": [row for row in money.disbursements if row.status == Status.PAID],
        "coming": money.coming,
        "receipts": [
            (
                row,
                RECEIPT_TONES[row.status],
                row.status in CAN_REMOVE_RECEIPT and can_remove(request.user, row),
            )
            for row in money.receipts
        ],
        "may_add": money.is_open and can_add_receipt(request.user, award),
    }
    return render(request, f"{PAGES}/award_money.html", context)


@in_steps
@require_http_methods(["GET", "POST"])
@requires(is_signed_in)
def receipt_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a receipt: picture, shop, day and total. Works with a phone's camera and without scripts."""
    city: Any = request.city  # type: ignore[attr-defined]
    with city_scope(city):
        award = award_for_receipt(pk, person(request))
        closed = _closed(award)
        lines = budget_lines(award)
    form = ReceiptForm(request.POST or None, request.FILES or None, currency=city.currency, categories=lines)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            receive_receipt(
                city,
                pk,
                _said(form),
                _file(form),
                key=form.cleaned_data["key"],
                actor=person(request),
                is_page=True,
            )
        except RuleError as refusal:
            status = refusal.status
            form.add_error(_input(form, refusal), str(refusal))
        else:
            messages.success(request, _("Thank you. Your receipt is with the city now."))
            return redirect(_next_page(request, pk))
    status = status if status != 200 or not form.errors else 422  # noqa: PLR2004
    with city_scope(city):
        context = {"award": award, "form": form, "closed": closed}
        return render(request, f"{PAGES}/receipt_create.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(can_remove, fetch=receipts_of_every_status)
def receipt_remove(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """Say what will happen, then take a receipt back that isn't accepted."""
    back, refused = reverse("grants:award-money", args=[request.city.slug, receipt.award_id]), ""  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            remove_receipt(receipt.pk, actor=person(request))
        except RuleError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("The receipt is taken back."))
            return redirect(back)
    context = {"receipt": receipt, "back_url": back, "refused": refused}
    return render(request, f"{PAGES}/receipt_remove.html", context, status=409 if refused else 200)


@takes_tokens
@require_GET
@requires(can_see_picture, fetch=receipts_with_award)
def receipt_read(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """The picture or paper itself."""
    return serve_file(receipt.file.name or "", name=receipt.file_name, content_type=receipt.content_type)


@takes_tokens
@require_GET
@requires(can_see_picture, fetch=receipts_with_award)
def receipt_small(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    """A photo's small twin, for lists."""
    if receipt.width is None:
        raise Http404
    return serve_file(
        thumbnail_key(receipt.file.name or ""), name=receipt.file_name, content_type=receipt.content_type
    )


def _closed(award: Award) -> str:
    try:
        require_open(award)
    except RuleError as refusal:
        return str(refusal)
    return ""


def _said(form: ReceiptForm) -> NewReceipt:
    said = form.cleaned_data
    return NewReceipt(
        said["vendor"],
        said["bought_on"],
        said["amount_cents"],
        said.get("what", ""),
        said.get("category", ""),
    )


def _file(form: ReceiptForm) -> Any:
    return form.cleaned_data.get("photo") or form.cleaned_data.get("file")


def _input(form: ReceiptForm, refusal: RuleError) -> str | None:
    """Return the input that a refusal belongs to: a file that isn't taken, to the button it came by."""
    if isinstance(refusal, FileRefusedError):
        return "photo" if form.cleaned_data.get("photo") else "file"
    return refusal.field if refusal.field in form.fields else None


def _next_page(request: HttpRequest, award_id: UUID) -> str:
    """Go back to the grant, or straight to the next receipt."""
    route = "grants:receipt-create" if request.POST.get("then") == "another" else "grants:award-money"
    return reverse(route, args=[request.city.slug, award_id])  # type: ignore[attr-defined]
