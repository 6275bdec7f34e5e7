"""A resident's answer to an offer."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.rules import requires
from cities.interface.formats import money
from cities.tenancy.errors import RuleError
from grants.applications.permissions import can_use_own_applications
from grants.awards.actions import accept_award, decline_award
from grants.awards.forms import AcceptForm, RefuseForm
from grants.awards.models import Award
from grants.awards.permissions import can_answer_award, person, stands_to_answer
from grants.awards.queries import awards_with_application, latest_award_of
from grants.awards.states import Status
from grants.ledger.once import Call, once

from .ranking import PAGES


@require_safe
@requires(can_use_own_applications)
def award_of(request: HttpRequest, application: UUID) -> HttpResponse:
    """Lead to what a person needs about the award of one of their applications."""
    award = latest_award_of(application, request.user)
    if award is None:
        raise Http404
    slug = request.city.slug  # type: ignore[attr-defined]
    if award.status in {Status.ACCEPTED, Status.COMPLETED}:
        return redirect(f"/{slug}/awards/{award.pk}/")
    return redirect(reverse("grants:award-answer", args=[slug, award.pk]))


@require_http_methods(["GET", "POST"])
@requires(can_answer_award, fetch=awards_with_application)
def award_answer(request: HttpRequest, award: Award) -> HttpResponse:
    """Read the offer and say yes; once answered, read what was agreed."""
    form = AcceptForm(request.POST or None, initial={"payee_name": award.payee_name})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        payee = form.cleaned_data["payee_name"]
        try:
            once(
                Call.of_page(request, "award:accept", form),
                lambda: {"id": str(accept_award(award.pk, payee_name=payee, actor=person(request)).pk)},
                wait=True,
            )
        except RuleError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Thank you! The grant is yours. The city has been told."))
            return redirect(request.path)
    context = {
        "award": award,
        "form": form,
        "stands": stands_to_answer(award),
        "back": _application(award),
        "amount": _amount(award),
    }
    return render(request, f"{PAGES}/answer.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(can_answer_award, fetch=awards_with_application)
def award_answer_no(request: HttpRequest, award: Award) -> HttpResponse:
    """Say no to an offer, once it is clear what that means."""
    form, back = (
        RefuseForm(request.POST or None),
        reverse("grants:award-answer", args=[award.city.slug, award.pk]),
    )
    status = 422 if form.is_bound else 200
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            once(
                Call.of_page(request, "award:decline", form),
                lambda: {"id": str(decline_award(award.pk, reason=reason, actor=person(request)).pk)},
                wait=True,
            )
        except RuleError as refusal:
            status = refusal.status
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you for telling us. The city has been told."))
            return redirect(_application(award))
    if not stands_to_answer(award) and not form.is_bound:
        return redirect(back)
    return render(
        request,
        f"{PAGES}/answer_no.html",
        {"award": award, "form": form, "back": back, "amount": _amount(award)},
        status=status,
    )


def _application(award: Award) -> str:
    return reverse("grants:apply-overview", args=[award.city.slug, award.application_id])


def _amount(award: Award) -> str:
    return money(award.amount_cents, award.city.currency, short=True)
