"""Pages about the city's money: the overview, a call's money, the books, and what finance and managers do there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.rules import requires
from cities.interface.formats import money
from cities.tenancy.errors import RuleError
from grants.cycles.models import Cycle
from grants.cycles.views import city_of
from grants.ledger.once import Answer, Call, once
from grants.programs.actions import accept_grant, confirm_tranche
from grants.programs.models import ProgramGrant, Tranche

from .actions import allocate, deallocate
from .books import Books
from .forms import AcceptForm, AmountForm, ConfirmForm
from .overview import city_money
from .permissions import (
    can_accept_grant,
    can_allocate,
    can_confirm_tranche,
    can_fund_cycle,
    can_keep_money,
    can_see_cycle_money,
    can_see_money,
)
from .queries import standings, unallocated_cents

PAGES = "grants/cycles/funding"
LATEST = 10


def grants_received() -> Any:
    return ProgramGrant.received.select_related("recipient")


def tranches_received() -> Any:
    return Tranche.received.select_related("recipient", "program_grant")


@require_safe
@requires(can_see_money)
def money_overview(request: HttpRequest) -> HttpResponse:
    """Program grants, money not allocated, calls, and the latest entries."""
    city = city_of(request)
    context = {
        "money": city_money(),
        "latest": Books(city, {}, reader=request.user, size=LATEST).page,
        "today": timezone.localdate(timezone=city.zone),
        "may_keep": can_keep_money(request.user, city),
        "may_allocate": can_allocate(request.user, city),
    }
    return render(request, f"{PAGES}/overview.html", context)


@require_safe
@requires(can_see_money)
def entry_list(request: HttpRequest) -> HttpResponse:
    """The books: who moved how much from where to where, and why."""
    books = Books(city_of(request), request.GET, reader=request.user)
    return render(request, f"{PAGES}/entries.html", {"books": books, "form": books.form})


@require_http_methods(["GET", "POST"])
@requires(can_accept_grant, fetch=grants_received)
def grant_accept(request: HttpRequest, grant: ProgramGrant) -> HttpResponse:
    """Say what accepting means, then accept."""
    form = AcceptForm(request.POST or None)

    def deed() -> Answer:
        return {"id": str(accept_grant(grant.pk, actor=request.user).pk)}  # type: ignore[arg-type]

    if _done(request, "grant:accept", form, deed):
        messages.success(request, _("%(reference)s is accepted.") % {"reference": grant.reference})
        return redirect("grants:money-overview", city=city_of(request).slug)
    context = {"grant": grant, "form": form}
    return render(request, f"{PAGES}/grant_accept.html", context, status=_status(form))


@require_http_methods(["GET", "POST"])
@requires(can_confirm_tranche, fetch=tranches_received)
def tranche_confirm(request: HttpRequest, tranche: Tranche) -> HttpResponse:
    """Say that money of the Center arrived."""
    city = city_of(request)
    today = timezone.localdate(timezone=city.zone)
    form = ConfirmForm(request.POST or None, initial={"received_on": today})

    def deed() -> Answer:
        found = {name: form.cleaned_data[name] for name in ("received_on", "bank_reference")}
        return {"id": str(confirm_tranche(tranche.pk, actor=request.user, **found).pk)}  # type: ignore[arg-type]

    if _done(request, "tranche:confirm", form, deed):
        said = _("%(amount)s is confirmed. A manager can allocate it now.")
        messages.success(request, said % {"amount": money(tranche.amount_cents, tranche.currency)})
        return redirect("grants:money-overview", city=city.slug)
    context = {"tranche": tranche, "grant": tranche.program_grant, "form": form}
    return render(request, f"{PAGES}/tranche_confirm.html", context, status=_status(form))


@require_safe
@requires(can_see_cycle_money, fetch=Cycle)
def cycle_money(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Where one call's money stands, and the entries that brought it there."""
    return _cycle(request, cycle)


@require_POST
@requires(can_fund_cycle, fetch=Cycle)
def cycle_allocate(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Allocate received money; a refusal comes back on the call's money page."""
    form = AmountForm(request.POST, currency=city_of(request).currency, auto_id="id_allocate_%s")
    if _moved(request, "cycle:allocate", form, cycle, allocate):
        return _told(request, _("%(amount)s is allocated to “%(name)s”."), form, cycle)
    return _cycle(request, cycle, allocating=form)


@require_POST
@requires(can_fund_cycle, fetch=Cycle)
def cycle_deallocate(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Take money back that is not awarded; a refusal comes back on the call's money page."""
    form = AmountForm(request.POST, currency=city_of(request).currency, auto_id="id_back_%s")
    if _moved(request, "cycle:deallocate", form, cycle, deallocate):
        return _told(request, _("%(amount)s is taken back from “%(name)s”."), form, cycle)
    return _cycle(request, cycle, taking_back=form)


def _moved(request: HttpRequest, tag: str, form: AmountForm, cycle: Cycle, move: Any) -> bool:
    def deed() -> Answer:
        entry = move(cycle.pk, amount_cents=form.cleaned_data["amount_cents"], actor=request.user)
        return {"entry": str(entry.pk)}

    return _done(request, tag, form, deed)


def _done(request: HttpRequest, tag: str, form: Any, deed: Callable[[], Answer]) -> bool:
    """Carry a money call out once; a refusal becomes the form's error."""
    if not form.is_valid():
        return False
    try:
        once(Call.of_page(request, tag, form), deed, wait=True)
    except RuleError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    return True


def _cycle(
    request: HttpRequest,
    cycle: Cycle,
    *,
    allocating: AmountForm | None = None,
    taking_back: AmountForm | None = None,
) -> HttpResponse:
    city = city_of(request)
    held, standing = unallocated_cents(), standings([cycle])[cycle.pk]
    first = {"amount_cents": min(held, standing.unfunded_cents) or None}
    context = {
        "cycle": cycle,
        "standing": standing,
        "held_cents": held,
        "books": Books(city, {"cycle": str(cycle.pk)}, reader=request.user, size=LATEST),
        "may_allocate": can_fund_cycle(request.user, cycle),
        "allocating": allocating
        or AmountForm(initial=first, currency=city.currency, auto_id="id_allocate_%s"),
        "taking_back": taking_back or AmountForm(currency=city.currency, auto_id="id_back_%s"),
        "form": allocating or taking_back,
    }
    return render(request, f"{PAGES}/cycle.html", context, status=_status(context["form"]))


def _told(request: HttpRequest, sentence: str, form: AmountForm, cycle: Cycle) -> HttpResponse:
    city = city_of(request)
    amount = money(form.cleaned_data["amount_cents"], city.currency)
    messages.success(request, sentence % {"amount": amount, "name": cycle.name})
    return redirect("grants:money-cycle", city=city.slug, pk=cycle.pk)


def _status(form: Any) -> int:
    return 422 if form is not None and form.errors else 200
