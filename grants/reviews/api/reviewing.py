"""The reviewer's own routes."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from grants.applications.desk.dossier import Dossier
from grants.applications.permissions import person
from grants.reviews.actions import (
    declare_conflict,
    open_review,
    reopen_review,
    save_review,
    submit_review,
)
from grants.reviews.models import Review
from grants.reviews.permissions import can_review_here, can_score
from grants.reviews.queries import before_deed, my_reviews, reviews_with_application, rubric_of

from . import shapes


class MyReviews(APIView):
    """What you have to review in this city, and what you have sent."""

    rules = {"GET": can_review_here}

    @extend_schema(operation_id="review_list", responses=shapes.MineSerializer)
    def get(self, request: Request, city: str) -> Response:
        return Response(shapes.MineSerializer(my_reviews(request.user)).data)


class OwnReview(APIView):
    """Base of what concerns one of your reviews."""

    @cached_property
    def review(self) -> Review:
        found: Review | None
        if self.request.method in SAFE_METHODS:
            found = reviews_with_application().filter(pk=self.kwargs["pk"]).first()
        else:
            found = before_deed(self.kwargs["pk"])
        if found is None:
            raise Http404
        return found

    def get_ruled_object(self) -> Review:
        return self.review

    def sheet(self, *, code: int = status.HTTP_200_OK) -> Response:
        fresh = reviews_with_application().get(pk=self.review.pk)
        return Response(shapes.SheetSerializer(fresh).data, status=code)


class MyReview(OwnReview):
    rules = {"GET": can_score, "PATCH": can_score}

    @extend_schema(operation_id="review_retrieve", responses=shapes.OpenedSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """The score sheet, its rubric and, once opened, the application."""
        review = self.review
        dossier = Dossier(review.application) if review.cleared_at else None
        body: dict[str, Any] = {
            "sheet": review, "rubric": rubric_of(review.application.cycle), "application": dossier,
        }  # fmt: skip
        return Response(shapes.OpenedSerializer(body).data)

    @extend_schema(
        operation_id="review_save",
        request=shapes.ChangesSerializer,
        responses={200: shapes.SheetSerializer, **shapes.REFUSED},
    )
    def patch(self, request: Request, city: str, pk: UUID) -> Response:
        """Keep what was typed so far. 409 if the sheet was saved since ``version``."""
        here = request._request.city  # type: ignore[attr-defined]
        found = shapes.valid(shapes.ChangesSerializer, request, currency=here.currency)
        saved = save_review(pk, version=found.pop("version"), changes=found, actor=person(request))
        return Response(shapes.SheetSerializer(saved).data)


class Opening(OwnReview):
    rules = {"POST": can_score}

    @extend_schema(request=None, responses={200: shapes.OpenedSerializer, **shapes.REFUSED})
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Say that you have no conflict of interest: the application opens."""
        review = open_review(pk, actor=person(request))
        fresh = reviews_with_application().get(pk=review.pk)
        body = {
            "sheet": fresh, "rubric": rubric_of(fresh.application.cycle), "application": Dossier(fresh.application),
        }  # fmt: skip
        return Response(shapes.OpenedSerializer(body).data)


class OwnConflict(OwnReview):
    rules = {"POST": can_score}

    @extend_schema(request=shapes.ConflictInput, responses={204: None, **shapes.REFUSED})
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Declare a conflict of interest: the application is hidden from you, and your score is void."""
        found, actor = shapes.valid(shapes.ConflictInput, request), person(request)
        declare_conflict(self.review.application_id, person=actor, actor=actor, **found)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Submission(OwnReview):
    rules = {"POST": can_score}

    @extend_schema(
        request=shapes.VersionSerializer, responses={200: shapes.SheetSerializer, **shapes.REFUSED}
    )
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Send your scores: from now on they count. 422 with ``problems`` while something is missing."""
        submit_review(
            pk, version=shapes.valid(shapes.VersionSerializer, request)["version"], actor=person(request)
        )
        return self.sheet()


class Reopening(OwnReview):
    rules = {"POST": can_score}

    @extend_schema(request=None, responses={200: shapes.SheetSerializer, **shapes.REFUSED})
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Take your scores back to change them, until the city decides."""
        reopen_review(pk, actor=person(request))
        return self.sheet()
