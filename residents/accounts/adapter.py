"""How allauth behaves here: no passwords, no sign-up form, mail only through the outbox."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.access.clients import client_address
from cities.access.context import WORKBENCH_KEY
from cities.access.kept_forms import remember_person
from cities.access.models import User
from cities.access.queries import review_place, workplaces
from cities.outbox.sealing import open_body, seal_body
from cities.tenancy.models import new_id

from .drawing import qr_svg
from .mailing import tell_person

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by code; mail goes through the outbox."""

    def get_login_stages(self) -> list[str]:
        return ["allauth.account.stages.LoginByCodeStage", "allauth.mfa.stages.AuthenticateStage"]

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """An account is opened by proving an address, in one way only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        raise NotImplementedError("Mail goes through the outbox.")

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the person that something about their second factor has changed."""
        tell_person("second-factor-changed", str(new_id()), user, change=template_prefix.rpartition("/")[2])

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        places = workplaces(user)
        request.session[WORKBENCH_KEY] = places[0].url if places else review_place(user)
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_person(response, user)
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, user.language, max_age=settings.LANGUAGE_COOKIE_AGE
            )
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return request.session.get(WORKBENCH_KEY) or "/me/"

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(
            request, _("This account was closed. Please write to the city if you think this is a mistake.")
        )
        return HttpResponseRedirect(reverse("account_login"))


class SecretGoneError(ValidationError):
    """A factor's secret can't be read. In a form it is a wrong code; a page says so, or shows nothing."""

    silent_variable_failure = True


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets encrypted, and nobody at a desk takes off their last one."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy(
            "This code is not right. Wait for the next one in your app and type that."
        ),
        "cannot_delete_authenticator": gettext_lazy(
            "Your role needs a second step at sign-in. Add another one first; then you can remove this one."
        ),
    }

    def encrypt(self, text: str) -> str:
        return seal_body(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises ``SecretGoneError``: from an empty one anybody can compute the codes."""
        secret = open_body(encrypted_text)
        if not secret:
            logger.error("factor.secret_unreadable")
            raise SecretGoneError(self.error_messages["incorrect_code"], code="incorrect_code")
        return secret

    def build_totp_svg(self, url: str) -> str:
        return qr_svg(url)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002  allauth's name
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("My passkey") if count == 0 else _("My passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": self.get_totp_issuer()}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """A person with a role keeps at least one real factor (recovery codes are none)."""
        others = (
            Authenticator.objects.filter(user_id=authenticator.user_id)
            .exclude(pk=authenticator.pk)
            .exclude(type=Authenticator.Type.RECOVERY_CODES)
        )
        return others.exists() or not workplaces(authenticator.user)
