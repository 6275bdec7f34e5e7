"""The setup page of a call, and one plain form page per part."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.cycles import states
from grants.cycles.actions import update_cycle_dates_and_money
from grants.cycles.actions.updating import update_cycle
from grants.cycles.errors import PartChangedError
from grants.cycles.forms import (
    BasicsForm,
    BudgetForm,
    DatesForm,
    MoneyForm,
    PapersForm,
    RubricForm,
    TermsForm,
    WordingForm,
)
from grants.cycles.forms.basics import FIELD_OF
from grants.cycles.forms.rows import PartForm
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.permissions import can_manage_cycle, can_see_cycle
from grants.cycles.readiness import gaps
from grants.cycles.setup_tasks import setup_tasks
from grants.cycles.tickets import ticket_of

from . import city_of, seen_by

SETUP = "grants/cycles/setup/"


@require_safe
@requires(can_see_cycle, fetch=Cycle)
def cycle_setup(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Show a call as a list of what is done and what is left before residents may see it."""
    now = timezone.now()
    versions = list(cycle.forms.order_by("-is_applied_with", "-number"))
    form = next((version for version in versions if version.is_applied_with), None)
    context = {
        "cycle": cycle,
        "tasks": setup_tasks(city_of(request), cycle, form, now),
        "gaps": gaps(cycle, form, now),
        "later": _later_stage(versions, form),
        "rules_open": not can_manage_cycle(request.user, cycle),
        "is_open": cycle.is_open(now),
        "is_over": bool(cycle.closes_at and cycle.closes_at < now),
        "applications": cycle.applications.count(),
        "may_manage": can_manage_cycle(request.user, cycle),
        "may_change": can_manage_cycle(request.user, cycle) and cycle.status in states.CAN_CHANGE,
    }
    return render(request, f"{SETUP}cycle.html", context)


def _later_stage(versions: list[FormVersion], form: FormVersion | None) -> FormVersion | None:
    """Return the form of the stage that follows the one applied with, if the call has one."""
    stage = form.stage if form else None
    return next(
        (version for version in versions if not version.is_applied_with and version.stage != stage), None
    )


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_basics(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    initial = {"name": cycle.name, "year": cycle.year, "purpose": cycle.purpose}
    return _page(request, cycle, BasicsForm(request.POST or None, initial=initial), "basics")


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_dates(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    return _page(request, cycle, DatesForm(city_of(request), cycle, request.POST or None), "dates")


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_money(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    return _page(request, cycle, MoneyForm(city_of(request), cycle, request.POST or None), "money")


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_budget(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    form = BudgetForm(city_of(request), cycle, request.POST or None)
    return _rows_page(request, cycle, form, "budget", "budget")


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_papers(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    form = PapersForm(cycle, request.POST or None)
    return _rows_page(request, cycle, form, "papers", "attachments")


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_rubric(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    form = RubricForm(cycle, request.POST or None)
    return _rows_page(request, cycle, form, "rubric", "rubric")


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_terms(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    form = TermsForm(cycle, request.POST or None)
    return _rows_page(request, cycle, form, "terms", "award_terms")


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_wording(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    form = WordingForm(city_of(request), cycle, request.POST or None)
    return _rows_page(request, cycle, form, "wording", "translations")


def _page(request: HttpRequest, cycle: Cycle, form: Any, part: str) -> HttpResponse:
    """Save a part that lies in the cycle's own columns, or show its form with what is wrong."""
    seen, status = seen_by(request, cycle, part), 200
    if form.is_valid():
        try:
            update_cycle_dates_and_money(cycle.pk, actor=request.user, seen={part: seen}, **form.value())  # type: ignore[arg-type]
        except PartChangedError as conflict:
            form.add_error(None, str(conflict))
            seen, status = ticket_of(cycle, part), conflict.status
        except RuleError as refusal:
            field = FIELD_OF.get(refusal.field or "", refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
        else:
            return saved(request, cycle)
    tasks = setup_tasks(city_of(request), cycle, None, timezone.now())
    invented = next((task.invented for task in tasks if task.part == part), ())
    context = {
        "cycle": cycle,
        "form": form,
        "invented": invented,
        "is_running": cycle.is_open(),
        "seen": seen,
    }
    return render(request, f"{SETUP}{part}.html", context, status=status)


def _rows_page(request: HttpRequest, cycle: Cycle, form: PartForm, page: str, part: str) -> HttpResponse:
    """Save a part with rows; “Add another” shows the page again with one row more."""
    seen, status = seen_by(request, cycle, part), 200
    if form.is_valid():
        try:
            update_cycle(cycle.pk, actor=request.user, seen={part: seen}, **{part: form.value()})  # type: ignore[arg-type]
        except PartChangedError as conflict:
            form.add_refusal("", str(conflict))
            seen, status = ticket_of(cycle, part), conflict.status
        except RuleError as refusal:
            form.add_refusal(getattr(refusal, "place", "") or "", str(refusal))
        else:
            return saved(request, cycle)
    context = {"cycle": cycle, "part": form, "form": form.main, "seen": seen}
    return render(request, f"{SETUP}{page}.html", context, status=status)


def saved(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("grants:cycle-setup", city=city_of(request).slug, pk=cycle.pk)
