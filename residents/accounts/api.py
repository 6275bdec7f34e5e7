"""The signed-in person's account over the API."""

from typing import Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.access.models import User
from cities.access.rules import is_signed_in
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import CENTER_ID, city_scope

from .actions import change_profile
from .email_change import ask_for_change, prove_change


class AccountSerializer(serializers.ModelSerializer[User]):
    language = serializers.ChoiceField(settings.LANGUAGES, required=False)

    class Meta:
        model = User
        fields = ("id", "email", "name", "phone", "language", "may_be_contacted", "may_share_story")
        read_only_fields = ("id", "email")


class NewAddressSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254)


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=40)


class FreshProofNeededError(RuleError):
    """The person has a second step and must give it again first, on the page for that."""

    status = 403


def refuse_without_fresh_proof(request: Request) -> None:
    """An open window is not enough to move an account to another mailbox."""
    if is_reauthentication_required(request._request, app="allauth.mfa"):
        raise FreshProofNeededError(
            _("Please give your second step once more, on the page “Sign-in and safety”.")
        )


class Account(APIView):
    """What we know about the person."""

    in_steps = True
    rules = {"GET": is_signed_in, "PATCH": is_signed_in}

    @extend_schema(responses=AccountSerializer)
    def get(self, request: Request) -> Response:
        return Response(AccountSerializer(request.user).data)  # type: ignore[arg-type]

    @extend_schema(request=AccountSerializer(partial=True), responses=AccountSerializer)
    def patch(self, request: Request) -> Response:
        """Change any of name, phone, language and consents."""
        shape = AccountSerializer(data=request.data, partial=True)
        shape.is_valid(raise_exception=True)
        with city_scope(CENTER_ID):
            user = change_profile(request.user.pk, actor=request.user, **shape.validated_data)  # type: ignore[arg-type]
        return Response(AccountSerializer(user).data)


class AccountEmail(APIView):
    """A new address to sign in with."""

    in_steps = True
    rules = {"POST": is_signed_in}

    @extend_schema(request=NewAddressSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Send a code to the new address."""
        shape = NewAddressSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        refuse_without_fresh_proof(request)
        ask_for_change(request._request, shape.validated_data["email"].strip().lower())
        return Response(status=status.HTTP_202_ACCEPTED)


class AccountEmailCode(APIView):
    """The code that proves the new address."""

    in_steps = True
    rules = {"POST": is_signed_in}

    @extend_schema(request=CodeSerializer, responses=AccountSerializer)
    def post(self, request: Request) -> Response:
        """Change the address, if the code is right."""
        shape = CodeSerializer(data=request.data)
        shape.is_valid(raise_exception=True)
        user = prove_change(request._request, shape.validated_data["code"])
        return Response(AccountSerializer(user).data)
