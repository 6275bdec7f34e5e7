"""Reads of documents for pages and the API."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cities.access.memberships import is_desk
from cities.interface.formats import percent
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, open_scope

from .models import Document
from .permissions import visible_to
from .registry import Kind, kind_of, kinds_at
from .states import UNDER_WAY, Status

SIZE = 30
TONES = {
    Status.FINISHED: "success",
    Status.FAILED: "danger",
    Status.RUNNING: "info",
    Status.WAITING: "waiting",
}


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """Newest first. ``after`` is the cursor of what is older, empty at the end."""

    documents: list[Document]
    after: str


def center_place() -> City:
    """Return the Center's own row."""
    return City.objects.get(pk=CENTER_ID)


def documents_here() -> QuerySet[Document]:
    """Return the documents of the open city, with whoever asked for them."""
    found: QuerySet[Document] = Document.objects.select_related("requested_by", "city")
    return found


def center_documents() -> QuerySet[Document]:
    """Return the Center's own documents, of all that it could read.

    Raises ``PermissionDenied`` where the Center's door isn't open: it opens only for those who hold a role there.
    """
    scope = open_scope()
    if scope is None or scope.door != "center":
        raise PermissionDenied
    return documents_here().filter(city_id=CENTER_ID)


def document_page(user: Any, place: City, *, after: str = "", size: int = SIZE) -> DocumentPage:
    """Read one page of what this person may open."""
    rows = visible_to(user, place).select_related("requested_by", "city").order_by("-pk")
    if cursor := _cursor(after):
        rows = rows.filter(pk__lt=cursor)
    documents = list(rows[: size + 1])
    return DocumentPage(documents[:size], str(documents[size - 1].pk) if len(documents) > size else "")


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def offered(user: Any, place: City) -> list[Kind]:
    """Return the kinds that this person may have made from the page of reports."""
    kinds = kinds_at("center" if place.pk == CENTER_ID else "city")
    return [kind for kind in kinds if kind.listed and kind.rule(user, place)]


def address_of(document: Document, user: Any) -> str:
    """Return the page of a document for this person: at the Center, at the desk, or a resident's own."""
    if document.city_id == CENTER_ID:
        return reverse("cities:center-report-detail", kwargs={"pk": document.pk})
    name = "report-detail" if is_desk(user, document.city_id) else "document-detail"
    return reverse(f"cities:{name}", kwargs={"city": document.city.slug, "pk": document.pk})


def label_of(document: Document) -> str:
    kind = kind_of(document.kind)
    return str(kind.label) if kind else document.kind


def tone_of(document: Document) -> str:
    return TONES.get(Status(document.status), "neutral")


def is_under_way(document: Document) -> bool:
    return document.status in UNDER_WAY


def words_of(document: Document) -> str:
    """Say in words how far it is."""
    if document.status == Status.WAITING:
        return _("Waits its turn") if document.attempts == 0 else _("Waits for another try")
    if document.status == Status.RUNNING:
        return percent(document.progress, 100)
    return str(document.get_status_display())
