"""The resident's routes under ``/api/v1/cities/<city>/applications/`` and ``/api/v1/me/``."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.rules import fetch_or_404, is_signed_in
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.applications.actions import (
    remove_file,
    reopen_application,
    save_answer,
    start_application,
    submit_application,
    withdraw_application,
)
from grants.applications.errors import problems_json
from grants.applications.models import Application
from grants.applications.permissions import (
    can_apply,
    can_edit_application,
    can_see_application,
    can_use_own_applications,
    person,
)
from grants.applications.queries import FilledForm, attachments_with_application, with_form
from grants.applications.uploading import receive_file
from grants.cycles.models import Cycle

from . import serializers as shapes

REFUSED = {409: shapes.ConflictSerializer, 422: shapes.RefusalSerializer}


class OneApplication(APIView):
    """A view of one application of this city; its rule is asked about that application."""

    @cached_property
    def application(self) -> Application:
        found: Application = fetch_or_404(with_form, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Any:
        return self.application


def whole(form: FilledForm, *, status: int = 200) -> Response:
    """Answer with the application as it stands now."""
    context = {"form": form, "files": form.files, "city_slug": form.city.slug}
    return Response(shapes.ApplicationSerializer(form.application, context=context).data, status=status)


@contextmanager
def told_by_lock() -> Iterator[None]:
    """Run an action whose one locking statement tells whose application it is: it need not be read before that."""
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None


def require_own(application_id: UUID, user: Any) -> None:
    """Answer a stranger whose body is wrong as one whose body is right: 404 or 403, and not what is wrong in it."""
    if not can_edit_application(user, fetch_or_404(with_form, application_id)):
        raise PermissionDenied


class ApplicationList(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": can_apply, "POST": can_apply}

    @extend_schema(operation_id="applications_list", responses=shapes.MyApplicationSerializer(many=True))
    def get(self, request: Request, city: str) -> Response:
        """Your own applications in this city, newest first."""
        rows = Application.objects.of(request.user).order_by("-created_at")[:200]
        return Response(shapes.MyApplicationSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="applications_start",
        request=shapes.StartInput,
        responses={201: shapes.ApplicationSerializer, 422: shapes.RefusalSerializer},
    )
    def post(self, request: Request, city: str) -> Response:
        """Start a draft in an open call; your draft there is returned if you have one."""
        given = shapes.StartInput(data=request.data)
        given.is_valid(raise_exception=True)
        cycle = Cycle.objects.published().filter(slug=given.validated_data["call"]).first()
        if cycle is None:
            raise Http404
        application = start_application(
            cycle.pk,
            actor=person(request),
            eligibility_answers=given.validated_data.get("eligibility"),
            applicant_name=given.validated_data.get("name", ""),
            another=given.validated_data["another"],
            received_at=timezone.now(),
        )
        form = FilledForm.of(with_form().get(pk=application.pk))
        return whole(form, status=status.HTTP_201_CREATED)


class ApplicationDetail(OneApplication):
    rules: ClassVar[dict[str, Any]] = {"GET": can_see_application}

    @extend_schema(operation_id="applications_read", responses=shapes.ApplicationSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """One of your applications, with answers, files and what is left to do."""
        return whole(FilledForm.of(self.application))


class AnswerDetail(APIView):
    """Autosave. Whose application it is, the action’s one locking statement tells: seven statements in all."""

    rules: ClassVar[dict[str, Any]] = {"PUT": can_use_own_applications}

    @extend_schema(
        operation_id="answers_save",
        request=shapes.AnswerInput,
        responses={200: shapes.AnswerSerializer, **REFUSED},
    )
    def put(self, request: Request, city: str, pk: UUID, question: str) -> Response:
        """Save one answer. Sending the same value again is a success; 409 if somebody else changed it meanwhile."""
        received_at = timezone.now()
        given = shapes.AnswerInput(data=request.data)
        given.is_valid(raise_exception=True)
        with told_by_lock():
            saved = save_answer(
                pk, question, **given.validated_data, actor=person(request), received_at=received_at
            )
        body = {
            "question": question,
            "value": saved.value,
            "version": saved.version,
            "problems": problems_json(saved.problems),
        }
        return Response(body)


class FileList(APIView):
    """Uploads, in steps: no transaction is open while the photo is read and stored."""

    rules: ClassVar[dict[str, Any]] = {"POST": can_use_own_applications}
    parser_classes = [MultiPartParser]
    in_steps = True

    @extend_schema(
        operation_id="files_upload",
        request={"multipart/form-data": shapes.UploadInput},
        responses={201: shapes.UploadedSerializer, 422: shapes.RefusalSerializer},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Add a photo (JPEG, PNG, HEIC, WebP) or a PDF to an answer. Photos lose their metadata."""
        received_at = timezone.now()
        given = shapes.UploadInput(data=request.data)
        given.is_valid(raise_exception=True)
        told = given.validated_data
        place = (told["row"], told["column"]) if told.get("row") and told.get("column") else ()
        tenant = request._request.city  # type: ignore[attr-defined]
        attachment = receive_file(
            tenant, pk, told["question"], place, told["file"], actor=person(request), received_at=received_at
        )
        with city_scope(tenant):
            form = FilledForm.of(with_form().get(pk=pk))
            body = shapes.UploadedSerializer(
                attachment, context={"city_slug": tenant.slug, "form": form}
            ).data
        return Response(body, status=status.HTTP_201_CREATED)


class FileDetail(APIView):
    rules: ClassVar[dict[str, Any]] = {"DELETE": can_edit_application}

    @cached_property
    def attachment(self) -> Any:
        return fetch_or_404(
            lambda: attachments_with_application().filter(application_id=self.kwargs["pk"]),
            self.kwargs["file"],
        )

    def get_ruled_object(self) -> Any:
        return self.attachment.application

    @extend_schema(
        operation_id="files_remove",
        request=None,
        responses={200: shapes.AnswerSerializer, 422: shapes.RefusalSerializer},
    )
    def delete(self, request: Request, city: str, pk: UUID, file: UUID) -> Response:
        """Take a file off; answers with what the answer names now."""
        removed = remove_file(file, actor=person(request), received_at=timezone.now())
        form = FilledForm.of(with_form().get(pk=pk))
        key = removed.question
        return Response(
            {"question": key, "value": form.value_of(key), "version": form.version_of(key), "problems": []}
        )


class Submission(APIView):
    rules: ClassVar[dict[str, Any]] = {"POST": can_use_own_applications}

    @extend_schema(
        operation_id="applications_submit",
        request=shapes.SubmitInput,
        responses={200: shapes.ApplicationSerializer, 422: shapes.RefusalSerializer},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Send the application to the city. Sending twice is one application."""
        received_at = timezone.now()
        given = shapes.SubmitInput(data=request.data)
        if not given.is_valid() or not given.validated_data["declaration"]:
            require_own(pk, person(request))
        given.is_valid(raise_exception=True)
        if not given.validated_data["declaration"]:
            raise RuleError(_("Please confirm that what you wrote is true."), field="declaration")
        with told_by_lock():
            form = submit_application(pk, actor=person(request), received_at=received_at)
        return whole(form)


class Withdrawal(APIView):
    rules: ClassVar[dict[str, Any]] = {"POST": can_use_own_applications}

    @extend_schema(
        operation_id="applications_withdraw",
        request=None,
        responses={200: shapes.ApplicationSerializer, 409: shapes.RefusalSerializer},
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Take a submitted application back."""
        with told_by_lock():
            application = withdraw_application(pk, actor=person(request), received_at=timezone.now())
        return whole(FilledForm.of(application))


class Reopening(APIView):
    rules: ClassVar[dict[str, Any]] = {"POST": can_use_own_applications}

    @extend_schema(
        operation_id="applications_reopen",
        request=None,
        responses={
            200: shapes.ApplicationSerializer,
            409: shapes.RefusalSerializer,
            422: shapes.RefusalSerializer,
        },
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Make a submitted, screened or withdrawn application a draft again, while the call is open."""
        with told_by_lock():
            application = reopen_application(pk, actor=person(request), received_at=timezone.now())
        return whole(FilledForm.of(application))


class MyApplications(APIView):
    rules: ClassVar[dict[str, Any]] = {"GET": is_signed_in}

    @extend_schema(operation_id="me_applications_list", responses=shapes.MyApplicationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your applications in all cities."""
        rows = Application.objects.of(request.user).order_by("-last_activity_at")[:200]
        return Response(shapes.MyApplicationSerializer(rows, many=True).data)
