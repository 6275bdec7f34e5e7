"""Give an offer more time."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.awards.actions import extend_offer
from grants.awards.forms import ExtendForm
from grants.awards.models import Award
from grants.awards.permissions import can_extend_offer, person
from grants.awards.queries import awards_with_application
from grants.ledger.once import Call, once

from .ranking import PAGES


@require_http_methods(["GET", "POST"])
@requires(can_extend_offer, fetch=awards_with_application)
def award_extend(request: HttpRequest, award: Award) -> HttpResponse:
    """Name a later last day to answer."""
    form = ExtendForm(request.POST or None)
    status = 422 if form.is_bound else 200
    back = reverse("grants:award-detail", args=[award.city.slug, award.pk])
    if form.is_valid():
        day = form.cleaned_data["answer_by_on"]
        try:
            once(
                Call.of_page(request, "award:extend", form),
                lambda: {"id": str(extend_offer(award.pk, answer_by_on=day, actor=person(request)).pk)},
                wait=True,
            )
        except RuleError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The applicant has more time now, and is told."))
            return redirect(back)
    return render(
        request, f"{PAGES}/extend.html", {"award": award, "form": form, "back": back}, status=status
    )
