"""What everybody reads of projects, and what their leads tell."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import Http404
from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import anybody, fetch_or_404, is_signed_in
from cities.tenancy.scopes import city_scope
from projects.delivery.actions import remove_update
from projects.delivery.permissions import can_remove_update, person
from projects.delivery.queries import (
    ProjectList,
    projects_with_award,
    public_list,
    updates_of,
    updates_with_project,
)
from projects.delivery.states import Status, UpdateStatus
from projects.delivery.uploading import SentPhoto, project_to_tell_about, receive_update

from . import serializers as shapes

FILTERS = [
    OpenApiParameter("neighborhood", str),
    OpenApiParameter("status", str, enum=list(Status.values)),
    OpenApiParameter("after", str, description="Cursor: what comes after this page."),
    OpenApiParameter("before", str, description="Cursor: what comes before this page."),
]


def page_body(found: ProjectList) -> dict[str, Any]:
    page = found.page
    return {"currency": found.city.currency, "after": page.after, "before": page.before, "results": page.rows}


class Projects(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": anybody}

    @extend_schema(operation_id="projects_list", parameters=FILTERS, responses=shapes.ProjectPageSerializer)
    def get(self, request: Request, city: str) -> Response:
        """Published projects of this city, those where something happened last first."""
        found = public_list(request._request.city, request.query_params)  # type: ignore[attr-defined]
        return Response(shapes.ProjectPageSerializer(page_body(found)).data)


class ProjectDetail(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": anybody}

    @extend_schema(operation_id="projects_read", responses=shapes.ProjectSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """One published project with its published updates."""
        project = projects_with_award().published().filter(pk=pk).first()
        if project is None:
            raise Http404
        context = {"city": project.city, "updates": updates_of(project, {UpdateStatus.PUBLISHED})}
        return Response(shapes.ProjectSerializer(project, context=context).data)


class ProjectUpdates(APIView):
    """Of one's own project, in steps: no transaction is open while photos are read and stored. The steps ask who may."""

    rules: ClassVar[dict[str, Any]] = {"GET": is_signed_in, "POST": is_signed_in}
    parser_classes = [MultiPartParser]
    in_steps = True

    @extend_schema(operation_id="project_updates_list", responses=shapes.OwnUpdateSerializer(many=True))
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """What you told about your project, also what waits or isn't shown."""
        tenant = request._request.city  # type: ignore[attr-defined]
        with city_scope(tenant):
            project = project_to_tell_about(pk, person(request))
            rows = updates_of(project, set(UpdateStatus) - {UpdateStatus.REMOVED})
            return Response(shapes.OwnUpdateSerializer(rows, many=True, context={"city": tenant}).data)

    @extend_schema(
        operation_id="project_updates_add",
        request={"multipart/form-data": shapes.NewUpdateSerializer},
        responses={201: shapes.OwnUpdateSerializer, 422: shapes.RefusalSerializer},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Tell what happened. Photos lose their metadata; the city publishes. The same sent again is one update."""
        given = shapes.NewUpdateSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        tenant = request._request.city  # type: ignore[attr-defined]
        files = told["photos"]
        alts = [*told["alts"], *[""] * len(files)]
        photos = [SentPhoto(file, alt) for file, alt in zip(files, alts, strict=False)]
        update_id = receive_update(
            tenant,
            pk,
            text=told["text"],
            happened_on=told["happened_on"],
            photos=photos,
            actor=person(request),
        )
        with city_scope(tenant):
            update = updates_with_project().get(pk=update_id)
            return Response(shapes.OwnUpdateSerializer(update, context={"city": tenant}).data, status=201)


class UpdateDetail(APIView):
    rules: ClassVar[dict[str, Any]] = {"DELETE": can_remove_update}

    @cached_property
    def update(self) -> Any:
        return fetch_or_404(updates_with_project, self.kwargs["pk"])

    def get_ruled_object(self) -> Any:
        return self.update

    @extend_schema(
        operation_id="project_updates_remove",
        request=None,
        responses={204: None, 409: shapes.RefusalSerializer},
    )
    def delete(self, request: Request, city: str, pk: UUID) -> Response:
        """Take an update back that nobody else sees."""
        remove_update(pk, actor=person(request))
        return Response(status=204)
