"""The desk's pages: what waits to be published, and all projects."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.rules import requires
from cities.interface.formats import number
from cities.tenancy.errors import RuleError
from projects.delivery.actions import (
    describe_project,
    hide_update,
    publish_project,
    publish_update,
    set_project_status,
    unpublish_project,
)
from projects.delivery.forms import DeskFilter, PageForm, ReasonForm, StatusForm
from projects.delivery.models import Project, Update
from projects.delivery.permissions import (
    can_publish,
    can_publish_here,
    can_run,
    can_see_on_desk,
    can_see_projects_desk,
    is_lead,
    person,
)
from projects.delivery.queries import (
    TONES,
    UPDATE_TONES,
    UpdateQueue,
    desk_list,
    projects_with_award,
    updates_of,
    updates_with_project,
)
from projects.delivery.states import CAN_HIDE, CAN_PUBLISH, Status, UpdateStatus

from . import PAGES, city_of, to_first_page


@require_safe
@requires(can_see_projects_desk)
def desk(request: HttpRequest) -> HttpResponse:
    """What residents told and nobody looked at yet, the longest-waiting first."""
    queue = UpdateQueue(request.user, request.GET)
    if (begin := to_first_page(request, queue.page)) is not None:
        return begin
    publishes = can_publish_here(request.user, city_of(request))
    rows = [(row, publishes and not is_lead(request.user, row.project)) for row in queue.updates]
    shown = _("%(rows)s of %(count)s") % {"rows": number(len(rows)), "count": number(queue.count)}
    context = {"queue": queue, "rows": rows, "shown": shown, "tab": "updates"}
    return render(request, f"{PAGES}/desk_updates.html", context)


@require_safe
@requires(can_see_projects_desk)
def desk_projects(request: HttpRequest) -> HttpResponse:
    """All projects of the city, with how far they are and whether everybody sees them."""
    city = city_of(request)
    found, queue = desk_list(request.user, city, request.GET), UpdateQueue(request.user, {})
    if (begin := to_first_page(request, found.page)) is not None:
        return begin
    rows = [
        {**row, "word": Status(row["status"]).label, "tone": TONES[row["status"]]} for row in found.page.rows
    ]
    context = {
        "list": found,
        "queue": queue,
        "rows": rows,
        "form": DeskFilter(request.GET, neighborhoods=found.neighborhoods),
        "shown": _("%(rows)s of %(count)s") % {"rows": number(len(rows)), "count": number(found.count)},
        "tab": "projects",
    }
    return render(request, f"{PAGES}/desk_projects.html", context)


@require_safe
@requires(can_see_on_desk, fetch=projects_with_award)
def desk_project(request: HttpRequest, project: Project) -> HttpResponse:
    """One project at the desk: how far it is, who sees it, and all that was told."""
    return _project(request, project)


@require_POST
@requires(can_run, fetch=projects_with_award)
def project_status(request: HttpRequest, project: Project) -> HttpResponse:
    """Say how far a project is."""
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _project(request, project, form=form, status=422)
    wanted = Status(form.cleaned_data["status"])
    try:
        set_project_status(project.pk, status=wanted, actor=person(request), seen=_seen(request))
    except RuleError as refusal:
        form.add_error("status" if refusal.field else None, str(refusal))
        return _project(request, project, form=form, status=refusal.status)
    messages.success(request, _("“%(title)s”: saved.") % {"title": project.title})
    return _to_project(project)


@require_http_methods(["GET", "POST"])
@requires(can_run, fetch=projects_with_award)
def project_page(request: HttpRequest, project: Project) -> HttpResponse:
    """Correct what the public page says: name, group and place, and whether the map shows a point."""
    form = PageForm(request.POST if request.method == "POST" else None, project=project)
    seen, status = _seen(request) or project.seen, 422 if form.errors else 200
    if form.is_valid():
        try:
            describe_project(project.pk, words=form.cleaned_data, actor=person(request), seen=seen)
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
            seen, status = projects_with_award().get(pk=project.pk).seen, refusal.status
        else:
            messages.success(request, _("“%(title)s”: saved.") % {"title": form.cleaned_data["title"]})
            return _to_project(project)
    context = {"project": project, "form": form, "seen": seen}
    return render(request, f"{PAGES}/project_page.html", context, status=status)


@require_POST
@requires(can_run, fetch=projects_with_award)
def project_show(request: HttpRequest, project: Project) -> HttpResponse:
    """Show a project to everybody."""
    try:
        publish_project(project.pk, actor=person(request), seen=_seen(request))
    except RuleError as refusal:
        return _refused(request, project, refusal)
    messages.success(request, _("Everybody can see “%(title)s” now.") % {"title": project.title})
    return _to_project(project)


@require_http_methods(["GET", "POST"])
@requires(can_run, fetch=projects_with_award)
def project_hide(request: HttpRequest, project: Project) -> HttpResponse:
    """Say what will happen, then take a project off the public pages, with a reason that its lead reads."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            unpublish_project(project.pk, reason=reason, actor=person(request), seen=_seen(request))
        except RuleError as refusal:
            return _refused(request, project, refusal)
        messages.success(request, _("“%(title)s” is off the public pages.") % {"title": project.title})
        return _to_project(project)
    context = {"project": project, "form": form, "seen": _seen(request) or project.seen}
    return render(request, f"{PAGES}/project_hide.html", context, status=422 if form.errors else 200)


@require_POST
@requires(can_publish, fetch=updates_with_project)
def update_publish(request: HttpRequest, update: Update) -> HttpResponse:
    """Show an update to everybody, then go on where the person was."""
    try:
        project = publish_update(update.pk, actor=person(request), seen=_seen(request)).project
    except RuleError as refusal:
        return _refused(request, update.project, refusal)
    if project.hidden_at is None:
        messages.success(request, _("Published. The author is told."))
    else:
        messages.warning(
            request,
            _("Published, but nobody else sees it yet: “%(title)s” was taken off the public pages.")
            % {"title": project.title},
        )
    return _back(request, update)


@require_http_methods(["GET", "POST"])
@requires(can_publish, fetch=updates_with_project)
def update_hide(request: HttpRequest, update: Update) -> HttpResponse:
    """Keep an update from everybody, with a reason that its author reads."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        if update.status not in CAN_HIDE:
            return _to_project(update.project)
        return _update_hide_page(request, update, form=form, status=422 if form.is_bound else 200)
    reason = form.cleaned_data["reason"]
    try:
        hide_update(update.pk, reason=reason, actor=person(request), seen=_seen(request))
    except RuleError as refusal:
        fresh = updates_with_project().get(pk=update.pk)
        if fresh.status not in CAN_HIDE:
            return _refused(request, fresh.project, refusal)
        return _update_hide_page(request, fresh, form=form, refused=str(refusal), status=refusal.status)
    messages.success(request, _("Not shown. The author reads why."))
    return _back(request, update)


def _seen(request: HttpRequest) -> str | None:
    """Return the ticket of what the page showed."""
    return request.POST.get("seen")


def _refused(request: HttpRequest, project: Project, refusal: RuleError) -> HttpResponse:
    """Say why nothing was done, on the project's page as it is now."""
    fresh = projects_with_award().get(pk=project.pk)
    return _project(request, fresh, refused=str(refusal), status=refusal.status)


def _project(
    request: HttpRequest, project: Project, *, form: Any = None, refused: str = "", status: int = 200
) -> HttpResponse:
    told = updates_of(project, {UpdateStatus.WAITING, UpdateStatus.PUBLISHED, UpdateStatus.HIDDEN})
    may_run = can_run(request.user, project)
    rows = [
        {
            "update": row,
            "tone": UPDATE_TONES[UpdateStatus(row.status)],
            "may_publish": may_run and row.status in CAN_PUBLISH,
            "may_hide": may_run and row.status in CAN_HIDE,
        }
        for row in told
    ]
    context = {
        "project": project,
        "rows": rows,
        "tone": TONES[Status(project.status)],
        "may_run": may_run,
        "form": form or StatusForm(initial={"status": project.status}),
        "refused": refused,
    }
    return render(request, f"{PAGES}/desk_project.html", context, status=status)


def _update_hide_page(
    request: HttpRequest, update: Update, *, form: ReasonForm, refused: str = "", status: int
) -> HttpResponse:
    context = {
        "update": update,
        "project": update.project,
        "form": form,
        "refused": refused,
        # Who was told of a change has seen it; who corrects what they typed keeps their page's ticket.
        "seen": (not refused and _seen(request)) or update.seen,
    }
    return render(request, f"{PAGES}/update_hide.html", context, status=status)


def _to_project(project: Project) -> HttpResponse:
    return redirect("projects:desk-project", city=project.city.slug, pk=project.pk)


def _back(request: HttpRequest, update: Update) -> HttpResponse:
    """Go on in the queue, or on the project's page, where the deed was done."""
    if request.POST.get("from") == "project":
        return _to_project(update.project)
    return redirect("projects:desk", city=city_of(request).slug)
