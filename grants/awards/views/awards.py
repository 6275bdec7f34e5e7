"""Awards made: the list, one of them, and taking an offer back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.rules import requires
from cities.audit.sentences import sentence
from cities.tenancy.errors import RuleError
from grants.applications.desk.dossier import applications_on_the_desk
from grants.applications.desk.permissions import can_see_on_desk
from grants.applications.models import Application
from grants.awards.actions import rescind_award
from grants.awards.forms import RescindForm
from grants.awards.listing import Listing
from grants.awards.marks import award_mark
from grants.awards.models import Award
from grants.awards.permissions import (
    can_extend_offer,
    can_rescind_award,
    can_see_award_on_desk,
    can_see_awards,
    person,
    stands_to_extend,
    stands_to_rescind,
)
from grants.awards.queries import award_history, awards_with_application
from grants.ledger.once import Call, once

from .ranking import PAGES


@require_safe
@requires(can_see_awards)
def award_list(request: HttpRequest) -> HttpResponse:
    """The awards of a call, by status."""
    listing = Listing(request.user, request.city, request.GET)  # type: ignore[attr-defined]
    return render(request, f"{PAGES}/award_list.html", {"listing": listing, "queue": listing})


@require_safe
@requires(can_see_on_desk, fetch=applications_on_the_desk)
def award_for(request: HttpRequest, application: Application) -> HttpResponse:
    """Lead from an application to its newest award, or to the ranking where it has none."""
    slug = request.city.slug  # type: ignore[attr-defined]
    newest = Award.objects.filter(application=application).order_by("-offered_at", "-id").first()
    if newest is None:
        return redirect("grants:award-ranking", city=slug)
    return redirect("grants:award-detail", city=slug, pk=newest.pk)


@require_safe
@requires(can_see_award_on_desk, fetch=awards_with_application)
def award_detail(request: HttpRequest, award: Award) -> HttpResponse:
    """One award: its money, its terms, and what was done to it."""
    context = {
        "award": award,
        "mark": award_mark(award.status),
        "history": _history(award, request.user),
        "can_rescind": stands_to_rescind(award) and can_rescind_award(request.user, award),
        "can_extend": stands_to_extend(award) and can_extend_offer(request.user, award),
        "is_accepted": award.status in {"accepted", "completed"},
        "list_url": reverse("grants:award-list", args=[award.city.slug]),
    }
    return render(request, f"{PAGES}/award_detail.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_rescind_award, fetch=awards_with_application)
def award_rescind(request: HttpRequest, award: Award) -> HttpResponse:
    """Take an offer back before it is answered."""
    form, status = RescindForm(request.POST or None), 200
    back = reverse("grants:award-detail", args=[award.city.slug, award.pk])
    if form.is_bound:
        status = 422
    if form.is_valid():

        def deed() -> dict[str, Any]:
            return {
                "id": str(
                    rescind_award(award.pk, reason=form.cleaned_data["reason"], actor=person(request)).pk
                )
            }

        try:
            once(Call.of_page(request, "award:rescind", form), deed, wait=True)
        except RuleError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request,
                _("The offer is taken back. The money is available again. The applicant is told why."),
            )
            return redirect(back)
    return render(
        request, f"{PAGES}/rescind.html", {"award": award, "form": form, "back": back}, status=status
    )


def _history(award: Award, reader: Any) -> list[dict[str, Any]]:
    shown = []
    for event in award_history(award, reader):
        who = str(event.actor) if event.actor else event.actor_name
        words = sentence(event.tag, who, event.data, currency=award.city.currency)
        shown.append(
            {"at": event.created_at, "who": who, "words": words, "quote": event.data.get("reason") or ""}
        )
    return shown
