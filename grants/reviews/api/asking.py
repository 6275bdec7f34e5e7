"""The desk's routes about reviews and conflicts."""

from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.models import User
from cities.access.queries import people_here
from cities.access.rules import fetch_or_404
from grants.applications.desk.api import QUEUE_PARAMETERS
from grants.applications.models import Application, Conflict
from grants.applications.permissions import person
from grants.reviews.actions import (
    assign_reviews,
    declare_conflict,
    lift_conflict,
    release_review,
    reopen_review,
    share_reviews,
)
from grants.reviews.models import Review
from grants.reviews.permissions import (
    can_assign_here,
    can_lift_conflict,
    can_record_conflict,
    can_release,
    can_reopen,
    can_see_reviews,
    can_see_reviews_of,
)
from grants.reviews.progress import ReviewQueue
from grants.reviews.queries import (
    applications_in_reach,
    conflicts_with_application,
    reviews_with_application,
    seats_of,
    standing_conflicts,
)

from . import shapes


def _made(reviews: Any) -> Response:
    return Response(shapes.MadeSerializer(reviews, many=True).data, status=status.HTTP_201_CREATED)


_FILTER = [one for one in QUEUE_PARAMETERS if one.name != "status"]


class Progress(APIView):
    """How reviewing goes in a call; POST asks people to review."""

    rules = {"GET": can_see_reviews, "POST": can_assign_here}

    @extend_schema(
        operation_id="desk_reviews_list",
        parameters=[*_FILTER, OpenApiParameter("reviews", str, enum=["none", "waiting", "done"])],
        responses=shapes.ProgressSerializer,
    )
    def get(self, request: Request, city: str) -> Response:
        queue = ReviewQueue(request.user, request._request.city, request.query_params)  # type: ignore[attr-defined]
        body = {
            "cycle": queue.cycle.slug if queue.cycle else None,
            "count": queue.count,
            "after": queue.page.after,
            "before": queue.page.before,
            "results": queue.listed,
            "reviewers": queue.loads,
        }
        return Response(shapes.ProgressSerializer(body).data)

    @extend_schema(
        operation_id="desk_reviews_assign",
        request=shapes.AssignmentInput,
        responses={201: shapes.MadeSerializer(many=True), **shapes.REFUSED},
    )
    def post(self, request: Request, city: str) -> Response:
        """Ask each of these people to review each of these applications: all of it, or nothing."""
        found = shapes.valid(shapes.AssignmentInput, request)
        made = assign_reviews(
            found["applications"], found["reviewers"], due_on=found["due_on"], actor=person(request)
        )
        return _made(made)


class Sharing(APIView):
    rules = {"POST": can_assign_here}

    @extend_schema(
        request=shapes.SharingInput, responses={201: shapes.MadeSerializer(many=True), **shapes.REFUSED}
    )
    def post(self, request: Request, city: str) -> Response:
        """Fill each application up to ``each`` reviews, shared evenly among these people: all, or nothing."""
        found = shapes.valid(shapes.SharingInput, request)
        made = share_reviews(
            found["applications"],
            found["reviewers"],
            each=found["each"],
            due_on=found["due_on"],
            actor=person(request),
        )
        return _made(made)


class DeskReview(APIView):
    """Base of what concerns one review."""

    @cached_property
    def review(self) -> Review:
        found: Review = fetch_or_404(reviews_with_application, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Review:
        return self.review


class OneReview(DeskReview):
    rules = {"DELETE": can_release}

    @extend_schema(responses={204: None, **shapes.REFUSED})
    def delete(self, request: Request, city: str, pk: UUID) -> Response:
        """Take a review that isn't sent off its reviewer."""
        release_review(pk, actor=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class Returning(DeskReview):
    rules = {"POST": can_reopen}

    @extend_schema(request=None, responses={200: shapes.SeatSerializer, **shapes.REFUSED})
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Give a sent review back to its reviewer, to be changed."""
        reopen_review(pk, actor=person(request))
        return Response(shapes.SeatSerializer(reviews_with_application().get(pk=pk)).data)


class OneApplication(APIView):
    """Base of what concerns one application's reviews."""

    @cached_property
    def application(self) -> Application:
        found: Application = fetch_or_404(applications_in_reach, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Application:
        return self.application


class ApplicationReviews(OneApplication):
    rules = {"GET": can_see_reviews_of}

    @extend_schema(operation_id="desk_application_reviews", responses=shapes.ApplicationReviewsSerializer)
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """One application's reviews, and who has a conflict with it."""
        seats = seats_of([pk])[pk]
        body = {"reviews": seats.reviews, "conflicts": standing_conflicts(self.application)}
        context = {"hides_scores": seats.hides_scores_from(request.user)}
        return Response(shapes.ApplicationReviewsSerializer(body, context=context).data)


class DeskConflict(OneApplication):
    rules = {"POST": can_see_reviews_of}

    @extend_schema(request=shapes.ConflictInput, responses={201: shapes.ConflictSerializer, **shapes.REFUSED})
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Declare a conflict of your own: from now on you don't see the application."""
        found, actor = shapes.valid(shapes.ConflictInput, request), person(request)
        made = declare_conflict(pk, person=actor, actor=actor, **found)
        return Response(shapes.ConflictSerializer(made).data, status=status.HTTP_201_CREATED)


class Conflicts(OneApplication):
    rules = {"POST": can_record_conflict}

    @extend_schema(request=shapes.RecordInput, responses={201: shapes.ConflictSerializer, **shapes.REFUSED})
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Note somebody else's conflict of interest."""
        found = shapes.valid(shapes.RecordInput, request)
        who: User = fetch_or_404(people_here, found["person"])
        made = declare_conflict(
            pk, person=who, kind=found["kind"], words=found["words"], actor=person(request)
        )
        return Response(shapes.ConflictSerializer(made).data, status=status.HTTP_201_CREATED)


class Lifting(APIView):
    rules = {"POST": can_lift_conflict}

    @cached_property
    def conflict(self) -> Conflict:
        found: Conflict = fetch_or_404(conflicts_with_application, self.kwargs["pk"])
        return found

    def get_ruled_object(self) -> Conflict:
        return self.conflict

    @extend_schema(request=None, responses={204: None, **shapes.REFUSED})
    def post(self, request: Request, city: str, pk: UUID) -> Response:
        """Say that somebody's conflict doesn't stand."""
        lift_conflict(pk, actor=person(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
