"""Who works in a city, and at the Center itself. Without a web name in the address the Center is meant.

Reads go through the Center's door; each deed runs in the scope of the place that it is about.
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.actions import invite_member, withdraw_invitation
from cities.access.api import SEEN, SuccessorSerializer, successor_in
from cities.access.models import Invitation, Role
from cities.audit.readings import record_opening
from cities.tenancy.models import City
from cities.tenancy.scopes import center_scope, city_scope
from grants.programs.actions import change_access, end_access
from grants.programs.people import people_of, person_in, waiting_in
from grants.programs.permissions import can_run_program, can_see_center
from grants.programs.queries import center_row, city_or_404

from . import valid


class PlaceMemberSerializer(serializers.Serializer[Any]):
    """A person with all their roles in one place."""

    id = serializers.UUIDField(source="user.pk")
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    roles = serializers.ListField(child=serializers.ChoiceField(Role.choices))
    since = serializers.DateTimeField()
    seen = serializers.CharField(help_text=SEEN)


class PlaceRolesSerializer(serializers.Serializer[Any]):
    """All the roles that a person shall have in the place."""

    roles = serializers.ListField(
        child=serializers.ChoiceField(Role.choices), allow_empty=False, max_length=8
    )


class ChangedPlaceRolesSerializer(PlaceRolesSerializer):
    """All the roles, and the ticket of those that were shown."""

    seen = serializers.CharField(required=False, help_text=SEEN)


class NewPlaceInvitationSerializer(PlaceRolesSerializer):
    """Whom to invite by e-mail, to which roles."""

    email = serializers.EmailField()
    name = serializers.CharField(required=False, allow_blank=True, default="", max_length=120)
    language = serializers.ChoiceField(settings.LANGUAGES, required=False, default="en")


class PlaceInvitationSerializer(serializers.Serializer[Any]):
    """An invitation to one role that nobody has taken up yet."""

    id = serializers.UUIDField(source="invitation.pk")
    email = serializers.EmailField(source="invitation.email")
    name = serializers.CharField(source="invitation.name")
    role = serializers.ChoiceField(Role.choices, source="invitation.role")
    created_at = serializers.DateTimeField(source="invitation.created_at")
    expires_at = serializers.DateTimeField(source="invitation.expires_at")
    is_over = serializers.BooleanField()


class PlaceView(APIView):
    """Base: a city by its web name, or the Center."""

    in_steps = True

    def place(self) -> City:
        slug = self.kwargs.get("slug", "")
        return city_or_404(slug) if slug else center_row()


class Members(PlaceView):
    """Who has a role."""

    rules = {"GET": can_see_center}

    @extend_schema(operation_id="center_members_list", responses=PlaceMemberSerializer(many=True))
    def get(self, request: Request, slug: str = "") -> Response:
        """List the people with a role in the place."""
        place = self.place()
        with center_scope(request.user):
            people = people_of(place.pk)
            if slug:
                record_opening(request.user, "center-member-list", city_id=place.pk, row_count=len(people))
            return Response(PlaceMemberSerializer(people, many=True).data)


class Member(PlaceView):
    """One person's roles."""

    rules = {"PATCH": can_run_program, "DELETE": can_run_program}

    @extend_schema(
        operation_id="center_members_update",
        request=ChangedPlaceRolesSerializer,
        responses=PlaceMemberSerializer,
    )
    def patch(self, request: Request, pk: UUID, slug: str = "") -> Response:
        """Give a person exactly these roles."""
        place = self.place()
        values = valid(ChangedPlaceRolesSerializer, request)
        with city_scope(place):
            self.require(place, pk)
            change_access(pk, **values, actor=request.user)  # type: ignore[arg-type]
            return Response(PlaceMemberSerializer(person_in(place.pk, pk)).data)

    @extend_schema(
        operation_id="center_members_remove", parameters=[SuccessorSerializer], responses={204: None}
    )
    def delete(self, request: Request, pk: UUID, slug: str = "") -> Response:
        """End every role of a person in the place, at once; ``successor`` takes over what is open. They are told.

        Without a successor, open work is a refusal with the code ``work_open`` that says what and how much, unless
        all of it ends with the membership. Where nobody else works there, it is left without anybody.
        """
        place, successor = self.place(), successor_in(request)
        with city_scope(place):
            self.require(place, pk)
            end_access(pk, actor=request.user, successor_id=successor)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)

    def require(self, place: City, user_id: UUID) -> None:
        if person_in(place.pk, user_id) is None:
            raise Http404


class Invitations(PlaceView):
    """Invitations that are not taken up yet."""

    rules = {"GET": can_see_center, "POST": can_run_program}

    @extend_schema(operation_id="center_invitations_list", responses=PlaceInvitationSerializer(many=True))
    def get(self, request: Request, slug: str = "") -> Response:
        """List the open invitations of the place, newest first."""
        place = self.place()
        with center_scope(request.user):
            found = waiting_in(place.pk, timezone.now())
            if slug:
                record_opening(request.user, "center-invitation-list", city_id=place.pk, row_count=len(found))
            return Response(PlaceInvitationSerializer(found, many=True).data)

    @extend_schema(
        operation_id="center_invitations_create",
        request=NewPlaceInvitationSerializer,
        responses={201: PlaceInvitationSerializer(many=True)},
    )
    def post(self, request: Request, slug: str = "") -> Response:
        """Invite an address to one or more roles, by one letter. Answers with one row per role."""
        place = self.place()
        wanted = valid(NewPlaceInvitationSerializer, request)
        with city_scope(place):
            made = {invitation.pk for invitation in invite_member(actor=request.user, **wanted)}  # type: ignore[arg-type]
            rows = [row for row in waiting_in(place.pk, timezone.now()) if row.invitation.pk in made]
        return Response(PlaceInvitationSerializer(rows, many=True).data, status=status.HTTP_201_CREATED)


class InvitationDetail(PlaceView):
    """One invitation."""

    rules = {"DELETE": can_run_program}

    @extend_schema(operation_id="center_invitations_withdraw", responses={204: None})
    def delete(self, request: Request, pk: UUID, slug: str = "") -> Response:
        """Withdraw an invitation. 409 if it was taken up or withdrawn meanwhile."""
        with city_scope(self.place()):
            if not Invitation.objects.filter(pk=pk).exists():
                raise Http404
            withdraw_invitation(pk, actor=request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)


class CenterMembers(Members):
    """Who has a role at the Center."""

    @extend_schema(operation_id="center_people_list", responses=PlaceMemberSerializer(many=True))
    def get(self, request: Request, slug: str = "") -> Response:
        """List the officers and auditors."""
        return super().get(request)


class CenterMember(Member):
    """One person's roles at the Center. The last officer stays."""

    @extend_schema(
        operation_id="center_people_update",
        request=ChangedPlaceRolesSerializer,
        responses=PlaceMemberSerializer,
    )
    def patch(self, request: Request, pk: UUID, slug: str = "") -> Response:
        """Give a person exactly these roles at the Center."""
        return super().patch(request, pk)

    @extend_schema(operation_id="center_people_remove", responses={204: None})
    def delete(self, request: Request, pk: UUID, slug: str = "") -> Response:
        """End every role of a person at the Center, at once."""
        return super().delete(request, pk)


class CenterInvitations(Invitations):
    """Invitations to the Center."""

    @extend_schema(
        operation_id="center_people_invitations_list", responses=PlaceInvitationSerializer(many=True)
    )
    def get(self, request: Request, slug: str = "") -> Response:
        """List the open invitations to the Center."""
        return super().get(request)

    @extend_schema(
        operation_id="center_people_invitations_create",
        request=NewPlaceInvitationSerializer,
        responses={201: PlaceInvitationSerializer(many=True)},
    )
    def post(self, request: Request, slug: str = "") -> Response:
        """Invite an officer or an auditor."""
        return super().post(request)


class CenterInvitation(InvitationDetail):
    """One invitation to the Center."""

    @extend_schema(operation_id="center_people_invitations_withdraw", responses={204: None})
    def delete(self, request: Request, pk: UUID, slug: str = "") -> Response:
        """Withdraw an invitation to the Center."""
        return super().delete(request, pk)
