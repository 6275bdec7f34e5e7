"""Confirmation pages: publish, take back, archive; and copying a call."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.cycles.actions import archive_cycle, clone_cycle, publish_cycle, withdraw_publication
from grants.cycles.actions.publishing import applied_with, still_waiting
from grants.cycles.forms import CopyForm
from grants.cycles.models import Cycle
from grants.cycles.permissions import can_manage_cycle
from grants.cycles.readiness import gaps, inventions

from . import city_of

SETUP = "grants/cycles/setup/"


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_publish(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Say what publishing will do, then do it."""
    now = timezone.now()
    form = applied_with(cycle)
    context = {
        "gaps": gaps(cycle, form, now),
        "invented": inventions(cycle),
        "questions": len(form.form.questions) if form else 0,
        "opens_now": bool(cycle.opens_at and cycle.opens_at <= now),
    }
    return _confirmed(request, cycle, publish_cycle, "publish", done=_("The call is published."), **context)


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_withdraw(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    return _confirmed(
        request,
        cycle,
        withdraw_publication,
        "withdraw",
        done=_("The call is a draft again."),
        applications=cycle.applications.count(),
    )


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_archive(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    return _confirmed(
        request,
        cycle,
        archive_cycle,
        "archive",
        done=_("The call is archived."),
        applications=cycle.applications.count(),
        refusal=still_waiting(cycle),
    )


def _confirmed(
    request: HttpRequest, cycle: Cycle, deed: Any, name: str, *, done: str, **context: Any
) -> HttpResponse:
    if request.method == "POST":
        try:
            deed(cycle.pk, actor=request.user)
        except RuleError as refusal:
            context = {**context, "refusal": str(refusal)}
        else:
            messages.success(request, done)
            return redirect("grants:cycle-setup", city=city_of(request).slug, pk=cycle.pk)
    return render(request, f"{SETUP}{name}.html", {"cycle": cycle, **context})


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_copy(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Copy form and rules into a new draft, without dates and pool."""
    form = CopyForm(request.POST or None, initial={"name": cycle.name, "year": cycle.year + 1})
    if form.is_valid():
        try:
            clone = clone_cycle(cycle.pk, **form.cleaned_data, actor=request.user)  # type: ignore[arg-type]
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            blank = ", ".join(clone.left_blank)
            messages.success(
                request,
                _("Copied with its form and rules. Left blank, since last time’s would be wrong: %(fields)s.")
                % {"fields": blank},
            )
            return redirect("grants:cycle-setup", city=city_of(request).slug, pk=clone.cycle.pk)
    return render(request, f"{SETUP}copy.html", {"cycle": cycle, "form": form})
