"""Start an application, after the self-check."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.applications.actions import start_application
from grants.applications.forms import StartForm
from grants.applications.models import Application
from grants.applications.permissions import can_apply, person
from grants.applications.states import Status
from grants.cycles.public.queries import CallPage, shown_items
from grants.cycles.public.views import open_call_page
from grants.cycles.questions import parse_check


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_apply)
def apply_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the name and what the self-check was not told yet, then open the draft."""
    received_at = timezone.now()
    page = open_call_page(request, slug)
    form = StartForm(
        request.POST if request.method == "POST" else None, initial={"name": person(request).name}
    )
    answers = parse_check(page.items, request.POST if request.method == "POST" else request.GET)
    if form.is_valid():
        try:
            draft = start_application(
                page.cycle.pk,
                actor=person(request),
                eligibility_answers=answers,
                applicant_name=form.cleaned_data["name"],
                another=form.cleaned_data["another"],
                received_at=received_at,
            )
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("grants:apply-overview", city=page.city.slug, pk=draft.pk)
    return render(request, "grants/applications/apply_start.html", _context(request, page, form, answers))


def _context(
    request: HttpRequest, page: CallPage, form: StartForm, answers: dict[str, Any]
) -> dict[str, Any]:
    drafts = (
        Application.objects.of(request.user)
        .filter(cycle=page.cycle, status=Status.DRAFT)
        .order_by("-created_at")
    )
    result, shown = shown_items(page.items, answers)
    return {
        "page": page,
        "form": form,
        "drafts": list(drafts[:5]),
        "result": result,
        "shown": shown,
        "has_answered": bool(answers),
    }
