"""Check the answers, send them in, take them back, open them again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.applications import tracking
from grants.applications.actions import reopen_application, submit_application, withdraw_application
from grants.applications.forms import DeclarationForm
from grants.applications.models import Application
from grants.applications.permissions import can_edit_application, can_see_application, person
from grants.applications.queries import FilledForm, with_form
from grants.applications.section_page import shown_files
from grants.applications.states import CAN_REOPEN, CAN_WITHDRAW, ON_THE_DESK, Status
from grants.cycles.questions import Question, ShownFile


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_edit_application, fetch=with_form)
def apply_review(request: HttpRequest, application: Application) -> HttpResponse:
    """Everything that was answered, with what is left; and the button that sends it."""
    received_at = timezone.now()
    form = DeclarationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            submit_application(application.pk, actor=person(request), received_at=received_at)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("grants:apply-thanks", city=application.city_slug, pk=application.pk)
    return render(request, "grants/applications/apply_review.html", _review(FilledForm.of(application), form))


def _review(filled: FilledForm, form: DeclarationForm) -> dict[str, Any]:
    missing, application = filled.missing(), filled.application
    is_draft = application.status == Status.DRAFT
    return {
        "form": form,
        "application": application,
        "cycle": filled.cycle,
        "sections": _answered(filled, shown_files(filled)),
        "missing": [
            {
                "section": gap.section,
                "question": gap.question,
                "label": _label(gap.question),
                "sentence": gap.sentence,
            }
            for gap in missing
        ],
        "findings": filled.findings() if is_draft and not missing else (),
        "money_section": filled.section_key_of(
            filled.complete_form.budget_key or filled.complete_form.summary.amount
        ),
        "is_draft": is_draft,
        "can_change": is_draft and filled.cycle.is_open(),
    }


def _label(question: Question) -> str:
    return question.in_language(get_language() or "en").label


def _answered(filled: FilledForm, files: list[ShownFile]) -> list[dict[str, Any]]:
    """Return the sections that these answers show, each with question, value and files."""
    visible, language = filled.visible(), get_language() or "en"
    sections = []
    for section in filled.definition.sections:
        rows = [
            {"question": question, "label": _label(question), "value": filled.value_of(question.key)}
            for question in section.questions
            if question.key in visible
        ]
        if rows:
            sections.append(
                {
                    "key": section.key,
                    "title": section.in_language(language).title,
                    "rows": rows,
                    "files": files,
                }
            )
    return sections


@require_safe
@requires(can_see_application, fetch=with_form)
def apply_thanks(request: HttpRequest, application: Application) -> HttpResponse:
    """The receipt: reference, what happens next and when."""
    if application.status not in ON_THE_DESK - {Status.WITHDRAWN}:
        return redirect("grants:apply-overview", city=application.city_slug, pk=application.pk)
    context = {
        "application": application,
        "cycle": application.cycle,
        "steps": tracking.steps(application)[1:],
    }
    return render(request, "grants/applications/apply_thanks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_edit_application, fetch=with_form)
def apply_withdraw(request: HttpRequest, application: Application) -> HttpResponse:
    """Ask once more, then take it back."""
    told = _("You took your application back. The city sees that.")
    return _confirmed(
        request, application, withdraw_application, allowed=CAN_WITHDRAW, template="apply_withdraw", told=told
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_edit_application, fetch=with_form)
def apply_reopen(request: HttpRequest, application: Application) -> HttpResponse:
    """Say what opening it again means, then do it."""
    told = _("Your application is open again. Remember to send it before the call closes.")
    return _confirmed(
        request, application, reopen_application, allowed=CAN_REOPEN, template="apply_reopen", told=told
    )


def _confirmed(
    request: HttpRequest,
    application: Application,
    act: Callable[..., Application],
    *,
    allowed: frozenset[Status],
    template: str,
    told: str,
) -> HttpResponse:
    received_at, refused = timezone.now(), ""
    if request.method == "POST":
        try:
            act(application.pk, actor=person(request), received_at=received_at)
        except RuleError as refusal:
            refused = str(refusal)
        else:
            messages.success(request, told)
            return redirect("grants:apply-overview", city=application.city_slug, pk=application.pk)
    context = {
        "application": application,
        "cycle": application.cycle,
        "refused": refused,
        "is_possible": application.status in allowed,
    }
    return render(request, f"grants/applications/{template}.html", context)
