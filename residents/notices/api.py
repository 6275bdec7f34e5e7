"""The inbox over the API."""

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import is_signed_in

from .actions import mark_read
from .queries import Entry, inbox_page, letters_to
from .registry import write_letter


class LetterSerializer(serializers.Serializer[Entry]):
    id = serializers.UUIDField(source="message.pk")
    kind = serializers.CharField(source="message.kind")
    city = serializers.CharField(source="message.city.name")
    at = serializers.DateTimeField(source="message.created_at")
    read_at = serializers.DateTimeField(source="message.read_at", allow_null=True)
    subject = serializers.CharField(source="letter.subject")
    text = serializers.CharField(source="letter.text")
    path = serializers.CharField(source="letter.path")


class InboxPageSerializer(serializers.Serializer[Any]):
    letters = LetterSerializer(many=True)
    before = serializers.UUIDField(allow_null=True, help_text="Pass it as ?before= for older letters.")


class Inbox(APIView):
    """The signed-in person's letters."""

    rules = {"GET": is_signed_in}

    @extend_schema(
        responses=InboxPageSerializer,
        operation_id="inbox_list",
        parameters=[OpenApiParameter("before", str, description="Older than this letter")],
    )
    def get(self, request: Request) -> Response:
        shape = serializers.UUIDField(allow_null=True)
        before: UUID | None = shape.run_validation(request.query_params.get("before") or None)
        entries, after = inbox_page(request.user, before)
        return Response(InboxPageSerializer({"letters": entries, "before": after}).data)


class InboxRead(APIView):
    """Mark one letter as read."""

    rules = {"POST": is_signed_in}

    @extend_schema(request=None, responses=LetterSerializer)
    def post(self, request: Request, pk: UUID) -> Response:
        mark_read(request.user, pk)
        message = letters_to(request.user).filter(pk=pk).first()
        if message is None:
            raise Http404
        return Response(LetterSerializer(Entry(message, write_letter(message))).data)
