"""What the desk reads and decides."""

from typing import Any, ClassVar
from uuid import UUID

from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404
from projects.delivery.actions import change_project, hide_update, publish_update
from projects.delivery.models import Update
from projects.delivery.permissions import can_publish, can_run, can_see_on_desk, can_see_projects_desk, person
from projects.delivery.queries import (
    UpdateQueue,
    desk_list,
    projects_with_award,
    updates_of,
    updates_with_project,
)
from projects.delivery.states import UpdateStatus

from . import serializers as shapes
from .public import FILTERS, page_body

WORDS = ("title", "group_name", "place", "is_on_map")
REFUSED = {409: shapes.RefusalSerializer, 422: shapes.RefusalSerializer}


class DeskProjects(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_projects_desk}

    @extend_schema(
        operation_id="desk_projects_list",
        parameters=[*FILTERS, OpenApiParameter("shown", str, enum=["yes", "no"]), OpenApiParameter("q", str)],
        responses=shapes.DeskPageSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        """All projects of this city, shown or not."""
        found = desk_list(request.user, request._request.city, request.query_params)  # type: ignore[attr-defined]
        return Response(shapes.DeskPageSerializer(page_body(found)).data)


class DeskProject(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_on_desk, "PATCH": can_run}

    @cached_property
    def project(self) -> Any:
        return fetch_or_404(projects_with_award, self.kwargs["pk"])

    def get_ruled_object(self) -> Any:
        return self.project

    @extend_schema(operation_id="desk_projects_read", responses=shapes.DeskProjectSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """One project with all that was told about it."""
        return _whole(pk)

    @extend_schema(
        operation_id="desk_projects_change",
        request=shapes.RunSerializer,
        responses={200: shapes.DeskProjectSerializer, **REFUSED},
    )
    def patch(self, request: Request, city: str, pk: UUID) -> Response:
        """Say how far the project is, what its public page says, and whether everybody sees it."""
        given = shapes.RunSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted, actor = given.validated_data, person(request)
        change_project(
            pk,
            status=wanted.get("status"),
            is_shown=wanted.get("is_shown"),
            reason=wanted["reason"],
            words={name: wanted[name] for name in WORDS if name in wanted},
            actor=actor,
            seen=wanted.get("seen"),
        )
        return _whole(pk)


class WaitingUpdates(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_projects_desk}

    @extend_schema(
        operation_id="desk_project_updates_list",
        parameters=FILTERS[2:],
        responses=shapes.UpdatePageSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        """Updates that wait to be published, the longest-waiting first."""
        queue = UpdateQueue(request.user, request.query_params)
        context = {"city": request._request.city}  # type: ignore[attr-defined]
        body = {"after": queue.page.after, "before": queue.page.before, "results": queue.updates}
        return Response(shapes.UpdatePageSerializer(body, context=context).data)


class OneUpdate(APIView):
    """Base of decisions about one update."""

    rules: ClassVar[dict[str, Any]] = {"POST": can_publish}

    @cached_property
    def update(self) -> Update:
        found: Update = fetch_or_404(updates_with_project, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Any:
        return self.update

    def answer(self, request: Request) -> Response:
        update = updates_with_project().get(pk=self.kwargs["pk"])
        context = {"city": request._request.city}  # type: ignore[attr-defined]
        return Response(shapes.OwnUpdateSerializer(update, context=context).data)


class Publication(OneUpdate):
    @extend_schema(
        operation_id="desk_project_updates_publish",
        request=shapes.SeenSerializer,
        responses={200: shapes.OwnUpdateSerializer, **REFUSED},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Show an update to everybody. Its author is told."""
        given = shapes.SeenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        publish_update(pk, actor=person(request), seen=given.validated_data.get("seen"))
        return self.answer(request)


class Hiding(OneUpdate):
    @extend_schema(
        operation_id="desk_project_updates_hide",
        request=shapes.ReasonSerializer,
        responses={200: shapes.OwnUpdateSerializer, **REFUSED},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Keep an update from everybody, or take it off, with a reason that its author reads."""
        given = shapes.ReasonSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        hide_update(pk, reason=told["reason"], actor=person(request), seen=told.get("seen"))
        return self.answer(request)


def _whole(project_id: UUID) -> Response:
    project = projects_with_award().get(pk=project_id)
    context = {
        "city": project.city,
        "updates": updates_of(project, set(UpdateStatus) - {UpdateStatus.REMOVED}),
    }
    return Response(shapes.DeskProjectSerializer(project, context=context).data)
