"""The letter of an award, for its applicant and for the desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.documents.queries import address_of
from cities.tenancy.errors import RuleError
from grants.awards.documents import letter_of, request_letter
from grants.awards.models import Award
from grants.awards.permissions import can_see_award, person
from grants.awards.queries import awards_with_application
from grants.awards.states import HOLDS_MONEY

from .ranking import PAGES


@require_http_methods(["GET", "POST"])
@requires(can_see_award, fetch=awards_with_application)
def award_letter(request: HttpRequest, award: Award) -> HttpResponse:
    """Show the person's letter of this award; where there is none yet, a button has it made."""
    document, refusal = letter_of(award, request.user), ""
    if document is None and request.method == "POST":
        try:
            document = request_letter(award, actor=person(request))
        except RuleError as error:
            refusal = str(error)
    if document is not None:
        return redirect(address_of(document, request.user))
    page = "award-answer" if award.applicant_id == request.user.pk else "award-detail"
    back = reverse(f"grants:{page}", args=[award.city.slug, award.pk])
    context = {"award": award, "stands": award.status in HOLDS_MONEY, "refusal": refusal, "back": back}
    return render(request, f"{PAGES}/letter.html", context, status=422 if refusal else 200)
