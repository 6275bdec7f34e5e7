"""Sign-in by e-mailed code, in which known and unknown addresses are one and the same.

allauth sends an unknown address no code. Here nobody looks for an account before the code is proved:
until then a person is an address, and every statement, page and mail is the same for all. What proves
the code signs in, and makes the account if there is none.
"""

import time
from typing import Any
from uuid import uuid4

from allauth.account import app_settings
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.internal.cryptokit import normalize_user_code
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.tenancy.errors import RuleError

from .actions import open_account
from .limits import count_code_request, count_failure, count_try
from .mailing import mail_code


class WrongCodeError(RuleError):
    """The typed code is not the one that was sent."""


class SignInCode(LoginCodeVerificationProcess):  # type: ignore[misc]
    """One code on its way to one address, held in the browser's session until it is proved."""

    @classmethod
    def send_to(cls, request: HttpRequest, email: str) -> "SignInCode":
        """Send a code to ``email`` through the outbox, and remember in the session what proves it."""
        login = Login(user=None, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        state = cls.initial_state(user=None, email=email)
        stage.state.update(state | {"id": uuid4().hex, "initiated_by_user": True})
        process = cls(stage)
        process.send()
        process.persist()
        return process

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:  # noqa: FBT001, FBT002  allauth's signature
        code = self.generate_code()
        # The session lies in the database: it holds what recognises the code, not the code.
        self.state["code"] = digest(self.state["id"], code)
        mail_code("sign-in-code", self.state["id"], email, code, language=get_language() or "en")

    def add_sent_message(self, context: dict[str, Any]) -> None:
        """Say nothing extra: the next page tells where the code went."""

    def accepts(self, typed: str) -> bool:
        return constant_time_compare(self.code, digest(self.state["id"], typed))

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """The code is proved: find or open the account, and sign in (the second factor may follow)."""
        email = self.state["email"]
        user = open_account(email, language=get_language() or "en")
        record_authentication(self.request, user, method="code", email=email)
        response: HttpResponse = perform_login(
            self.request, Login(user=user, redirect_url=redirect_url, email=email)
        )
        return response


def digest(code_id: str, code: str) -> str:
    """Return what recognises a code: useless to whoever reads the session table."""
    return salted_hmac(
        "residents.codes", f"{code_id}\n{normalize_user_code(code)}", algorithm="sha256"
    ).hexdigest()


def pending_code(request: HttpRequest) -> SignInCode | None:
    """Return the code that this browser asked for, unless it is too old."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    if stage is None or "id" not in stage.state:
        return None
    process = SignInCode(stage)
    if time.time() - process.state["at"] > app_settings.LOGIN_BY_CODE_TIMEOUT:
        process.abort()
        return None
    return process


def check_code(request: HttpRequest, process: SignInCode, typed: str) -> None:
    """Count the try, then compare. Raises ``TooManyError`` or :class:`WrongCodeError`; opens own transactions."""
    count_try(request, process.state["id"], process.state["email"])
    if process.accepts(typed):
        return
    process.state["failed_attempts"] += 1
    count_failure()
    if process.state["failed_attempts"] >= app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS:
        process.abort()
        raise WrongCodeError(_("That was the third wrong code. Please ask for a new one."))
    process.persist()
    raise WrongCodeError(
        _("This code is not right. Look at the newest mail from us and type it once more."), field="code"
    )


__all__ = ["SignInCode", "WrongCodeError", "check_code", "count_code_request", "pending_code"]
