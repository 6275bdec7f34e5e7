"""The form as a resident will see it on a phone. Nothing typed here is kept."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from cities.access.rules import requires
from grants.cycles.models import Cycle
from grants.cycles.permissions import can_see_cycle
from grants.cycles.questions import BoundQuestion, FormDefinition, Section, with_category_words

from . import city_of
from .form_editor import edited_form


@require_safe
@requires(can_see_cycle, fetch=Cycle)
def cycle_preview(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Show one section of the form at phone width; ``?section=``, ``?language=`` and ``?stage=later`` choose."""
    version = edited_form(request, cycle)
    language = _language(request)
    form = with_category_words(version.form, version.summary_keys.get("budget"), cycle.translations)
    definition = form.in_language(language)
    index = _index(definition, request.GET.get("section", ""))
    section = definition.sections[index] if definition.sections else None
    context = {
        "nav_items": [],
        "cycle": cycle,
        "version": version,
        "language": language,
        "languages": [
            (code, name) for code, name in settings.LANGUAGES if code in city_of(request).languages
        ],
        "sections": definition.sections,
        "section": section,
        "step": index + 1,
        "steps": len(definition.sections),
        "previous": definition.sections[index - 1].key if index else "",
        "next": definition.sections[index + 1].key if index + 1 < len(definition.sections) else "",
        "questions": _questions(form, definition, section, city_of(request).currency),
        "stage": "later" if request.GET.get("stage") == "later" else "",
    }
    with override(language):
        return render(request, "grants/cycles/setup/preview.html", context)


def _language(request: HttpRequest) -> str:
    wanted = request.GET.get("language") or (get_language() or "en").split("-")[0]
    offered: list[str] = city_of(request).languages
    return wanted if wanted in offered else offered[0]


def _index(definition: FormDefinition, key: str) -> int:
    return next((i for i, section in enumerate(definition.sections) if section.key == key), 0)


def _questions(
    stored: FormDefinition, shown: FormDefinition, section: Section | None, currency: str
) -> list[dict[str, Any]]:
    """Return the section's questions, all of them; a condition is told in words instead of being played."""
    labels = {question.key: question.label for question in shown.questions}
    return [
        {
            "bound": BoundQuestion(stored.question(question.key) or question, currency=currency),
            "condition": labels.get(question.shown_when.question, "") if question.shown_when else "",
        }
        for question in (section.questions if section else ())
    ]
