"""A new city, and the facts of one that the Center may change."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import center_scope, city_scope
from grants.programs.actions import change_city_facts
from grants.programs.errors import SlugReservedError, SlugTakenError
from grants.programs.forms import CityFactsForm, NewCityForm, suggest_slug
from grants.programs.founding import Founding, found_in_steps
from grants.programs.models import Cohort
from grants.programs.permissions import can_run_program
from grants.programs.queries import city_or_404

PAGES = "grants/programs"


@in_steps
@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def city_create(request: HttpRequest) -> HttpResponse:
    """Found a city, give it its place in a cohort, invite its first manager: each in a step of its own."""
    with center_scope(request.user):
        newest_first = Cohort.objects.order_by("-starts_on", "name").values_list("pk", "name")
        cohorts = [(str(key), name) for key, name in newest_first]
    form = NewCityForm(
        request.POST or None, cohorts=cohorts, initial={"cohort": request.GET.get("cohort", "")}
    )
    if form.is_valid():
        try:
            founding = _found(request, form)
        except RuleError as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, _with_a_way_out(refusal, form)
            )
        else:
            _tell(request, founding)
            return redirect("grants:center-city-detail", slug=founding.city.slug)
    status = 422 if form.errors else 200
    return render(request, f"{PAGES}/city_create.html", {"form": form}, status=status)


def _found(request: HttpRequest, form: NewCityForm) -> Founding:
    typed = form.cleaned_data
    return found_in_steps(
        form.facts,
        actor=request.user,  # type: ignore[arg-type]
        cohort_id=UUID(typed["cohort"]) if typed["cohort"] else None,
        manager_email=typed["manager_email"],
        manager_name=typed["manager_name"],
    )


def _with_a_way_out(refusal: RuleError, form: NewCityForm) -> str:
    if not isinstance(refusal, (SlugTakenError, SlugReservedError)):
        return str(refusal)
    free = suggest_slug(form.cleaned_data["name"], form.cleaned_data["region"])
    return f"{refusal} {_('For example “%(slug)s” is free.') % {'slug': free}}"


def _tell(request: HttpRequest, founding: Founding) -> None:
    said = (
        _("%(city)s is founded.")
        if founding.is_new
        else _("%(city)s was founded by you before. We went on from there.")
    )
    said %= {"city": founding.city.name}
    if founding.invited:
        said += " " + _("%(email)s is invited as its manager.") % {"email": founding.invited}
    messages.success(request, said)
    for sentence in founding.left_undone:
        messages.warning(request, sentence)


@in_steps
@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def city_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the facts that the Center owns, in the city's scope."""
    city = city_or_404(slug)
    form = CityFactsForm.of(city, request.POST or None)
    if form.is_valid():
        try:
            with city_scope(city):
                change_city_facts(city.pk, actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The city’s facts are changed."))
            return redirect("grants:center-city-detail", slug=city.slug)
    status = 422 if form.errors else 200
    return render(request, f"{PAGES}/city_edit.html", {"form": form, "city": city}, status=status)
