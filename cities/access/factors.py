"""Second factor: whoever holds any role but reviewer needs a TOTP code or passkey, everywhere but at sign-in."""

from typing import Any

from django.http import HttpRequest

from .memberships import center_roles, is_desk

DEMO_METHOD = "demo"


def gave_second_factor(request: HttpRequest) -> bool:
    """Say whether this session was opened with a second factor (or by a demo persona).

    The sign-in library notes what was given, and by whom: another person's proof doesn't count.
    """
    person = str(request.user.pk)
    if request.session.get("account_authentication_methods_user", person) != person:
        return False
    methods: list[dict[str, Any]] = request.session.get("account_authentication_methods", [])
    return any(method.get("method") in {"mfa", DEMO_METHOD} for method in methods)


def needs_second_factor(request: HttpRequest) -> bool:
    """Say whether this person, on this route, must still give a second factor.

    Asked on the pages of a city where the person works, and on the Center's.
    """
    if gave_second_factor(request):
        return False
    city = getattr(request, "city", None)
    if city is not None:
        return is_desk(request.user, city.pk)
    if request.path_info.startswith(("/center/", "/api/v1/center/")):
        return bool(center_roles(request.user))
    return False
