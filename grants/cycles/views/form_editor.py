"""The editor of a call's form: sections, questions, and what stands in lists. Works without JavaScript."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from cities.tenancy.tickets import fingerprint
from grants.cycles import editing
from grants.cycles.actions import update_form
from grants.cycles.editing import DOWN, UP, free_key
from grants.cycles.forms import QuestionForm, SectionForm, SummaryForm
from grants.cycles.forms.question import KINDS
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.permissions import can_manage_cycle
from grants.cycles.questions import FormDefinition, Section

from . import city_of

SETUP = "grants/cycles/setup/"


def edited_form(request: HttpRequest, cycle: Cycle) -> FormVersion:
    """Return the form that the page edits: the one applied with, or with ``?stage=later`` the one after it."""
    versions = cycle.forms.order_by("-number")
    now = versions.filter(is_applied_with=True).first()
    if request.GET.get("stage") == "later":
        now = versions.exclude(stage=now.stage if now else "").first()
    if now is None:
        raise Http404
    return now


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_form(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Show the whole form in outline; its buttons move and remove."""
    version = edited_form(request, cycle)
    if request.method == "POST":
        return _rearranged(request, cycle, version)
    context = {
        "cycle": cycle,
        "version": version,
        "sections": _outline(version.form),
        "seen": fingerprint(version.definition, version.summary_keys),
        "applications": cycle.applications.count() if version.is_applied_with else 0,
        "stage_query": _stage(request),
    }
    return render(request, f"{SETUP}form.html", context)


def _rearranged(request: HttpRequest, cycle: Cycle, version: FormVersion) -> HttpResponse:
    form = version.form
    deed, _colon, key = request.POST.get("deed", "").partition(":")
    if deed not in DEEDS:
        raise Http404
    if (form.section(key) if deed.startswith("section") else form.question(key)) is None:
        messages.error(request, _("Somebody else removed this from the form meanwhile."))
        return _back(request, cycle)
    if deed.endswith("-remove") and "sure" not in request.POST:
        return _confirm_removal(request, cycle, form, key)
    _save(request, version, DEEDS[deed](form, key))
    return _back(request, cycle)


def _confirm_removal(request: HttpRequest, cycle: Cycle, form: FormDefinition, key: str) -> HttpResponse:
    """Say what goes, and how much, before it does. Works as a page of its own."""
    section, question = form.section(key), form.question(key)
    removed = (
        section.questions
        if section and request.POST["deed"].startswith("section")
        else (question,)
        if question
        else ()
    )
    depending = [
        q.label
        for q in form.questions
        if q.shown_when and q.shown_when.question in {r.key for r in removed} and q not in removed
    ]
    context = {
        "cycle": cycle,
        "name": section.title if section and question not in removed else question.label if question else key,
        "is_section": request.POST["deed"].startswith("section"),
        "questions": len(removed),
        "depending": depending,
        "deed": request.POST["deed"],
        "seen": request.POST.get("seen", ""),
        "stage_query": _stage(request),
    }
    return render(request, f"{SETUP}remove.html", context)


DEEDS: dict[str, Any] = {
    "question-up": lambda form, key: editing.move_question(form, key, UP),
    "question-down": lambda form, key: editing.move_question(form, key, DOWN),
    "question-remove": editing.without_question,
    "section-up": lambda form, key: editing.move_section(form, key, UP),
    "section-down": lambda form, key: editing.move_section(form, key, DOWN),
    "section-remove": editing.without_section,
}


def _outline(form: FormDefinition) -> list[dict[str, Any]]:
    labels = {question.key: question.label for question in form.questions}
    return [
        {
            "section": section,
            "questions": [
                {
                    "question": question,
                    "kind": KINDS[question.type],
                    "condition": labels.get(question.shown_when.question, "") if question.shown_when else "",
                }
                for question in section.questions
            ],
        }
        for section in form.sections
    ]


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def form_question(request: HttpRequest, cycle: Cycle, key: str = "") -> HttpResponse:
    """Add a question, or change one. One that a colleague removed meanwhile counts as new: what was typed stays."""
    version = edited_form(request, cycle)
    question = version.form.question(key) if key else None
    is_gone = (key and question is None) or not version.form.sections
    if is_gone and request.method != "POST":
        raise Http404
    here = version.form.section_of(key)
    section, refusal = here.key if here else _chosen_section(request, version.form), None
    form = QuestionForm(
        version.form,
        question,
        section=section,
        languages=city_of(request).languages,
        data=request.POST or None,
    )
    if form.is_valid():
        section_key, changed = form.value()
        refusal = _save(
            request, version, editing.with_question(version.form, section_key, changed), quietly=True
        )
        if refusal is None:
            _tell_untranslated(request, form)
            return _back(request, cycle, f"#question-{changed.key}")
        form.main.add_error(None, str(refusal))
    context = {
        "cycle": cycle,
        "part": form,
        "form": form.main,
        "question": question,
        "stage_query": _stage(request),
        **_ticket(request, version, refusal),
    }
    return render(request, f"{SETUP}question.html", context, status=_status(refusal))


def _tell_untranslated(request: HttpRequest, form: QuestionForm) -> None:
    """Say which options have no words in a language any more, since they are new or were renamed."""
    for language, options in form.main.untranslated.items():
        if options:
            words = {"language": language, "options": ", ".join(options)}
            messages.warning(
                request, _("New or renamed, so without words in %(language)s: %(options)s.") % words
            )


def _chosen_section(request: HttpRequest, form: FormDefinition) -> str:
    asked = form.section(request.GET.get("section", ""))
    return asked.key if asked else form.sections[-1].key if form.sections else ""


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def form_section(request: HttpRequest, cycle: Cycle, key: str = "") -> HttpResponse:
    """Add a section, or rename one. One that a colleague removed meanwhile counts as new, too."""
    version = edited_form(request, cycle)
    section = version.form.section(key) if key else None
    if key and section is None and request.method != "POST":
        raise Http404
    form, refusal = SectionForm(section, city_of(request).languages, request.POST or None), None
    if form.is_valid():
        old = section or Section(
            free_key(form.cleaned_data["title"], (s.key for s in version.form.sections), "section"), "", ()
        )
        new = replace(old, title=form.cleaned_data["title"], translations=form.translations())
        refusal = _save(request, version, editing.with_section(version.form, new), quietly=True)
        if refusal is None:
            return _back(request, cycle, f"#section-{new.key}")
        form.add_error(None, str(refusal))
    context = {
        "cycle": cycle,
        "form": form,
        "section": section,
        "stage_query": _stage(request),
        **_ticket(request, version, refusal),
    }
    return render(request, f"{SETUP}section.html", context, status=_status(refusal))


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def form_summary(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """Choose which answers stand for an application in lists and on maps."""
    version = edited_form(request, cycle)
    form, refusal = SummaryForm(version.form, version.summary_keys, request.POST or None), None
    if request.method == "POST" and form.is_valid():
        refusal = _save(request, version, version.form, keys=form.value(), quietly=True)
        if refusal is None:
            return _back(request, cycle)
        form.add_error(None, str(refusal))
    context = {
        "cycle": cycle,
        "form": form,
        "stage_query": _stage(request),
        **_ticket(request, version, refusal),
    }
    return render(request, f"{SETUP}summary.html", context, status=_status(refusal))


def _save(
    request: HttpRequest,
    version: FormVersion,
    form: FormDefinition,
    *,
    keys: dict[str, str | None] | None = None,
    quietly: bool = False,
) -> RuleError | None:
    """Store the edited form; return the refusal, or show it as a message."""
    try:
        seen, actor = request.POST.get("seen"), request.user
        update_form(version.pk, sections=form.to_json(), keys=keys, seen=seen, actor=actor)  # type: ignore[arg-type]
    except RuleError as refusal:
        if not quietly:
            messages.error(request, str(refusal))
        return refusal
    messages.success(request, _("Saved."))
    return None


def _status(refusal: RuleError | None) -> int:
    return refusal.status if refusal else 200


def _ticket(request: HttpRequest, version: FormVersion, refusal: RuleError | None) -> dict[str, str]:
    """Keep the page's own ticket while input is corrected; whoever was told of a change gets the new one."""
    posted = None if refusal else request.POST.get("seen")
    return {"seen": posted or fingerprint(version.definition, version.summary_keys)}


def _stage(request: HttpRequest) -> str:
    return "?stage=later" if request.GET.get("stage") == "later" else ""


def _back(request: HttpRequest, cycle: Cycle, anchor: str = "") -> HttpResponse:
    page = redirect("grants:cycle-form", city=city_of(request).slug, pk=cycle.pk)
    page["Location"] += _stage(request) + anchor
    return page
