"""The desk's pages: the queue, one application, and what staff say to it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.rules import requires
from cities.interface.formats import money, number
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from grants.applications.models import Application
from grants.applications.states import Status
from grants.cycles.models import Cycle

from .actions import add_note, screen_application, screen_applications
from .bulk import Selection
from .dossier import Dossier, applications_on_the_desk, applications_once_on_the_desk
from .forms import NoteForm, ScreeningForm
from .permissions import (
    can_read_notes,
    can_screen,
    can_screen_here,
    can_see_desk,
    can_see_on_desk,
    could_screen,
    person,
)
from .queue import Queue, neighbors
from .states import TONES, Decision

PAGES = "grants/applications/desk"


@require_safe
@requires(can_see_desk)
def application_list(request: HttpRequest) -> HttpResponse:
    """The queue. Everything that shapes it stands in the address, so a view can be shared."""
    queue = Queue(request.user, request.city, request.GET)  # type: ignore[attr-defined]
    queue.offer_choices()
    context = {
        "queue": queue,
        "rows": [
            {**row, "word": Status(row["status"]).label, "tone": TONES[row["status"]]}
            for row in queue.page.rows
        ],
        "shown": _("%(rows)s of %(count)s")
        % {"rows": number(len(queue.page.rows)), "count": number(queue.total.count)},
        "form": queue.form,
        "clear_url": f"?cycle={queue.cycle.slug}" if queue.cycle and "cycle" in request.GET else request.path,
        "can_screen": can_screen_here(request.user, queue.city),
    }
    return render(request, f"{PAGES}/application_list.html", context)


@require_safe
@requires(can_see_on_desk, fetch=applications_on_the_desk)
def application_detail(request: HttpRequest, application: Application) -> HttpResponse:
    """One application with everything on one page."""
    return _detail(request, application)


@require_POST
@requires(could_screen, fetch=applications_once_on_the_desk)
def application_screen(request: HttpRequest, application: Application) -> HttpResponse:
    """Decide about one application; a refusal comes back on the same page with what was typed."""
    form, status = ScreeningForm(request.POST), 422
    if form.is_valid():
        decision, words = form.cleaned_data["decision"], {"reason": form.cleaned_data["reason"]}
        try:
            screen_application(
                application.pk,
                decision=decision,
                actor=person(request),
                seen_as=form.cleaned_data["seen"],
                **words,
            )
        except RuleError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            said = {"reference": application.reference, "decision": decision.label}
            messages.success(request, _("%(reference)s: %(decision)s. The applicant is told.") % said)
            return redirect(_address(request, _following(request) or application.pk))
    fresh = applications_on_the_desk().filter(pk=application.pk).first()
    if fresh is None:
        return _left(request, application, typed=form.data.get("reason", ""))
    return _detail(request, fresh, screening=form, status=status)


@require_POST
@requires(could_screen, fetch=applications_once_on_the_desk)
def application_note(request: HttpRequest, application: Application) -> HttpResponse:
    """Write a note."""
    form, status = NoteForm(request.POST), 422
    if form.is_valid():
        try:
            add_note(application.pk, text=form.cleaned_data["text"], actor=person(request))
        except RuleError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect(f"{_address(request, application.pk)}#timeline")
    fresh = applications_on_the_desk().filter(pk=application.pk).first()
    if fresh is None:
        return _left(request, application, typed=form.data.get("text", ""))
    return _detail(request, fresh, note=form, status=status)


@require_http_methods(["GET", "POST"])
@requires(can_screen_here)
def application_bulk_screen(request: HttpRequest) -> HttpResponse:
    """Say what will happen to how many, then do it to all of them or to none."""
    selection, city, status = Selection.of(request.POST), request.city, 200  # type: ignore[attr-defined]
    back = reverse("grants:desk-application-list", args=[city.slug]) + selection.address
    if not selection.ids or selection.decision is None:
        messages.warning(request, _("Pick some applications first."))
        return redirect(back)
    if selection.is_confirmed and selection.form.is_valid():
        try:
            done = screen_applications(
                selection.chosen, decision=selection.decision, actor=person(request), reason=selection.reason
            )
        except RuleError as refusal:
            status = refusal.status
            selection.form.add_error(None, str(refusal))
        else:
            messages.success(request, _told(len(done), selection.decision))
            return redirect(back)
    selection.read(request.user, city)
    context = {
        "selection": selection,
        "form": selection.form,
        "back": back,
        **_consequence(len(selection.willing), selection.decision),
    }
    return render(request, f"{PAGES}/bulk_screen.html", context, status=status)


def _detail(
    request: HttpRequest,
    application: Application,
    *,
    screening: ScreeningForm | None = None,
    note: NoteForm | None = None,
    status: int = 200,
) -> HttpResponse:
    queue = Queue(request.user, request.city, request.GET, around=application.cycle)  # type: ignore[attr-defined]
    previous, following = neighbors(queue, application)
    is_own, with_notes = (
        application.applicant_id == request.user.pk,
        can_read_notes(request.user, application),
    )
    context = {
        "application": application,
        "dossier": Dossier(application, with_notes=with_notes, is_own=is_own),
        "eyebrow": f"{application.reference} · {application.cycle_name}",
        "limits": _limits(application.cycle, queue.city),
        "queue": queue,
        "list_url": reverse("grants:desk-application-list", args=[queue.city.slug]) + queue.address,
        "previous": previous,
        "following": following,
        "screening": screening or ScreeningForm(),
        "note": note or NoteForm(),
        "may_screen": can_screen(request.user, application),
        "is_own": is_own,
    }
    return render(request, f"{PAGES}/application_detail.html", context, status=status)


def _left(request: HttpRequest, application: Application, *, typed: str) -> HttpResponse:
    """Say that the applicant has opened it again, and give back what was typed."""
    city = request.city  # type: ignore[attr-defined]
    list_url = reverse("grants:desk-application-list", args=[city.slug])
    context = {"application": application, "list_url": list_url, "typed": typed.strip()}
    return render(request, f"{PAGES}/application_left.html", context, status=409)


def _address(request: HttpRequest, key: UUID) -> str:
    """Return an application's page in the same view of the queue."""
    path = reverse("grants:desk-application-detail", args=[request.city.slug, key])  # type: ignore[attr-defined]
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def _following(request: HttpRequest) -> UUID | None:
    """Return the application that the person asked to see next."""
    try:
        return UUID(request.POST.get("then", ""))
    except ValueError:
        return None


def _limits(cycle: Cycle, city: City) -> str:
    """Say between what amounts this call takes requests."""
    least, most = (
        money(cents, city.currency, short=True)
        for cents in (cycle.min_request_cents, cycle.max_request_cents)
    )
    if cycle.min_request_cents and cycle.max_request_cents:
        return _("%(least)s to %(most)s in this call") % {"least": least, "most": most}
    return _("up to %(most)s in this call") % {"most": most} if cycle.max_request_cents else ""


def _consequence(count: int, decision: Decision) -> dict[str, str]:
    """Say what will happen and to how many, before it does."""
    headings = {
        Decision.ELIGIBLE: ngettext(
            "Mark %(count)s application ready for review?",
            "Mark %(count)s applications ready for review?",
            count,
        ),
        Decision.INELIGIBLE: ngettext(
            "Turn down %(count)s application?", "Turn down %(count)s applications?", count
        ),
        Decision.SUBMITTED: ngettext(
            "Undo the screening of %(count)s application?",
            "Undo the screening of %(count)s applications?",
            count,
        ),
    }
    labels = {
        Decision.ELIGIBLE: _("Yes, mark ready"),
        Decision.INELIGIBLE: _("Yes, turn down"),
        Decision.SUBMITTED: _("Yes, undo"),
    }
    told = ngettext(
        "All of it happens, or nothing. The applicant gets a letter at once.",
        "All of it happens, or nothing. Each applicant gets a letter at once.",
        count,
    )
    return {"heading": headings[decision] % {"count": count}, "label": labels[decision], "consequence": told}


def _told(count: int, decision: Decision) -> str:
    words = ngettext(
        "%(count)s application: %(decision)s. The applicant is told.",
        "%(count)s applications: %(decision)s. Each applicant is told.",
        count,
    )
    return words % {"count": count, "decision": decision.label}
