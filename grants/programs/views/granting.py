"""The Center's program grants: list, page, and what an officer grants and sends."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.rules import requires
from cities.audit.readings import record_list, record_opening
from cities.interface.formats import money
from cities.tenancy.errors import RuleError
from grants.ledger.once import Answer, Call, once
from grants.programs.actions import grant_program, send_tranche
from grants.programs.giving import Giving
from grants.programs.grant_forms import GrantForm, TrancheForm
from grants.programs.notices import keepers_of_money
from grants.programs.permissions import can_run_program, can_see_center
from grants.programs.queries import Funding, center_row, fundings_given

PAGES = "grants/programs"


@require_safe
@requires(can_see_center)
def grant_list(request: HttpRequest) -> HttpResponse:
    """All program grants with what the cities answered, and totals per currency."""
    giving = Giving(request.GET)
    context = {
        "giving": giving,
        "form": giving.form,
        "timezone": center_row().timezone,
        "as_of": timezone.now(),
        "may_change": can_run_program(request.user, None),
    }
    record_list(
        request.user,
        "center-grant-list",
        row_count=sum(total.count for total in giving.totals),
        asked=giving.form.wanted,
    )
    return render(request, f"{PAGES}/grant_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def grant_create(request: HttpRequest) -> HttpResponse:
    """Grant money to a city; its finance and managers are told."""
    form = GrantForm(request.POST or None, initial={"city": request.GET.get("city")})

    def deed() -> Answer:
        return {"id": str(grant_program(actor=request.user, **form.facts).pk)}  # type: ignore[arg-type]

    if done := _once(request, "grant:create", form, deed):
        messages.success(
            request, _("The program grant is made. %(told)s") % {"told": _told(form.facts["recipient_id"])}
        )
        return redirect("grants:center-grant-detail", pk=done["id"])
    return render(request, f"{PAGES}/grant_create.html", {"form": form}, status=_status(form))


@require_safe
@requires(can_see_center)
def grant_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One program grant, what was sent of it, and what the city confirmed."""
    funding = _funding(pk)
    record_opening(
        request.user, "center-grant-detail", city_id=funding.grant.recipient_id, subject=funding.grant
    )
    return _detail(request, funding)


@require_POST
@requires(can_run_program)
def tranche_send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a tranche; a refusal comes back on the grant's page."""
    funding = _funding(pk)
    form = TrancheForm(request.POST, currency=funding.grant.currency)

    def deed() -> Answer:
        names = ("amount_cents", "sent_on", "bank_reference")
        facts = {name: form.cleaned_data[name] for name in names}
        return {"id": str(send_tranche(pk, actor=request.user, **facts).pk)}  # type: ignore[arg-type]

    if _once(request, "tranche:send", form, deed):
        amount = money(form.cleaned_data["amount_cents"], funding.grant.currency)
        told = _told(funding.grant.recipient_id)
        messages.success(
            request, _("%(amount)s is recorded as sent. %(told)s") % {"amount": amount, "told": told}
        )
        return redirect("grants:center-grant-detail", pk=pk)
    return _detail(request, funding, sending=form)


def _once(request: HttpRequest, tag: str, form: Any, deed: Callable[[], Answer]) -> Answer | None:
    """Carry a money call out once; a refusal becomes the form's error."""
    if not form.is_valid():
        return None
    try:
        return once(Call.of_page(request, tag, form), deed, wait=True)
    except RuleError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def _told(city_id: UUID) -> str:
    """Say whether anybody in the city got a letter."""
    if keepers_of_money(city_id):
        return _("The city is told.")
    return _("Nobody there is manager or finance yet, so nobody is told: invite somebody on the city’s page.")


def _funding(pk: UUID) -> Funding:
    found = fundings_given(pk=pk)
    if not found:
        raise Http404
    return found[0]


def _detail(request: HttpRequest, funding: Funding, *, sending: TrancheForm | None = None) -> HttpResponse:
    center, currency = center_row(), funding.grant.currency
    first = {
        "sent_on": timezone.localdate(timezone=center.zone),
        "amount_cents": funding.unsent_cents or None,
    }
    context = {
        "funding": funding,
        "grant": funding.grant,
        "currency": currency,
        "timezone": center.timezone,
        "may_change": can_run_program(request.user, None),
        "sending": sending or TrancheForm(initial=first, currency=currency),
        "form": sending,
    }
    return render(request, f"{PAGES}/grant_detail.html", context, status=_status(sending))


def _status(form: Any) -> int:
    return 422 if form is not None and form.errors else 200
