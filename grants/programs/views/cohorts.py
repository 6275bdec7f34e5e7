"""Cohorts: list, page, and what an officer does with them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.rules import fetch_or_404, requires
from cities.tenancy.errors import RuleError
from grants.programs.actions import change_cohort, create_cohort, join_cohort, leave_cohort
from grants.programs.forms import AddCityForm, CohortForm
from grants.programs.models import Cohort
from grants.programs.permissions import can_run_program, can_see_center
from grants.programs.queries import center_row, cities_outside, city_or_404, cohorts_with_counts, places

PAGES = "grants/programs"


@require_safe
@requires(can_see_center)
def cohort_list(request: HttpRequest) -> HttpResponse:
    """All cohorts, newest first."""
    context = {"cohorts": cohorts_with_counts(), "may_change": can_run_program(request.user, None)}
    return render(request, f"{PAGES}/cohort_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def cohort_create(request: HttpRequest) -> HttpResponse:
    """Make a cohort."""
    form = CohortForm(request.POST or None)
    if form.is_valid():
        try:
            cohort = create_cohort(actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RuleError as refusal:
            _show(form, refusal)
        else:
            messages.success(
                request, _("The cohort “%(name)s” is made. Now add its cities.") % {"name": cohort.name}
            )
            return redirect("grants:center-cohort-detail", pk=cohort.pk)
    return render(request, f"{PAGES}/cohort_form.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def cohort_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a cohort's name, days or grant."""
    cohort = fetch_or_404(Cohort, pk)
    initial = {name: getattr(cohort, name) for name in CohortForm.base_fields}
    form = CohortForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            change_cohort(cohort.pk, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RuleError as refusal:
            _show(form, refusal)
        else:
            messages.success(request, _("The cohort is changed."))
            return redirect("grants:center-cohort-detail", pk=cohort.pk)
    return render(request, f"{PAGES}/cohort_form.html", {"form": form, "cohort": cohort})


@require_safe
@requires(can_see_center)
def cohort_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One cohort with its cities."""
    return _detail(request, fetch_or_404(Cohort, pk))


@require_POST
@requires(can_run_program)
def cohort_add_city(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a city; a refusal comes back on the cohort's page."""
    cohort = fetch_or_404(Cohort, pk)
    form = AddCityForm(request.POST, outside=cities_outside(cohort))
    if form.is_valid():
        city = form.cleaned_data["city"]
        try:
            join_cohort(cohort.pk, city_id=city.pk, actor=request.user)  # type: ignore[arg-type]
        except RuleError as refusal:
            _show(form, refusal)
        else:
            said = _("%(city)s is in the cohort “%(cohort)s” now.")
            messages.success(request, said % {"city": city.name, "cohort": cohort.name})
            return redirect("grants:center-cohort-detail", pk=cohort.pk)
    return _detail(request, cohort, adding=form, status=422)


@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def cohort_remove_city(request: HttpRequest, pk: UUID, slug: str) -> HttpResponse:
    """Say what will happen, then take a city out of the cohort."""
    cohort, city = fetch_or_404(Cohort, pk), city_or_404(slug)
    if request.method == "POST":
        try:
            leave_cohort(cohort.pk, city_id=city.pk, actor=request.user)  # type: ignore[arg-type]
        except RuleError as refusal:
            messages.warning(request, str(refusal))
        else:
            said = _("%(city)s is not in the cohort “%(cohort)s” any more.")
            messages.success(request, said % {"city": city.name, "cohort": cohort.name})
        return redirect("grants:center-cohort-detail", pk=cohort.pk)
    return render(request, f"{PAGES}/cohort_remove_city.html", {"cohort": cohort, "place": city})


def _detail(
    request: HttpRequest, cohort: Cohort, *, adding: AddCityForm | None = None, status: int = 200
) -> HttpResponse:
    found = places(cohort)
    context = {
        "cohort": cohort,
        "places": found,
        "whole_cents": cohort.grant_cents * len(found),
        "may_change": can_run_program(request.user, None),
        "adding": adding or AddCityForm(outside=cities_outside(cohort)),
        "cities_url": f"{reverse('grants:center-overview')}?cohort={cohort.pk}#cities",
        "timezone": center_row().timezone,
        "form": adding,
    }
    return render(request, f"{PAGES}/cohort_detail.html", context, status=status)


def _show(form: Any, refusal: RuleError) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
