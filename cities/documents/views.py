"""Reports at the desk and at the Center, and a person's own documents."""

from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID

from .actions import cancel_document, request_document, retry_document
from .downloads import download
from .models import Document
from .permissions import can_see_center_reports, can_see_document, can_see_reports, can_steer_document, person
from .queries import (
    address_of,
    center_documents,
    center_place,
    document_page,
    documents_here,
    is_under_way,
    label_of,
    offered,
    words_of,
)
from .registry import Kind, kind_of

PAGES = "cities/documents"


@require_http_methods(["GET", "POST"])
@requires(can_see_reports)
def report_list(request: HttpRequest) -> HttpResponse:
    """What can be made in this city, and what was."""
    return _reports(request, request.city, f"{PAGES}/report_list.html")  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@requires(can_see_center_reports)
def center_report_list(request: HttpRequest) -> HttpResponse:
    """What can be made over all cities, and what was."""
    return _reports(request, center_place(), f"{PAGES}/center_report_list.html")


def _reports(request: HttpRequest, place: City, page: str) -> HttpResponse:
    cards = [(kind, _form(kind, place, request)) for kind in offered(request.user, place)]
    for kind, form in cards:
        if form.is_bound and form.is_valid():
            try:
                document = _request(kind, form, request)
            except RuleError as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect(address_of(document, request.user))
    if request.method == "POST" and not any(form.is_bound for _kind, form in cards):
        raise Http404
    shown = document_page(request.user, place, after=request.GET.get("after", ""))
    rows = [(row, address_of(row, request.user)) for row in shown.documents]
    context = {"cards": cards, "page": shown, "rows": rows, "place": place}
    return render(request, page, context, status=422 if request.method == "POST" else 200)


def _form(kind: Kind, place: City, request: HttpRequest) -> Any:
    data = request.POST if request.method == "POST" and request.POST.get("kind") == kind.name else None
    return kind.form(data, place=place, user=request.user, prefix=kind.name)


def _request(kind: Kind, form: Any, request: HttpRequest) -> Document:
    return request_document(
        kind.name,
        parameters=form.parameters(),
        title=form.title(str(kind.label)),
        subject_id=form.subject_id(),
        actor=person(request),
    )


def _page(request: HttpRequest, document: Document, base: str) -> HttpResponse:
    kind = kind_of(document.kind)
    context = {
        "base": base,
        "document": document,
        "kind": kind,
        "eyebrow": "" if document.title.startswith(label_of(document)) else label_of(document),
        "words": words_of(document),
        "under_way": is_under_way(document),
        "may_steer": can_steer_document(request.user, document),
        "is_center": document.city_id == CENTER_ID,
    }
    return render(request, f"{PAGES}/document_detail.html", context)


@require_safe
@requires(can_see_document, fetch=documents_here)
def report_detail(request: HttpRequest, document: Document) -> HttpResponse:
    """One document at the desk: how far it is, then the file and what proves it."""
    return _page(request, document, "base_staff.html")


@require_safe
@requires(can_see_document, fetch=center_documents)
def center_report_detail(request: HttpRequest, document: Document) -> HttpResponse:
    """One document of the Center."""
    return _page(request, document, "base_center.html")


@require_safe
@requires(can_see_document, fetch=documents_here)
def document_detail(request: HttpRequest, document: Document) -> HttpResponse:
    """A person's own document, on a page without the desk around it."""
    return _page(request, document, "base_city.html")


def _download(request: HttpRequest, document: Document) -> HttpResponse:
    # A file streams after the transaction is over; to decorators it is a response like any other.
    return cast("HttpResponse", download(document, request.user))


document_file = require_safe(requires(can_see_document, fetch=documents_here)(_download))
center_document_file = require_safe(requires(can_see_document, fetch=center_documents)(_download))


def _cancel(request: HttpRequest, document: Document) -> HttpResponse:
    try:
        cancel_document(document.pk, actor=person(request))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Cancelled. Nothing was made."))
    return redirect(address_of(document, request.user))


def _retry(request: HttpRequest, document: Document) -> HttpResponse:
    try:
        retry_document(document.pk, actor=person(request))
    except RuleError as refusal:
        messages.error(request, str(refusal))
    return redirect(address_of(document, request.user))


document_cancel = require_POST(requires(can_steer_document, fetch=documents_here)(_cancel))
document_retry = require_POST(requires(can_steer_document, fetch=documents_here)(_retry))
center_document_cancel = require_POST(requires(can_steer_document, fetch=center_documents)(_cancel))
center_document_retry = require_POST(requires(can_steer_document, fetch=center_documents)(_retry))
