"""Setup at a glance, and the ways to a new call."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.cycles.actions import create_blank_cycle, create_cycle_from_call
from grants.cycles.calls import not_held
from grants.cycles.forms import BasicsForm, UploadForm
from grants.cycles.models import Cycle
from grants.cycles.permissions import can_manage_calls, can_see_setup
from grants.cycles.states import Status

from . import city_of


@require_safe
@requires(can_see_setup)
def setup_overview(request: HttpRequest) -> HttpResponse:
    """Show settings, team and all calls of the city."""
    cycles = list(
        Cycle.objects.defer("eligibility", "attachments", "rubric", "award_terms", "budget").order_by(
            "-year", "-created_at"
        )
    )
    context = {
        "running": [cycle for cycle in cycles if cycle.status != Status.ARCHIVED],
        "archived": [cycle for cycle in cycles if cycle.status == Status.ARCHIVED],
        "may_manage": can_manage_calls(request.user, city_of(request)),
    }
    return render(request, "grants/cycles/setup/overview.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_manage_calls)
def cycle_create(request: HttpRequest) -> HttpResponse:
    """Begin a call with a short form."""
    city = city_of(request)
    form = BasicsForm(request.POST or None, initial={"year": timezone.localdate(timezone=city.zone).year})
    if form.is_valid():
        try:
            cycle = create_blank_cycle(**form.value(), actor=request.user)  # type: ignore[arg-type]
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request, _("The call is a draft now. The list below says what is left to fill in.")
            )
            return redirect("grants:cycle-setup", city=city.slug, pk=cycle.pk)
    return render(request, "grants/cycles/setup/create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(can_manage_calls)
def cycle_upload(request: HttpRequest) -> HttpResponse:
    """Make a call from a file in the call format; an invalid file shows each error with its place."""
    city = city_of(request)
    form = UploadForm(city, request.POST or None, request.FILES or None)
    if form.is_valid() and form.call is not None:
        held = [{"path": n.path, "fate": str(n.fate), "sentence": n.sentence} for n in not_held(form.call)]
        try:
            cycle = create_cycle_from_call(form.call, actor=request.user, notes={"not_held": held})  # type: ignore[arg-type]
        except RuleError as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(
                request,
                _("The file is read, and the call is a draft. Look through its parts before you publish it."),
            )
            return redirect("grants:cycle-setup", city=city.slug, pk=cycle.pk)
    return render(request, "grants/cycles/setup/upload.html", {"form": form})
