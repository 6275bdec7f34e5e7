"""Payments of all cities, one followed down, receipts' pictures, and exceptions. Each look leaves a row in the log."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from cities.access.rules import requires
from cities.audit.readings import record_list, record_opening
from cities.documents.queries import address_of
from cities.interface.formats import number
from cities.machines.bearer import takes_tokens
from cities.tenancy.errors import RuleError
from grants.applications.uploads import thumbnail_key
from grants.applications.views.files import serve_file
from grants.payments.models import Receipt
from grants.payments.queries import RECEIPT_TONES, TONES
from grants.payments.states import Method, Status
from grants.programs.permissions import can_see_center
from grants.programs.queries import center_row, cities_by_name

from .disbursements import DisbursementList, marks_of
from .documents import request_export
from .exceptions import ExceptionFilter
from .following import disbursements_everywhere, follow, receipts_everywhere

PAGES = "grants/oversight"


@require_safe
@requires(can_see_center)
def disbursement_list(request: HttpRequest) -> HttpResponse:
    """Every payment of every city that the address asks for, exceptions first."""
    found = DisbursementList(request.GET, timezone.now(), center_row())
    found.form.offer(cities_by_name())
    # Said once a page: to translate a word takes longer than to write a row.
    words = {str(value): str(word) for value, word in [*Status.choices, *Method.choices]}
    rows = [_line(row, words) for row in found.page.rows]
    context = {
        "found": found,
        "rows": rows,
        "form": found.form,
        "timezone": found.center.timezone,
        "as_of": found.sums.as_of,
        # Of the same figures, in the same language, under the same filter the same is drawn.
        "drawn_of": (found.sums.as_of, get_language(), _without_paging(request.GET)),
        "seconds": settings.CENTER_SUMS_SECONDS,
        "shown": _("%(rows)s of %(count)s") % {"rows": number(len(rows)), "count": number(found.sums.count)},
    }
    record_list(request.user, "center-disbursement-list", row_count=len(rows), asked=found.form.parameters)
    return render(request, f"{PAGES}/disbursement_list.html", context)


@require_safe
@requires(can_see_center)
def disbursement_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One payment, down to award, application, books, trail and receipts."""
    disbursement = disbursements_everywhere().filter(pk=pk).first()
    if disbursement is None:
        raise Http404
    center = center_row()
    found = follow(disbursement, timezone.now().astimezone(center.zone).date())
    context = {
        "found": found,
        "disbursement": disbursement,
        "award": disbursement.award,
        "place": disbursement.city,
        "currency": disbursement.currency,
        "timezone": disbursement.city.timezone,
        "tone": TONES[disbursement.status],
        "receipts": [(row, RECEIPT_TONES[row.status]) for row in found.receipts],
        "as_of": timezone.now(),
    }
    record_opening(
        request.user, "center-disbursement-detail", city_id=disbursement.city_id, subject=disbursement
    )
    return render(request, f"{PAGES}/disbursement_detail.html", context)


@takes_tokens
@require_GET
@requires(can_see_center)
def receipt_picture(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The picture of a receipt. Each opening is a row in the city's read log."""
    receipt = opened_receipt(request, pk)
    return serve_file(receipt.file.name or "", name=receipt.file_name, content_type=receipt.content_type)


@takes_tokens
@require_GET
@requires(can_see_center)
def receipt_picture_small(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Its small twin, for the page of a payment. That is an opening too."""
    receipt = opened_receipt(request, pk)
    if receipt.width is None:
        raise Http404
    key = thumbnail_key(receipt.file.name or "")
    return serve_file(key, name=receipt.file_name, content_type=receipt.content_type)


def opened_receipt(request: Any, key: UUID) -> Receipt:
    """Find a receipt of whichever city and write down that it was opened. Raises ``Http404``."""
    receipt: Receipt | None = receipts_everywhere().filter(pk=key).first()
    if receipt is None:
        raise Http404
    record_opening(request.user, "center-receipt-picture", city_id=receipt.city_id, subject=receipt)
    return receipt


@require_safe
@requires(can_see_center)
def exception_list(request: HttpRequest) -> HttpResponse:
    """Every kind of exception over all cities with its oldest rows, or all rows of one kind, page by page."""
    now, center, form = timezone.now(), center_row(), ExceptionFilter(request.GET)
    groups = form.read(now, center)
    row_count = sum(len(group.lines) for group in groups)
    record_list(request.user, "center-exception-list", row_count=row_count, asked=form.asked)
    context = {
        "groups": groups,
        "as_of": now,
        "timezone": center.timezone,
        "only": form.asked.get("kind", ""),
    }
    return render(request, f"{PAGES}/exception_list.html", context)


@require_POST
@requires(can_see_center)
def disbursement_export(request: HttpRequest) -> HttpResponse:
    """Ask for the whole filter as a file; the filter comes as the list's own address."""
    wanted = QueryDict(request.POST.get("filter", ""))
    try:
        document = request_export(request.POST.get("format", ""), wanted, actor=request.user)
    except RuleError as refusal:
        messages.error(request, str(refusal))
        return redirect("grants:center-disbursement-list")
    return redirect(address_of(document, request.user))


def _without_paging(asked: QueryDict) -> str:
    left = asked.copy()
    for name in ("after", "before"):
        left.pop(name, None)
    return left.urlencode()


def _line(row: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    return {
        **row,
        "reference": f"{row['award__reference']}/{row['number']}",
        "requested_on": row["requested_at"].astimezone(ZoneInfo(row["city__timezone"])).date(),
        "word": words[row["status"]],
        "tone": TONES[row["status"]],
        "method_word": words[row["method"]],
        "marks": marks_of(row),
        "proved_cents": row["amount_cents"] - row["unproved_cents"] if row["status"] == Status.PAID else None,
    }
