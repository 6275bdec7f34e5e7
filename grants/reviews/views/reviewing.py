"""The reviewer's pages: a list, the question before a file opens, the file beside its score sheet."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.applications.desk.dossier import Dossier
from grants.applications.permissions import person
from grants.applications.states import Status as ApplicationStatus
from grants.reviews.actions import (
    declare_conflict,
    open_review,
    reopen_review,
    save_review,
    submit_review,
)
from grants.reviews.errors import SheetConflictError, SheetIncompleteError
from grants.reviews.forms import ConflictForm, DeclareForm, SheetForm
from grants.reviews.models import Review
from grants.reviews.permissions import can_open_sheet, can_review_here, can_score
from grants.reviews.queries import (
    limits_of,
    my_reviews,
    reviews_with_application,
    rubric_of,
    sheet_of,
    today_in,
)
from grants.reviews.rubric import Problem, plain, problems_of, total_of
from grants.reviews.states import Status

PAGES = "grants/reviews"


@require_safe
@requires(can_review_here)
def review_list(request: HttpRequest) -> HttpResponse:
    """What this person has to review here, and what they have sent."""
    city = request.city  # type: ignore[attr-defined]
    return render(
        request, f"{PAGES}/review_list.html", {"mine": my_reviews(request.user), "today": today_in(city)}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_open_sheet, fetch=reviews_with_application)
def review_sheet(request: HttpRequest, review: Review) -> HttpResponse:
    """First the question about conflicts; then the application beside its score sheet. POST saves the sheet."""
    if review.application.status == ApplicationStatus.WITHDRAWN:
        context = {"application": review.application, "back": _list(review)}
        return render(request, f"{PAGES}/review_withdrawn.html", context, status=410)
    if review.cleared_at is None:
        return _question(request, review, ConflictForm())
    if request.method != "POST" or not _is_open(review):
        return _sheet(request, review)
    form, status = _form(review, request.POST), 422
    if form.is_valid():
        try:
            save_review(
                review.pk, version=form.cleaned_data["version"], changes=form.changes(), actor=person(request)
            )
        except RuleError as refusal:
            status = refusal.status
            _add_refusal(form, refusal)
        else:
            return redirect(_after_saving(request, review))
    return _sheet(request, review, form=form, status=status)


@require_POST
@requires(can_score, fetch=reviews_with_application)
def review_open(request: HttpRequest, review: Review) -> HttpResponse:
    """The answer to the question: none opens the file, any other takes it off the list."""
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _question(request, review, form, status=422)
    try:
        if form.has_none:
            open_review(review.pk, actor=person(request))
            return redirect(_address(review))
        return _declare(request, review, form)
    except RuleError as refusal:
        form.add_error(None, str(refusal))
        return _question(request, review, form, status=refusal.status)


@require_http_methods(["GET", "POST"])
@requires(can_score, fetch=reviews_with_application)
def review_conflict(request: HttpRequest, review: Review) -> HttpResponse:
    """Declare a conflict that came to mind later."""
    form, status = DeclareForm(request.POST or None), 200
    if form.is_valid():
        try:
            return _declare(request, review, form)
        except RuleError as refusal:
            status = refusal.status
            form.add_error(None, str(refusal))
    context = {"review": review, "application": review.application, "form": form, "back": _address(review)}
    return render(request, f"{PAGES}/review_conflict.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(can_score, fetch=reviews_with_application)
def review_submit(request: HttpRequest, review: Review) -> HttpResponse:
    """Say what will be sent, then send it. What is missing leads back to the sheet."""
    if review.cleared_at is None or not _is_open(review):
        return redirect(_address(review))
    status = 200
    refused = ""
    if request.method == "POST":
        try:
            version = (
                int(request.POST.get("version") or -1) if request.POST.get("version", "").isdecimal() else -1
            )
            submit_review(review.pk, version=version, actor=person(request))
        except SheetIncompleteError as left:
            return _sheet(request, review, problems=left.problems, status=422)
        except RuleError as refusal:
            refused, status = str(refusal), refusal.status
        else:
            messages.success(request, _("Thank you. Your scores for %(reference)s are in.") % _named(review))
            return redirect(_list(review))
    problems = problems_of(
        rubric_of(review.application.cycle), sheet_of(review), limits_of(review.application)
    )
    if problems:
        return _sheet(request, review, problems=problems, status=422)
    context = {**_facts(review), "review": review, "refused": refused, "back": _address(review)}
    return render(request, f"{PAGES}/review_submit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(can_score, fetch=reviews_with_application)
def review_reopen(request: HttpRequest, review: Review) -> HttpResponse:
    """Take one's scores back to change them."""
    refused, status = "", 200
    if request.method == "POST":
        try:
            reopen_review(review.pk, actor=person(request))
        except RuleError as refusal:
            refused, status = str(refusal), refusal.status
        else:
            return redirect(_address(review))
    context = {**_facts(review), "review": review, "refused": refused, "back": _address(review)}
    return render(request, f"{PAGES}/review_reopen.html", context, status=status)


def _declare(request: HttpRequest, review: Review, form: ConflictForm | DeclareForm) -> HttpResponse:
    found, actor = form.cleaned_data, person(request)
    declare_conflict(
        review.application_id, person=actor, kind=found["kind"], words=found["words"], actor=actor
    )
    messages.success(
        request,
        _("Thank you for saying so. %(reference)s is off your list; a colleague will review it.")
        % _named(review),
    )
    return redirect(_list(review))


def _question(request: HttpRequest, review: Review, form: ConflictForm, *, status: int = 200) -> HttpResponse:
    context = {"review": review, "application": review.application, "form": form, "back": _list(review)}
    return render(request, f"{PAGES}/review_question.html", context, status=status)


def _sheet(
    request: HttpRequest,
    review: Review,
    *,
    form: SheetForm | None = None,
    problems: list[Problem] | tuple[Problem, ...] = (),
    status: int = 200,
) -> HttpResponse:
    is_unsaved = form is not None
    if form is None:
        form = _form(review)
        if problems:
            form.show(problems)
    context = {
        **_facts(review),
        "review": review,
        "dossier": Dossier(review.application),
        "form": form,
        "is_unsaved": is_unsaved,
        "is_open": _is_open(review),
        "may_reopen": review.status == Status.SUBMITTED and _in_review(review),
        "today": today_in(review.application.city),
        "back": _list(review),
    }
    return render(request, f"{PAGES}/review_sheet.html", context, status=status)


def _facts(review: Review) -> dict[str, Any]:
    """Return what every page of one review says of it."""
    application = review.application
    rubric = rubric_of(application.cycle)
    total = review.total if review.total is not None else total_of(rubric, sheet_of(review))
    return {
        "application": application,
        "rubric": rubric,
        "total": plain(total),
        "most": plain(rubric.most_with_bonus),
        "minimum": plain(rubric.minimum) if rubric.minimum is not None else "",
        "eyebrow": f"{application.reference} · {application.cycle_name}",
    }


def _form(review: Review, data: Any = None) -> SheetForm:
    return SheetForm(review, rubric_of(review.application.cycle), limits_of(review.application), data)


def _add_refusal(form: SheetForm, refusal: RuleError) -> None:
    if isinstance(refusal, SheetConflictError):
        # Whoever reads this and saves again means it: their words win, knowingly.
        form.data = dict(form.data.items()) | {"version": str(refusal.version)}
        refusal.message = _(
            "This sheet was changed in another window. Below is what you typed here. If you save again, it replaces the other."
        )
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def _after_saving(request: HttpRequest, review: Review) -> str:
    if request.POST.get("deed") == "send":
        return reverse("grants:review-submit", args=[review.application.city_slug, review.pk])
    messages.success(request, _("Saved. You can stop here and come back."))
    return _address(review)


def _is_open(review: Review) -> bool:
    return review.status == Status.ASSIGNED and _in_review(review)


def _in_review(review: Review) -> bool:
    return bool(review.application.status == ApplicationStatus.ELIGIBLE)


def _named(review: Review) -> dict[str, str]:
    return {"reference": review.application.reference or ""}


def _address(review: Review) -> str:
    return reverse("grants:review-sheet", args=[review.application.city_slug, review.pk])


def _list(review: Review) -> str:
    return reverse("grants:review-list", args=[review.application.city_slug])
