"""The desk's payments: the queue, one payment with its three seats, and what is done to it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.rules import fetch_or_404, requires
from cities.audit import trail
from cities.audit.sentences import sentence
from cities.interface.formats import number
from grants.awards.models import Award
from grants.ledger.forms import MoneyForm
from grants.payments import seats
from grants.payments.actions import (
    approve_disbursement,
    record_payment,
    refuse_disbursement,
    request_disbursement,
    void_disbursement,
)
from grants.payments.award_money import AwardMoney
from grants.payments.carrying import by_page
from grants.payments.choosing import AwardChoice
from grants.payments.forms import ReasonForm, RecordForm, RequestForm, VoidForm
from grants.payments.models import Disbursement
from grants.payments.permissions import (
    can_approve,
    can_record,
    can_refuse,
    can_request,
    can_request_here,
    can_see_disbursement,
    can_see_payments,
    can_void,
    person,
)
from grants.payments.queries import TONES, PaymentQueue, awards_with_cycle, with_award
from grants.payments.states import Method, Status, VoidCause
from grants.payments.table import seats_at

PAGES = "grants/payments"


@require_safe
@requires(can_see_payments)
def payment_list(request: HttpRequest) -> HttpResponse:
    """The queue. Everything that shapes it stands in the address, so a view can be shared."""
    queue = PaymentQueue(request.user, request.city, request.GET)  # type: ignore[attr-defined]
    # Said once a page: to translate a word takes longer than to write a row.
    words = {str(value): str(word) for value, word in [*Status.choices, *Method.choices]}
    rows = [
        {
            **row,
            "word": words[row["status"]],
            "tone": TONES[row["status"]],
            "method_word": words[row["method"]],
            "requester": row["requested_by__name"] or row["requested_by__email"],
        }
        for row in queue.page.rows
    ]
    context = {
        "queue": queue,
        "rows": rows,
        "form": queue.form,
        "shown": _("%(rows)s of %(count)s") % {"rows": number(len(rows)), "count": number(queue.total.count)},
        "clear_url": f"?tab={queue.tab}",
        "may_request": can_request_here(request.user, queue.city),
    }
    return render(request, f"{PAGES}/payment_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_request_here)
def payment_create(request: HttpRequest) -> HttpResponse:
    """Request a payment on the award that the address names; without one, choose an award first."""
    if "award" not in request.GET:
        choice = AwardChoice(request.user, request.GET)
        context = {"choice": choice, "clear_url": f"?tab={choice.tab}"}
        return render(request, f"{PAGES}/payment_choose.html", context)
    award = _award(request)
    initial = {"payee_name": award.payee_name, "amount_cents": AwardMoney(award).room_cents or None}
    form = RequestForm(request.POST or None, currency=award.city.currency, initial=initial)
    if request.method == "POST":
        done = by_page(
            request,
            "payment:request",
            form,
            lambda: request_disbursement(award.pk, actor=person(request), **_said(form)),
        )
        if done:
            messages.success(request, _("The payment is requested. Somebody else has to approve it."))
            return redirect("grants:payment-detail", city=request.city.slug, pk=done["id"])  # type: ignore[attr-defined]
    context = {
        "award": award,
        "money": AwardMoney(award),
        "form": form,
        "why_not": seats.why_not_request(award, request.user),
    }
    return render(request, f"{PAGES}/payment_create.html", context, status=getattr(form, "refused", 200))


@require_safe
@requires(can_see_disbursement, fetch=with_award)
def payment_detail(request: HttpRequest, disbursement: Disbursement) -> HttpResponse:
    """One payment: three seats as steps, and the form of the step that the reader may take."""
    return _detail(request, disbursement)


@require_POST
@requires(can_approve, fetch=with_award)
def payment_approve(request: HttpRequest, disbursement: Disbursement) -> HttpResponse:
    """Approve it, as the second person."""
    form = MoneyForm(request.POST)
    done = by_page(
        request, "payment:approve", form, lambda: approve_disbursement(disbursement.pk, actor=person(request))
    )
    return _after(
        request,
        disbursement,
        done,
        _("Approved. A third person records it once the money is out."),
        approval=form,
    )


@require_POST
@requires(can_refuse, fetch=with_award)
def payment_refuse(request: HttpRequest, disbursement: Disbursement) -> HttpResponse:
    """Refuse it, with a reason."""
    form = ReasonForm(request.POST)
    done = by_page(
        request,
        "payment:refuse",
        form,
        lambda: refuse_disbursement(
            disbursement.pk, actor=person(request), reason=form.cleaned_data["reason"]
        ),
    )
    return _after(request, disbursement, done, _("Refused. Its money is free again."), refusal=form)


@require_POST
@requires(can_record, fetch=with_award)
def payment_record(request: HttpRequest, disbursement: Disbursement) -> HttpResponse:
    """Record that the money went out, as the third person."""
    form = RecordForm(request.POST)
    done = by_page(
        request,
        "payment:record",
        form,
        lambda: record_payment(disbursement.pk, actor=person(request), **_said(form)),
    )
    return _after(request, disbursement, done, _("Recorded as paid. The grantee is told."), record=form)


@require_POST
@requires(can_void, fetch=with_award)
def payment_void(request: HttpRequest, disbursement: Disbursement) -> HttpResponse:
    """Take the record of a payment back."""
    form = VoidForm(request.POST)
    done = by_page(
        request,
        "payment:void",
        form,
        lambda: void_disbursement(disbursement.pk, actor=person(request), **_said(form)),
    )
    return _after(
        request,
        disbursement,
        done,
        _("Voided. Its money is free again, and the grantee is told."),
        voiding=form,
    )


def _said(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "key"}


def _award(request: HttpRequest) -> Award:
    try:
        key = UUID(request.GET["award"])
    except ValueError:
        raise Http404 from None
    award: Award = fetch_or_404(awards_with_cycle, key)
    if not can_request(request.user, award):
        raise PermissionDenied
    return award


def _after(
    request: HttpRequest, disbursement: Disbursement, done: Any, words: str, **forms: Any
) -> HttpResponse:
    """Go on after a deed, or show the page again with what was refused."""
    if done:
        messages.success(request, words)
        return redirect("grants:payment-detail", city=request.city.slug, pk=disbursement.pk)  # type: ignore[attr-defined]
    fresh = with_award().get(pk=disbursement.pk)
    return _detail(request, fresh, status=next(iter(forms.values())).refused, **forms)


def _detail(
    request: HttpRequest, disbursement: Disbursement, *, status: int = 200, **forms: Any
) -> HttpResponse:
    award, user = disbursement.award, request.user
    steps, events = seats_at(disbursement, user), list(trail.history(disbursement))
    context = {
        "disbursement": disbursement,
        "award": award,
        "tone": TONES[disbursement.status],
        "steps": steps,
        "money": AwardMoney(award),
        "may_approve": disbursement.status == Status.REQUESTED and steps[1].may,
        "may_record": disbursement.status == Status.APPROVED and steps[2].may,
        "may_refuse": can_refuse(user, disbursement) and not seats.why_not_refuse(disbursement, user),
        "may_void": can_void(user, disbursement) and not seats.why_not_void(disbursement, user),
        "approval": MoneyForm(auto_id="approve_%s"),
        "refusal": ReasonForm(auto_id="refuse_%s"),
        "record": RecordForm(auto_id="record_%s"),
        "voiding": VoidForm(auto_id="void_%s"),
        "history": [
            (
                event,
                sentence(
                    event.tag,
                    str(event.actor or event.actor_name),
                    event.data,
                    currency=disbursement.currency,
                ),
            )
            for event in events
        ],
        "is_misrecorded": any(event.data.get("cause") == VoidCause.WRONG_RECORD for event in events),
        "list_url": reverse("grants:payment-list", args=[request.city.slug]),  # type: ignore[attr-defined]
        **forms,
    }
    return render(request, f"{PAGES}/payment_detail.html", context, status=status)
