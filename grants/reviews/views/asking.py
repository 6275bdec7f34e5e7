"""The desk's pages about reviews: how they go, asking people, one application's reviews, conflicts."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.queries import members
from cities.access.rules import requires
from cities.interface.formats import number
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from grants.applications.desk.states import TONES
from grants.applications.models import Application, Conflict
from grants.applications.permissions import person
from grants.applications.states import Status
from grants.reviews.actions import (
    assign_reviews,
    declare_conflict,
    lift_conflict,
    release_review,
    reopen_review,
    share_reviews,
)
from grants.reviews.forms import AssignForm, DeclareForm, RecordForm
from grants.reviews.models import Review
from grants.reviews.permissions import (
    can_assign_here,
    can_lift_conflict,
    can_record_conflict,
    can_release,
    can_reopen,
    can_see_reviews,
    can_see_reviews_of,
)
from grants.reviews.progress import ReviewQueue
from grants.reviews.queries import (
    Load,
    ShownReview,
    applications_in_reach,
    conflicts_with_application,
    lines_of,
    reviews_with_application,
    rubric_of,
    seats_of,
    sheet_of,
    standing_conflicts,
    today_in,
)
from grants.reviews.rubric import plain

PAGES = "grants/reviews/desk"
MANY = 500


@require_safe
@requires(can_see_reviews)
def progress_list(request: HttpRequest) -> HttpResponse:
    """A call's applications with who reviews them, and everybody's load. What shapes it stands in the address."""
    queue = ReviewQueue(request.user, _city(request), request.GET)
    queue.offer_choices()
    context = {
        "queue": queue,
        "rubric": rubric_of(queue.cycle) if queue.cycle else None,
        "form": queue.form,
        "rows": [
            (row, Status(row.application["status"]).label, TONES[row.application["status"]])
            for row in queue.listed
        ],
        "shown": _("%(rows)s of %(count)s")
        % {"rows": number(len(queue.page.rows)), "count": number(queue.count)},
        "clear_url": f"?cycle={queue.cycle.slug}" if queue.cycle and "cycle" in request.GET else request.path,
        "may_assign": can_assign_here(request.user, queue.city),
        "today": today_in(queue.city),
    }
    return render(request, f"{PAGES}/progress_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_assign_here)
def review_assign(request: HttpRequest) -> HttpResponse:
    """Pick people for the ticked applications (POST), or for all that the filter leaves; then ask all, or nobody."""
    queue, ids, address = _picked(request)
    back = reverse("grants:reviews-progress", args=[queue.city.slug]) + address
    rows = _rows(queue, ids)
    if not rows:
        messages.warning(request, _("Pick some applications that are ready for review first."))
        return redirect(back)
    way = request.POST.get("way", "")
    form, status = AssignForm(request.POST if way else None, people=_people(queue.loads)), 422 if way else 200
    if way and form.is_valid():
        try:
            # What was confirmed, not what is left of it: a row that is gone stops all of it.
            done = _ask(form.cleaned_data, ids, way, request)
        except RuleError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _asked(done))
            return redirect(back)
    left_out = len(ids) - len(rows) if ids else 0
    context = {
        "queue": queue,
        "rows": rows,
        "form": form,
        "back": back,
        "address": address,
        "left_out": left_out,
    }
    return render(request, f"{PAGES}/review_assign.html", context, status=status)


@require_safe
@requires(can_see_reviews_of, fetch=applications_in_reach)
def application_reviews(request: HttpRequest, application: Application) -> HttpResponse:
    """One application's reviews, word by word, and who has a conflict with it."""
    return _reviews(request, application)


@require_POST
@requires(can_see_reviews_of, fetch=applications_in_reach)
def conflict_declare(request: HttpRequest, application: Application) -> HttpResponse:
    """Somebody at the desk declares a conflict of their own: from then on they don't see the application."""
    form = DeclareForm(request.POST, prefix="own")
    return _note(request, application, form, reverse("grants:reviews-progress", args=[application.city_slug]))


@require_POST
@requires(can_record_conflict, fetch=applications_in_reach)
def conflict_record(request: HttpRequest, application: Application) -> HttpResponse:
    """A manager notes somebody else's conflict."""
    form = RecordForm(request.POST, prefix="other", people=[member.user for member in members()])
    return _note(request, application, form, _address(application))


@require_POST
@requires(can_lift_conflict, fetch=conflicts_with_application)
def conflict_lift(request: HttpRequest, conflict: Conflict) -> HttpResponse:
    """A manager says that somebody's conflict doesn't stand."""
    try:
        lift_conflict(conflict.pk, actor=person(request))
    except RuleError as refusal:
        return _reviews(request, _fresh(conflict.application_id), refused=refusal)
    messages.success(request, _("%(name)s may see this application again.") % {"name": conflict.person})
    return redirect(_address(conflict.application))


@require_POST
@requires(can_release, fetch=reviews_with_application)
def review_release(request: HttpRequest, review: Review) -> HttpResponse:
    """Take a review off its reviewer."""
    return _deed(request, review, release_review, _("%(name)s no longer reviews this application."))


@require_POST
@requires(can_reopen, fetch=reviews_with_application)
def review_return(request: HttpRequest, review: Review) -> HttpResponse:
    """Give a sent review back to its reviewer, to be changed."""
    return _deed(request, review, reopen_review, _("%(name)s can change the scores now."))


def _deed(request: HttpRequest, review: Review, deed: Any, said: str) -> HttpResponse:
    try:
        deed(review.pk, actor=person(request))
    except RuleError as refusal:
        return _reviews(request, _fresh(review.application_id), refused=refusal)
    messages.success(request, said % {"name": review.reviewer})
    return redirect(_address(review.application))


def _note(request: HttpRequest, application: Application, form: DeclareForm, then: str) -> HttpResponse:
    status = 422
    if form.is_valid():
        who = form.chosen if isinstance(form, RecordForm) else person(request)
        found = form.cleaned_data
        try:
            declare_conflict(
                application.pk, person=who, kind=found["kind"], words=found["words"], actor=person(request)
            )
        except RuleError as refusal:
            status = refusal.status
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Noted. The application is hidden from %(name)s now.") % {"name": who}
            )
            # Whoever recorded their own conflict can't look at the application any more.
            hidden = who.pk == request.user.pk
            return redirect(
                reverse("grants:reviews-progress", args=[application.city_slug]) if hidden else then
            )
    return _reviews(request, application, form=form, status=status)


def _reviews(
    request: HttpRequest,
    application: Application,
    *,
    form: DeclareForm | None = None,
    refused: RuleError | None = None,
    status: int = 200,
) -> HttpResponse:
    rubric, seats = rubric_of(application.cycle), seats_of([application.pk])[application.pk]
    may_record = can_record_conflict(request.user, application)
    own = form if form is not None and not isinstance(form, RecordForm) else DeclareForm(prefix="own")
    other = form if isinstance(form, RecordForm) else None
    if other is None and may_record:
        other = RecordForm(prefix="other", people=[member.user for member in members()])
    context = {
        "application": application,
        "eyebrow": f"{application.reference} · {application.cycle_name}",
        "reviews": [ShownReview(review, lines_of(rubric, sheet_of(review))) for review in seats.reviews],
        "hides_scores": seats.hides_scores_from(request.user),
        "rubric": rubric,
        "most": plain(rubric.most_with_bonus),
        "conflicts": standing_conflicts(application),
        "own": own,
        "other": other,
        "refused": refused,
        "may_assign": can_assign_here(request.user, application.city),
        "may_record": may_record,
        "is_in_review": application.status == Status.ELIGIBLE,
        "today": today_in(application.city),
    }
    return render(
        request, f"{PAGES}/application_reviews.html", context, status=refused.status if refused else status
    )


def _fresh(application_id: UUID) -> Application:
    found: Application = applications_in_reach().get(pk=application_id)
    return found


def _picked(request: HttpRequest) -> tuple[ReviewQueue, list[UUID], str]:
    """Return the view of the queue that the person came from, and what they ticked in it."""
    address = request.POST.get("address", "")
    address = address if address.startswith("?") else ""
    query = QueryDict(address[1:]) if request.method == "POST" else request.GET
    ids = [key for key in map(_uuid, request.POST.getlist("selected")[:MANY]) if key]
    queue = ReviewQueue(request.user, _city(request), query, is_posted=request.method == "POST")
    return queue, ids, queue.address


def _rows(queue: ReviewQueue, ids: list[UUID]) -> list[Application]:
    """Return what was ticked, or for a link all of the filter, as far as it can be assigned."""
    if not ids and queue.is_posted:
        return []
    columns = ("id", "reference", "title", "assigned_count", "city_id")
    return list(queue.chosen(ids).only(*columns).order_by("reference")[:MANY])


def _ask(found: dict[str, Any], ids: list[UUID], way: str, request: HttpRequest) -> list[Review]:
    reviewers, due, actor = [UUID(key) for key in found["reviewers"]], found["due_on"], person(request)
    if way == "share":
        return share_reviews(ids, reviewers, each=found["each"] or 0, actor=actor, due_on=due)
    return assign_reviews(ids, reviewers, actor=actor, due_on=due)


def _people(loads: list[Load]) -> list[tuple[Any, str]]:
    said = _("%(name)s (%(left)s to do)")
    outside = _("%(name)s, from outside (%(left)s to do)")
    return [
        (load.user, (outside if load.is_outside else said) % {"name": load.user, "left": load.left})
        for load in loads
        if load.roles
    ]


def _asked(done: list[Review]) -> str:
    words = ngettext(
        "%(count)s review is assigned. Its reviewer is told.",
        "%(count)s reviews are assigned. Each reviewer gets one letter.",
        len(done),
    )
    return words % {"count": len(done)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _address(application: Application) -> str:
    return reverse("grants:reviews-application", args=[application.city_slug, application.pk])


def _city(request: HttpRequest) -> City:
    found: City = request.city  # type: ignore[attr-defined]
    return found
