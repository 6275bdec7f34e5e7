"""The desk over the API: the same queue, dossier and deeds, under the same rules."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from grants.applications.models import Application
from grants.applications.states import Status
from grants.cycles.questions import Json

from .actions import Chosen, add_note, screen_application, screen_applications, seen
from .dossier import Dossier, applications_on_the_desk
from .forms import NOTE_MAX, REASON_MAX
from .permissions import (
    can_add_note,
    can_read_notes,
    can_screen,
    can_screen_here,
    can_see_desk,
    can_see_on_desk,
    person,
)
from .queue import Queue
from .states import Decision


class QueueRowSerializer(serializers.Serializer[dict[str, Any]]):
    """One row of the queue."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    status = serializers.ChoiceField(choices=Status.choices)
    title = serializers.CharField()
    applicant_name = serializers.CharField()
    group_name = serializers.CharField()
    neighborhood = serializers.CharField()
    category = serializers.CharField()
    requested_cents = serializers.IntegerField(allow_null=True)
    file_count = serializers.IntegerField()
    note_count = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    seen = serializers.SerializerMethodField(
        help_text="Send this back with a decision: it says what you looked at."
    )

    def get_seen(self, row: dict[str, Any]) -> str:
        return seen(row["status"], row["screened_at"], row["submitted_at"])


class QueuePageSerializer(serializers.Serializer[Any]):
    """A page of the queue; ``after`` and ``before`` are cursors of the pages around it."""

    cycle = serializers.SlugField(allow_null=True)
    count = serializers.IntegerField(help_text="Of the whole filter.")
    requested_cents = serializers.IntegerField(help_text="Of the whole filter.")
    currency = serializers.CharField()
    after = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    results = QueueRowSerializer(many=True)


class EntrySerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    who = serializers.CharField()
    is_note = serializers.BooleanField()
    words = serializers.CharField()


class DossierSerializer(serializers.Serializer[Any]):
    """One application with its answers, files, screening and timeline."""

    id = serializers.UUIDField(source="application.pk")
    reference = serializers.CharField(source="application.reference")
    status = serializers.CharField(source="application.status")
    title = serializers.CharField(source="application.title")
    applicant_name = serializers.CharField(source="application.applicant_name")
    group_name = serializers.CharField(source="application.group_name")
    requested_cents = serializers.IntegerField(source="application.requested_cents", allow_null=True)
    currency = serializers.CharField(source="form.currency")
    screening_reason = serializers.CharField(source="application.screening_reason")
    answers_hash = serializers.CharField(source="application.answers_hash")
    submitted_at = serializers.DateTimeField(source="application.submitted_at")
    seen = serializers.CharField()
    answers = serializers.SerializerMethodField(
        help_text="By question key, in the canonical shape of its type."
    )
    files = serializers.SerializerMethodField()
    timeline = EntrySerializer(many=True)

    def get_answers(self, dossier: Dossier) -> dict[str, Json]:
        return {
            shown.question.key: shown.value for section in dossier.sections for shown in section.questions
        }

    def get_files(self, dossier: Dossier) -> list[dict[str, str]]:
        shown = [
            file for section in dossier.sections for question in section.questions for file in question.files
        ]
        return [{"id": file.id, "name": file.name, "url": file.url} for file in shown]


class ScreeningSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=Decision.choices)
    seen = serializers.CharField()
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_MAX)


class ChosenSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    seen = serializers.CharField()


class BulkScreeningSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=Decision.choices)
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=REASON_MAX)
    applications = ChosenSerializer(many=True, allow_empty=False, max_length=500)  # type: ignore[call-arg]


class ScreenedSerializer(serializers.Serializer[Any]):
    """What an application is after a decision."""

    id = serializers.UUIDField(source="pk")
    status = serializers.CharField()
    seen = serializers.SerializerMethodField()

    def get_seen(self, application: Application) -> str:
        return seen(application.status, application.screened_at, application.submitted_at)


class NewNoteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=NOTE_MAX)


class NoteSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    created_at = serializers.DateTimeField()


QUEUE_PARAMETERS = [
    OpenApiParameter("cycle", str, description="Web name of the call; the current one if left out."),
    OpenApiParameter("status", str, enum=["submitted", "eligible", "ineligible", "withdrawn"]),
    OpenApiParameter("q", str, description="Words of the name, group or title, or a reference."),
    OpenApiParameter("neighborhood", str),
    OpenApiParameter("category", str),
    OpenApiParameter("least", str, description="Smallest amount, as typed: 500 or 500.00."),
    OpenApiParameter("most", str),
    OpenApiParameter("photos", bool, description="Only with photos or files."),
    OpenApiParameter(
        "sort", str, description="submitted, amount, title, applicant or status; with a minus for falling."
    ),
    OpenApiParameter("after", str, description="Cursor of the page before."),
    OpenApiParameter("before", str),
]


class ApplicationList(APIView):
    """The queue."""

    rules = {"GET": can_see_desk}

    @extend_schema(
        operation_id="desk_applications_list", parameters=QUEUE_PARAMETERS, responses=QueuePageSerializer
    )
    def get(self, request: Request, city: str) -> Response:
        queue = Queue(request.user, request._request.city, request.query_params)  # type: ignore[attr-defined]
        page = queue.page
        body = {
            "cycle": queue.cycle.slug if queue.cycle else None,
            "count": queue.total.count,
            "requested_cents": queue.total.cents,
            "currency": queue.city.currency,
            "after": page.after,
            "before": page.before,
            "results": page.rows,
        }
        return Response(QueuePageSerializer(body).data)


class OneApplication(APIView):
    """Base of what concerns one application on the desk: found in this city, or 404."""

    def get_ruled_object(self) -> Application:
        application: Application = fetch_or_404(applications_on_the_desk, self.kwargs["pk"])
        return application


class ApplicationDetail(OneApplication):
    rules = {"GET": can_see_on_desk}

    @extend_schema(operation_id="desk_applications_retrieve", responses=DossierSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        application = fetch_or_404(applications_on_the_desk, pk)
        with_notes = can_read_notes(request.user, application)
        is_own = application.applicant_id == request.user.pk
        dossier = Dossier(application, with_notes=with_notes, is_own=is_own)
        return Response(DossierSerializer(dossier).data)


class Screening(OneApplication):
    rules = {"POST": can_screen}

    @extend_schema(
        request=ScreeningSerializer,
        responses={200: ScreenedSerializer, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Say that an application goes on to review, doesn't, or undo that. 409 if it changed since it was seen."""
        wanted = _valid(ScreeningSerializer, request)
        application = screen_application(
            pk,
            decision=Decision(wanted["decision"]),
            actor=person(request),
            seen_as=wanted["seen"],
            reason=wanted["reason"],
        )
        return Response(ScreenedSerializer(application).data)


class BulkScreening(APIView):
    rules = {"POST": can_screen_here}

    @extend_schema(
        request=BulkScreeningSerializer,
        responses={200: ScreenedSerializer(many=True), 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request, city: str) -> Response:
        """Screen many in the same way: all or nothing."""
        wanted = _valid(BulkScreeningSerializer, request)
        chosen = [Chosen(one["id"], one["seen"]) for one in wanted["applications"]]
        done = screen_applications(
            chosen, decision=Decision(wanted["decision"]), actor=person(request), reason=wanted["reason"]
        )
        return Response(ScreenedSerializer(done, many=True).data)


class Notes(OneApplication):
    rules = {"POST": can_add_note}

    @extend_schema(request=NewNoteSerializer, responses={201: NoteSerializer})
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Write a note for colleagues."""
        note = add_note(pk, text=_valid(NewNoteSerializer, request)["text"], actor=person(request))
        return Response(NoteSerializer(note).data, status=status.HTTP_201_CREATED)


def _valid(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    found: dict[str, Any] = checked.validated_data
    return found
