"""One section of the form: read, saved, files and all, also without JavaScript."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cities.access.rules import Rule, fetch_or_404, sign_in_detour
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import city_scope
from grants.applications.actions import PageSaved, remove_file, save_page
from grants.applications.errors import FileRefusedError
from grants.applications.permissions import can_edit_application, person
from grants.applications.queries import FilledForm, with_form
from grants.applications.section_page import (
    Redraw,
    SectionPage,
    as_typed,
    newly_asked,
    posted_answers,
)
from grants.applications.states import CAN_EDIT
from grants.applications.uploading import receive_file
from grants.cycles.questions import Problem, Section, added_rows, has_button, posted_files
from grants.cycles.questions.cleaning import field_name
from grants.cycles.questions.controls import identifier


class DetourError(Exception):
    """Nothing to show here for this visitor; ``response`` leads on."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.response = response


def asks_itself(rule: Rule) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Name the rule of a view that opens its own scopes and asks the rule in each first one."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.rule = rule  # type: ignore[attr-defined]
        return view

    return decorate


@in_steps
@asks_itself(can_edit_application)
@require_http_methods(["GET", "HEAD", "POST"])
def apply_section(request: HttpRequest, city: str, pk: UUID, section: str) -> HttpResponse:
    """One section. A photo sent with the page is read between two short scopes, so nothing waits for it."""
    received_at = timezone.now()
    try:
        if request.method == "POST":
            return _save(request, pk, section, received_at)
        with city_scope(request.city):  # type: ignore[attr-defined]
            form, asked = _open(request, pk, section)
            again = Redraw(extra_row_in=request.GET.get("add", ""), asks_all="check" in request.GET)
            return _draw(request, SectionPage(form, asked, again))
    except DetourError as detour:
        return detour.response


def _open(request: HttpRequest, pk: UUID, section: str) -> tuple[FilledForm, Section]:
    """Return form and section for its applicant; raise what anybody else gets."""
    detour = sign_in_detour(request)
    if detour is not None:
        raise DetourError(detour)
    application = fetch_or_404(with_form, pk)
    if not can_edit_application(request.user, application):
        raise PermissionDenied
    form = FilledForm.of(application)
    asked = form.definition.section(section)
    if asked is None:
        raise Http404
    # Somebody who posts too late sees what was typed again, with the reason.
    if request.method != "POST" and (application.status not in CAN_EDIT or not form.cycle.is_open()):
        raise DetourError(redirect("grants:apply-overview", city=form.city.slug, pk=pk))
    return form, asked


def _save(request: HttpRequest, pk: UUID, section: str, received_at: datetime) -> HttpResponse:
    city = request.city  # type: ignore[attr-defined]
    with city_scope(city):
        form, asked = _open(request, pk, section)
        before, answers = form.visible(), posted_answers(form, asked, request.POST)
        try:
            outcome = save_page(pk, answers, actor=person(request), received_at=received_at)
            _remove_file(request, form, received_at)
        except RuleError as refusal:
            again = Redraw(refusal=refusal, typed=as_typed(form, asked, answers))
            return _draw(request, SectionPage(form, asked, again), status=422)
    problems = _receive_files(request, pk, asked, received_at)
    with city_scope(city):
        form, asked = _open(request, pk, section)
        return _go_on(request, form, asked, Redraw(outcome, problems=problems), before)


def _remove_file(request: HttpRequest, form: FilledForm, received_at: datetime) -> None:
    file_id = request.POST.get("remove_file", "")
    if file_id in form.attachment_ids():
        remove_file(UUID(file_id), actor=person(request), received_at=received_at)


def _receive_files(
    request: HttpRequest, pk: UUID, section: Section, received_at: datetime
) -> dict[str, list[Problem]]:
    """Take in each file that came along; what is refused is told at its question, and the others stay."""
    problems: dict[str, list[Problem]] = {}
    city = request.city  # type: ignore[attr-defined]
    for question in section.questions if request.FILES else ():
        for place, file in posted_files(question, request.FILES):
            try:
                receive_file(
                    city, pk, question.key, place, file, actor=person(request), received_at=received_at
                )
            except RuleError as refusal:
                name = f"{file.name}: " if isinstance(refusal, FileRefusedError) and file.name else ""
                problems.setdefault(question.key, []).append(Problem(f"{name}{refusal}", "file", place))
    return problems


def _go_on(
    request: HttpRequest, form: FilledForm, section: Section, redraw: Redraw, before: frozenset[str]
) -> HttpResponse:
    """Show the page again where something needs a look, else lead on."""
    here = reverse(
        "grants:apply-section",
        kwargs={"city": form.city.slug, "pk": form.application.pk, "section": section.key},
    )
    if redraw.outcome.has_trouble or redraw.problems:
        return _draw(request, SectionPage(form, section, redraw))
    if has_button(request.POST):
        touched = _touched(section, request.POST)
        more = (
            {"add": touched}
            if any(added_rows(question, request.POST) for question in section.questions)
            else {}
        )
        return HttpResponseRedirect(f"{here}?{urlencode(more)}#{_anchor(section, touched)}")
    if any(saved.problems for saved in redraw.outcome.saved.values()):
        return _draw(request, SectionPage(form, section, redraw))
    if opened := newly_asked(section, before, form):
        return HttpResponseRedirect(f"{here}#{_anchor(section, opened)}")
    return _onward(request, SectionPage(form, section))


def _onward(request: HttpRequest, page: SectionPage) -> HttpResponse:
    where: dict[str, Any] = {"city": page.form.city.slug, "pk": page.form.application.pk}
    if request.POST.get("next") == "list":
        return HttpResponseRedirect(reverse("grants:apply-overview", kwargs=where))
    if page.next_section is None or request.POST.get("next") == "check":
        return HttpResponseRedirect(reverse("grants:apply-review", kwargs=where))
    return HttpResponseRedirect(
        reverse("grants:apply-section", kwargs={**where, "section": page.next_section.key})
    )


def _touched(section: Section, data: Any) -> str:
    """Return the key of the question whose button was pressed."""
    pressed = str(data.get("add_row") or data.get("remove_row") or data.get("upload") or "")
    key = pressed.removeprefix("q.").split(":")[0].split(".")[0]
    return key if any(question.key == key for question in section.questions) else ""


def _anchor(section: Section, key: str) -> str:
    question = next((question for question in section.questions if question.key == key), None)
    return identifier(field_name(question)) if question else "main"


def _draw(request: HttpRequest, page: SectionPage, *, status: int = 200) -> HttpResponse:
    outcome: PageSaved = page.redraw.outcome
    context = {
        "page": page,
        "form_url": request.path,
        "from_check": "check" in request.GET,
        "answers_are_saved": bool(outcome.saved) and not outcome.has_trouble,
    }
    return render(request, "grants/applications/apply_section.html", context, status=status)
