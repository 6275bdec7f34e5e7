"""A new address is proved by a code, like a first sign-in; until then the session remembers what was asked."""

import time
from uuid import uuid4

from allauth.account import app_settings
from allauth.core.internal.cryptokit import generate_user_code
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.tenancy.scopes import CENTER_ID, city_scope

from .actions import change_email
from .codes import WrongCodeError, digest
from .limits import count_code_request, count_failure, count_try
from .mailing import mail_code

SESSION_KEY = "email_change"


def ask_for_change(request: HttpRequest, email: str) -> None:
    """Send a code to the new address, known here or not. Raises ``TooManyError``; opens own transactions."""
    count_code_request(request, email)
    code_id, code = uuid4().hex, generate_user_code(**app_settings.LOGIN_BY_CODE_FORMAT)
    with transaction.atomic():
        mail_code("email-change-code", code_id, email, code, language=get_language() or "en")
    request.session[SESSION_KEY] = {
        "id": code_id,
        "email": email,
        "code": digest(code_id, code),
        "at": time.time(),
        "for": str(request.user.pk),
    }


def pending_change(request: HttpRequest) -> str | None:
    """Return the address that waits for its code, unless the code is too old."""
    state = request.session.get(SESSION_KEY)
    if not state or state["for"] != str(request.user.pk):
        return None
    if time.time() - state["at"] > app_settings.LOGIN_BY_CODE_TIMEOUT:
        return None
    return str(state["email"])


def prove_change(request: HttpRequest, typed: str) -> User:
    """Check the code and change the address. Raises ``TooManyError``, ``WrongCodeError``, ``AddressTakenError``."""
    if pending_change(request) is None:
        raise WrongCodeError(_("Please ask for a new code."))
    state = request.session[SESSION_KEY]
    count_try(request, state["id"], state["email"])
    if not constant_time_compare(state["code"], digest(state["id"], typed)):
        count_failure()
        raise WrongCodeError(
            _("This code is not right. Look at the newest mail from us and type it once more."), field="code"
        )
    with city_scope(CENTER_ID):
        user = change_email(request.user.pk, email=state["email"], actor=request.user)  # type: ignore[arg-type]
    del request.session[SESSION_KEY]
    return user
