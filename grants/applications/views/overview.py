"""Where a person's applications stand: one of them, and all of them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from cities.access.rules import is_signed_in, requires
from grants.applications import tracking
from grants.applications.models import Application
from grants.applications.permissions import can_see_application
from grants.applications.queries import FilledForm, my_applications, with_form
from grants.applications.states import CAN_REOPEN, CAN_WITHDRAW, Status


@require_safe
@requires(is_signed_in)
def applications_mine(request: HttpRequest) -> HttpResponse:
    """All of a person's applications over all cities, through the person's door: flat columns only."""
    return render(
        request,
        "grants/applications/applications_mine.html",
        {"mine": my_applications(request.user, timezone.now())},
    )


@require_safe
@requires(can_see_application, fetch=with_form)
def apply_overview(request: HttpRequest, application: Application) -> HttpResponse:
    """A draft's list of what is left to do; once sent, where it stands."""
    if application.status == Status.DRAFT:
        return render(request, "grants/applications/apply_tasks.html", task_list(FilledForm.of(application)))
    return render(request, "grants/applications/apply_status.html", _status(application))


def task_list(form: FilledForm) -> dict[str, Any]:
    progress, language = form.progress(), get_language() or "en"
    parts = [
        {
            "title": part.section.in_language(language).title,
            "key": part.section.key,
            "state": part.state,
            "answered": part.answered,
            "asked": part.asked,
        }
        for part in progress
    ]
    return {
        "form_": form,
        "application": form.application,
        "progress": parts,
        "answered": sum(section.answered for section in progress),
        "asked": sum(section.asked for section in progress),
        "next_part": next((part.section.key for part in progress if part.missing), ""),
        "is_open": form.cycle.is_open(),
        "findings": form.findings() if not any(section.missing for section in progress) else (),
        "is_complete": not any(section.missing for section in progress),
    }


def _status(application: Application) -> dict[str, Any]:
    is_open = application.cycle.is_open()
    tone, word = tracking.standing(application)
    return {
        "application": application,
        "word": word,
        "award_url": tracking.award_path(application),
        "steps": tracking.steps(application),
        "tone": tone,
        "can_reopen": is_open and application.status in CAN_REOPEN,
        "can_withdraw": application.status in CAN_WITHDRAW,
    }
