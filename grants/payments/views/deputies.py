"""Deputies: named and ended by the city's manager; approved or refused by an officer, in the city's own scope."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.models import DESK_ROLES, Membership, User
from cities.access.rules import requires
from cities.audit.readings import record_list, record_opening
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import center_scope, city_scope
from grants.payments.actions import approve_deputy, end_deputy, nominate_deputy
from grants.payments.forms import EndDeputyForm, NominateForm
from grants.payments.models import Deputy
from grants.payments.permissions import (
    can_answer_deputies,
    can_end_deputy,
    can_name_deputies,
    can_see_deputies_of_all,
    can_see_payments,
    person,
)

PAGES = "grants/payments"
PEOPLE = ("person", "nominated_by", "approved_by", "ended_by")


def deputies_with_people() -> Any:
    return Deputy.objects.select_related(*PEOPLE)


@require_safe
@requires(can_see_payments)
def deputy_list(request: HttpRequest) -> HttpResponse:
    """Who takes a seat for whom, who waits for the Center, and who did."""
    rows = list(deputies_with_people().order_by("-nominated_at", "-id")[:200])
    context = {
        "standing": [row for row in rows if row.approved_at and not row.ended_at],
        "waiting": [row for row in rows if not row.approved_at and not row.ended_at],
        "ended": [row for row in rows if row.ended_at],
        "may_name": can_name_deputies(request.user, request.city),  # type: ignore[attr-defined]
    }
    return render(request, f"{PAGES}/deputy_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_name_deputies)
def deputy_create(request: HttpRequest) -> HttpResponse:
    """Name somebody of the desk for a seat."""
    form = NominateForm(request.POST or None, people=_desk())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                nominate_deputy(
                    person_id=UUID(said["person"]),
                    seat=said["seat"],
                    reason=said["reason"],
                    actor=person(request),
                )
            except RuleError as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            else:
                messages.success(
                    request, _("Named. The seat can be taken as soon as the Center has approved it.")
                )
                return redirect("grants:deputy-list", city=request.city.slug)  # type: ignore[attr-defined]
    return render(request, f"{PAGES}/deputy_create.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@requires(can_end_deputy, fetch=deputies_with_people)
def deputy_end(request: HttpRequest, deputy: Deputy) -> HttpResponse:
    """Say what will happen, then end a deputy."""
    form, refused = EndDeputyForm(request.POST if request.method == "POST" else None), ""
    if form.is_valid():
        try:
            end_deputy(deputy.pk, reason=form.cleaned_data["reason"], actor=person(request))
        except RuleError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, _("%(name)s takes no seat any more.") % {"name": deputy.person})
            return redirect("grants:deputy-list", city=request.city.slug)  # type: ignore[attr-defined]
    context = {"deputy": deputy, "form": form, "refused": refused}
    return render(request, f"{PAGES}/deputy_end.html", context, status=409 if refused else 200)


def _desk() -> list[tuple[str, str]]:
    at_the_desk = Membership.objects.filter(role__in=DESK_ROLES, ended_at__isnull=True).values("user_id")
    rows = User.objects.filter(pk__in=at_the_desk, is_active=True).order_by("name", "email")
    return [(str(user.pk), f"{user} ({user.email})") for user in rows]


# -- The Center -----------------------------------------------------------------------------------
@require_safe
@requires(can_see_deputies_of_all)
def center_deputy_list(request: HttpRequest) -> HttpResponse:
    """Deputies of all cities, those that wait first."""
    rows = list(deputies_with_people().select_related("city").order_by("-nominated_at", "-id")[:500])
    record_list(request.user, "center-deputy-list", row_count=len(rows))
    context = {
        "waiting": [row for row in reversed(rows) if not row.approved_at and not row.ended_at],
        "standing": [row for row in rows if row.approved_at and not row.ended_at],
        "may_answer": can_answer_deputies(request.user, None),
    }
    return render(request, f"{PAGES}/center_deputies.html", context)


@in_steps
@require_POST
@requires(can_answer_deputies)
def center_deputy_approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve a deputy, in the city's own scope."""
    deputy = find_deputy(person(request), pk)
    return _answer(request, deputy, approve=True)


@in_steps
@require_http_methods(["GET", "POST"])
@requires(can_answer_deputies)
def center_deputy_refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what will happen, then refuse a deputy, or end one who was approved, in the city's own scope."""
    officer = person(request)
    deputy = find_deputy(officer, pk)
    form = EndDeputyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _answer(request, deputy, approve=False, reason=form.cleaned_data["reason"])
    with center_scope(officer):
        record_opening(officer, "center-deputy", city_id=deputy.city_id, subject=deputy)
    return render(request, f"{PAGES}/center_deputy_end.html", {"deputy": deputy, "form": form})


def find_deputy(officer: User, key: UUID) -> Deputy:
    """Return a deputy of whichever city. The right was read at the Center. Raises ``Http404``."""
    with center_scope(officer):
        deputy: Deputy | None = deputies_with_people().select_related("city").filter(pk=key).first()
    if deputy is None:
        raise Http404
    return deputy


def _answer(request: HttpRequest, deputy: Deputy, *, approve: bool, reason: str = "") -> HttpResponse:
    try:
        with city_scope(deputy.city_id):
            if approve:
                approve_deputy(deputy.pk, actor=person(request))
            else:
                end_deputy(deputy.pk, reason=reason, actor=person(request))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        said = _("%(name)s is approved.") if approve else _("%(name)s takes no seat.")
        messages.success(request, said % {"name": deputy.person})
    return redirect("grants:center-deputy-list")
