"""The team of a city over the API."""

from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from .actions import change_roles, invite_member, open_invitations, withdraw_invitation
from .handing import Part, end_membership, hand_over, open_work, successor_to
from .models import CITY_ROLES, Invitation, Role
from .permissions import can_change_member, can_manage_team, can_withdraw_invitation
from .queries import Member, member_of, members, people_here
from .rules import fetch_or_404

SEEN = "Send it back with new roles to be told, by 409, if somebody else changed them in between."
ROLE_CHOICES = [(role.value, role.label) for role in Role if role in CITY_ROLES]


class MemberSerializer(serializers.Serializer[Member]):
    id = serializers.UUIDField(source="user.pk", read_only=True)
    name = serializers.CharField(source="user.name", read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    roles = serializers.ListField(child=serializers.ChoiceField(ROLE_CHOICES), allow_empty=False)
    seen = serializers.CharField(required=False, help_text=SEEN)


class SuccessorSerializer(serializers.Serializer[Any]):
    successor = serializers.UUIDField(required=False, help_text="Who takes over what is open.")


class OpenWorkSerializer(serializers.Serializer[Part]):
    """One kind of open work: ``count`` changes hands, or ends with the membership (``ends``).

    ``left`` names what the successor may not have; ``hidden`` counts what a conflict of interest hides from you.
    """

    label = serializers.CharField()  # type: ignore[assignment]
    count = serializers.IntegerField()
    left = serializers.ListField(child=serializers.CharField())
    hidden = serializers.IntegerField()
    ends = serializers.BooleanField()


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    class Meta:
        model = Invitation
        fields = ("id", "email", "name", "role", "created_at", "expires_at")


class NewInvitationSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    roles = serializers.ListField(child=serializers.ChoiceField(ROLE_CHOICES), allow_empty=False)
    language = serializers.ChoiceField(settings.LANGUAGES, required=False, default="en")


class MemberList(APIView):
    """Who works in the city."""

    rules = {"GET": can_manage_team}

    @extend_schema(responses=MemberSerializer(many=True), operation_id="members_list")
    def get(self, request: Request, city: str) -> Response:
        return Response(MemberSerializer(members(), many=True).data)  # type: ignore[arg-type]


class MemberDetail(APIView):
    """One member's roles: read, replace, end."""

    rules = {"GET": can_change_member, "PATCH": can_change_member, "DELETE": can_change_member}

    def get_ruled_object(self) -> Any:
        self.person = fetch_or_404(people_here, self.kwargs["pk"])
        return self.person

    @extend_schema(responses=MemberSerializer, operation_id="members_retrieve")
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        return Response(MemberSerializer(member_of(self.person)).data)

    @extend_schema(request=MemberSerializer, responses=MemberSerializer)
    def patch(self, request: Request, city: str, pk: UUID) -> Response:
        """Replace the member's roles by ``roles``. With an old ``seen`` it is refused by 409."""
        shape = MemberSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        change_roles(pk, **shape.validated_data, actor=request.user)  # type: ignore[arg-type]
        return Response(MemberSerializer(member_of(self.person)).data)

    @extend_schema(responses={204: None}, parameters=[SuccessorSerializer])
    def delete(self, request: Request, city: str, pk: UUID) -> Response:
        """End every role of the member in this city; ``successor`` takes over what is open.

        Without a successor, open work is a refusal with the code ``work_open`` that says what and how much, unless
        all of it ends with the membership.
        """
        successor = successor_in(request)
        if successor is None:
            end_membership(pk, actor=request.user)  # type: ignore[arg-type]
        else:
            hand_over(pk, successor_id=successor, actor=request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)


class MemberWork(APIView):
    """What a member's end would leave open."""

    rules = {"GET": can_change_member}

    def get_ruled_object(self) -> Any:
        self.person = fetch_or_404(people_here, self.kwargs["pk"])
        return self.person

    @extend_schema(
        operation_id="members_open_work",
        parameters=[SuccessorSerializer],
        responses=OpenWorkSerializer(many=True),
    )
    def get(self, request: Request, city: str, pk: UUID) -> Response:
        """List what waits on the member; with ``successor``, what would become of it. Changes nothing."""
        named = successor_in(request)
        successor = None if named is None else successor_to(self.person, named)
        parts = open_work(self.person, successor, actor=request.user)  # type: ignore[arg-type]
        return Response(OpenWorkSerializer(parts, many=True).data)  # type: ignore[arg-type]


def successor_in(request: Request) -> UUID | None:
    """Return whom the query names to take over, if anybody."""
    shape = SuccessorSerializer(data=request.query_params)
    shape.is_valid(raise_exception=True)
    named: UUID | None = shape.validated_data.get("successor")
    return named


class InvitationList(APIView):
    """Open invitations, one row per role."""

    rules = {"GET": can_manage_team, "POST": can_manage_team}

    @extend_schema(responses=InvitationSerializer(many=True), operation_id="invitations_list")
    def get(self, request: Request, city: str) -> Response:
        return Response(InvitationSerializer(open_invitations().order_by("-created_at"), many=True).data)

    @extend_schema(request=NewInvitationSerializer, responses={201: InvitationSerializer(many=True)})
    def post(self, request: Request, city: str) -> Response:
        """Invite an address to one or more roles; one letter is sent."""
        shape = NewInvitationSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        made = invite_member(actor=request.user, **shape.validated_data)  # type: ignore[arg-type]
        return Response(InvitationSerializer(made, many=True).data, status=status.HTTP_201_CREATED)


class InvitationDetail(APIView):
    """One open invitation."""

    rules = {"DELETE": can_withdraw_invitation}

    def get_ruled_object(self) -> Any:
        return fetch_or_404(Invitation, self.kwargs["pk"])

    @extend_schema(responses={204: None})
    def delete(self, request: Request, city: str, pk: UUID) -> Response:
        """Withdraw the invitation: its link no longer works."""
        withdraw_invitation(pk, actor=request.user)  # type: ignore[arg-type]
        return Response(status=status.HTTP_204_NO_CONTENT)
