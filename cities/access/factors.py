"""Second factor: whoever holds any role but reviewer, anywhere, needs a TOTP code or passkey, everywhere but at sign-in."""

from typing import Any

from django.http import HttpRequest

from .memberships import is_desk_anywhere

DEMO_METHOD = "demo"
WHERE_IT_IS_GIVEN = "/accounts/factor/"


def gave_second_factor(request: HttpRequest) -> bool:
    """Say whether this session was opened with a second factor (or by a demo persona).

    The sign-in library notes what was given, and by whom: another person's proof doesn't count. A token says
    whether the session was so in which it was made.
    """
    token = getattr(request, "token", None)
    if token is not None:
        return bool(token.has_second_factor)
    person = str(request.user.pk)
    if request.session.get("account_authentication_methods_user", person) != person:
        return False
    methods: list[dict[str, Any]] = request.session.get("account_authentication_methods", [])
    return any(method.get("method") in {"mfa", DEMO_METHOD} for method in methods)


def needs_second_factor(request: HttpRequest) -> bool:
    """Say whether this person must still give a second factor before they go on.

    The role may be in another city: a manager who reviews for a neighbor, or applies at home, has more to lose
    than a session that an e-mailed code opened.
    """
    if gave_second_factor(request) or request.path_info.startswith(WHERE_IT_IS_GIVEN):
        return False
    return is_desk_anywhere(request.user)
