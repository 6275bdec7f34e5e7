"""Documents over the API, in a city and at the Center."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from cities.tenancy.models import City

from .actions import cancel_document, request_document, retry_document
from .downloads import download
from .errors import UnknownKindError
from .models import Document
from .permissions import (
    can_see_center_reports,
    can_see_document,
    can_see_reports,
    can_steer_document,
    person,
)
from .queries import center_documents, center_place, document_page, documents_here, offered, words_of
from .registry import Kind
from .states import Status


class DocumentSerializer(serializers.Serializer[Document]):
    """One document. ``row_count`` and ``sha256`` say what the file held when it was made."""

    id = serializers.UUIDField(source="pk")
    kind = serializers.CharField()
    title = serializers.CharField()
    subject_id = serializers.UUIDField(allow_null=True)
    language = serializers.CharField()
    requested_by = serializers.CharField(source="requested_by.name")
    status = serializers.ChoiceField(choices=Status.choices)
    progress = serializers.IntegerField(help_text="Percent.")
    words = serializers.SerializerMethodField(help_text="How far it is, in the reader's language.")
    failure = serializers.CharField()
    row_count = serializers.IntegerField(allow_null=True)
    file_name = serializers.CharField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_words(self, document: Document) -> str:
        return words_of(document)


class KindSerializer(serializers.Serializer[Kind]):
    kind = serializers.CharField(source="name")
    label = serializers.CharField()  # type: ignore[assignment]  # a serializer has one of its own
    summary = serializers.CharField()
    format = serializers.CharField()
    parameters = serializers.SerializerMethodField(help_text="Names of what has to be sent along.")

    def get_parameters(self, kind: Kind) -> list[str]:
        return list(kind.form.base_fields)


class DocumentPageSerializer(serializers.Serializer[Any]):
    after = serializers.CharField(allow_blank=True, help_text="Cursor of what is older.")
    kinds = KindSerializer(many=True, help_text="What this person may have made.")
    results = DocumentSerializer(source="documents", many=True)


class WishSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(max_length=60)
    parameters = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)


def wish(request: Request, place: City) -> Document:
    """Read what is wanted by the kind's own form, and ask for it."""
    serializer = WishSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    wanted = serializer.validated_data
    kind = next((kind for kind in offered(request.user, place) if kind.name == wanted["kind"]), None)
    if kind is None:
        raise UnknownKindError(_("There is no such report here."), field="kind")
    form = kind.form(wanted["parameters"], place=place, user=request.user)
    if not form.is_valid():
        errors = {name: [str(one) for one in sentences] for name, sentences in form.errors.items()}
        raise serializers.ValidationError({"parameters": errors})
    return request_document(
        kind.name, parameters=form.parameters(), title=form.title(str(kind.label)), subject_id=form.subject_id(), actor=person(request)
    )  # fmt: skip


class _Documents(APIView):
    def place(self) -> City:
        raise NotImplementedError

    def get(self, request: Request, **_kwargs: Any) -> Response:
        page = document_page(request.user, self.place(), after=request.query_params.get("after", ""))
        kinds = offered(request.user, self.place())
        shown = {"after": page.after, "documents": page.documents, "kinds": kinds}
        return Response(DocumentPageSerializer(shown).data)

    def post(self, request: Request, **_kwargs: Any) -> Response:
        return Response(DocumentSerializer(wish(request, self.place())).data, status=status.HTTP_201_CREATED)


_LIST: dict[str, Any] = {"parameters": [OpenApiParameter("after", str)], "responses": DocumentPageSerializer}
_WISH: dict[str, Any] = {"request": WishSerializer, "responses": {201: DocumentSerializer}}


@extend_schema_view(
    get=extend_schema(operation_id="document_list", **_LIST),
    post=extend_schema(operation_id="document_request", **_WISH),
)
class Documents(_Documents):
    """The city's reports: what can be made, what was, and a wish for one more."""

    rules = {"GET": can_see_reports, "POST": can_see_reports}

    def place(self) -> City:
        city: City = self.request._request.city  # type: ignore[attr-defined]
        return city


@extend_schema_view(
    get=extend_schema(operation_id="center_document_list", **_LIST),
    post=extend_schema(operation_id="center_document_request", **_WISH),
)
class CenterDocuments(_Documents):
    """The Center's reports."""

    rules = {"GET": can_see_center_reports, "POST": can_see_center_reports}

    def get_ruled_object(self) -> None:
        return None

    def place(self) -> City:
        return center_place()


class _One(APIView):
    """A view of one document; rules are asked about it."""

    fetch: Any = staticmethod(documents_here)

    def get_ruled_object(self) -> Document:
        document: Document = fetch_or_404(type(self).fetch, self.kwargs["pk"])
        return document


class _Detail(_One):
    rules = {"GET": can_see_document}

    def get(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        return Response(DocumentSerializer(self.get_ruled_object()).data)


class _File(_One):
    rules = {"GET": can_see_document}

    def get(self, request: Request, pk: UUID, **_kwargs: Any) -> HttpResponseBase:
        return download(self.get_ruled_object(), request.user)


class _Cancellation(_One):
    rules = {"POST": can_steer_document}

    def post(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        return Response(DocumentSerializer(cancel_document(pk, actor=person(request))).data)


class _Repetition(_One):
    rules = {"POST": can_steer_document}

    def post(self, request: Request, pk: UUID, **_kwargs: Any) -> Response:
        return Response(DocumentSerializer(retry_document(pk, actor=person(request))).data)


_FILE: dict[str, Any] = {"responses": {(200, "application/octet-stream"): OpenApiTypes.BINARY}}
_DEED: dict[str, Any] = {"request": None, "responses": DocumentSerializer}


@extend_schema_view(get=extend_schema(operation_id="document_detail", responses=DocumentSerializer))
class DocumentDetail(_Detail):
    """One document, and how far it is."""


@extend_schema_view(get=extend_schema(operation_id="document_file", **_FILE))
class DocumentFile(_File):
    """The file."""


@extend_schema_view(post=extend_schema(operation_id="document_cancel", **_DEED))
class DocumentCancellation(_Cancellation):
    """Stop what is being made."""


@extend_schema_view(post=extend_schema(operation_id="document_retry", **_DEED))
class DocumentRepetition(_Repetition):
    """Have what failed or was cancelled made after all."""


@extend_schema_view(get=extend_schema(operation_id="center_document_detail", responses=DocumentSerializer))
class CenterDocumentDetail(_Detail):
    """One document of the Center."""

    fetch = staticmethod(center_documents)


@extend_schema_view(get=extend_schema(operation_id="center_document_file", **_FILE))
class CenterDocumentFile(_File):
    """The file."""

    fetch = staticmethod(center_documents)


@extend_schema_view(post=extend_schema(operation_id="center_document_cancel", **_DEED))
class CenterDocumentCancellation(_Cancellation):
    """Stop what is being made."""

    fetch = staticmethod(center_documents)


@extend_schema_view(post=extend_schema(operation_id="center_document_retry", **_DEED))
class CenterDocumentRepetition(_Repetition):
    """Have what failed or was cancelled made after all."""

    fetch = staticmethod(center_documents)
