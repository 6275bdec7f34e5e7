"""Lost second steps: a manager asks, a second person answers, in the city or at the Center."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import BooleanField, ExpressionWrapper
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.audit.readings import record_list, record_opening
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import center_scope, city_scope

from .forms import ResetForm
from .models import FactorReset, User
from .permissions import can_answer_reset, can_change_member
from .queries import people_here
from .resets import (
    approve_factor_reset,
    ask_factor_reset,
    only_the_center,
    open_resets,
    refuse_factor_reset,
    works_only_here,
)
from .rules import is_officer, requires


@require_http_methods(["GET", "POST"])
@requires(can_change_member, fetch=people_here)
def member_reset_ask(request: Any, person: User) -> HttpResponse:
    """Ask, for a member, to take off what they lost."""
    form = ResetForm(request.POST or None)
    if form.is_valid():
        try:
            ask_factor_reset(person.pk, reason=form.cleaned_data["reason"], actor=request.user)
        except RuleError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(
                request,
                _("Asked. A second person has to approve it, and %(name)s was told.") % {"name": person},
            )
            return redirect("cities:team", city=request.city.slug)
    context = {"person": person, "form": form, "only_here": works_only_here(person.pk)}
    return render(request, "cities/access/member_reset_ask.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_answer_reset, fetch=open_resets)
def factor_reset_answer(request: Any, reset: FactorReset) -> HttpResponse:
    """Say what will happen; then approve or refuse, as a second manager."""
    refused = ""
    if request.method == "POST":
        try:
            answer(reset.pk, request.POST.get("answer", ""), actor=request.user)
        except RuleError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect("cities:team", city=request.city.slug)
    context = {"reset": reset, "refused": refused, "may_approve": works_only_here(reset.person_id)}
    return render(request, "cities/access/factor_reset_answer.html", context, status=422 if refused else 200)


@require_safe
@requires(is_officer)
def center_reset_list(request: HttpRequest) -> HttpResponse:
    """Lost second steps of all cities that nobody has answered."""
    is_for_center = ExpressionWrapper(only_the_center(), output_field=BooleanField())
    rows = list(all_open().annotate(is_for_center=is_for_center))
    record_list(request.user, "center-reset-list", row_count=len(rows))
    return render(request, "cities/access/center_reset_list.html", {"resets": rows})


@in_steps
@require_http_methods(["GET", "POST"])
@requires(is_officer)
def center_reset_answer(request: Any, pk: UUID) -> HttpResponse:
    """Say what will happen; then approve or refuse, in the scope of the place where it was asked."""
    reset = open_at_center(request.user, pk)
    refused = ""
    if request.method == "POST":
        try:
            with city_scope(reset.city_id):
                answer(pk, request.POST.get("answer", ""), actor=request.user, by_center=True)
        except RuleError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("Answered."))
            return redirect("cities:center-reset-list")
    mine = request.user.pk in {reset.asked_by_id, reset.person_id}
    context = {"reset": reset, "refused": refused, "may_approve": not mine}
    return render(request, "cities/access/center_reset_answer.html", context, status=422 if refused else 200)


def answer(reset_id: UUID, word: str, *, actor: User, by_center: bool = False) -> FactorReset:
    """Approve on ``approve``, refuse on ``refuse``; anything else is a mistake."""
    if word == "approve":
        return approve_factor_reset(reset_id, actor=actor, by_center=by_center)
    if word == "refuse":
        return refuse_factor_reset(reset_id, actor=actor)
    raise RuleError(_("Choose one of the two answers."), field="answer")


def all_open() -> Any:
    """Open questions of every place, at the Center's door."""
    return open_resets().select_related("person", "asked_by", "city").order_by("asked_at")


def open_at_center(officer: User, pk: UUID) -> FactorReset:
    """Find an open question at the Center's door; the look is written in its city. Raises ``Http404``."""
    with center_scope(officer):
        reset: FactorReset | None = all_open().filter(pk=pk).first()
        if reset is None:
            raise Http404
        record_opening(officer, "center-reset", city_id=reset.city_id, subject=reset)
    return reset
