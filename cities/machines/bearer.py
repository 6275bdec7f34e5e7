"""``Authorization: Bearer lyb_…``: who comes with a token, and where it opens nothing.

Runs before the tenancy middleware, since whoever is there decides which door opens. Only the API takes tokens, and
the few files marked with :func:`takes_tokens`; on every other page the header is as good as absent.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.clients import client_network
from cities.access.factors import needs_second_factor
from cities.access.memberships import bind_to, roles_in
from cities.access.rules import anybody
from cities.audit.trail import by_token
from cities.tenancy.middleware import door_name
from cities.tenancy.scopes import CENTER_ID

from .errors import TokenRefusedError
from .models import ApiToken
from .spelling import is_well_formed, secret_hash

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PERSON_ONLY = (
    "api/v1/me/account/",
    "api/v1/me/sessions/",
    "api/v1/cities/<slug:city>/factor-resets/<uuid:pk>/",
    "api/v1/center/factor-resets/<uuid:pk>/",
)
"""Address, sessions, the answer to a lost second step: what decides who somebody is, no token changes."""
TEAMS = (
    "api/v1/cities/<slug:city>/members/",
    "api/v1/cities/<slug:city>/invitations/",
    "api/v1/cities/<slug:city>/deputies/",
    "api/v1/center/cities/<slug:slug>/members/",
    "api/v1/center/cities/<slug:slug>/invitations/",
    "api/v1/center/people/",
    "api/v1/center/deputies/",
)
"""Whoever is let in, or has a seat at payments, stays when the token is revoked: that wants a token as fresh as the second step it was made with."""
FOUNDING = "api/v1/center/cities/"
"""A city is founded with a first manager."""
FRESH = timedelta(hours=1)
MOST_FAILURES = 30
FAILURES_SECONDS = 600


def takes_tokens(view: Any) -> Any:
    """Mark a page that answers with a file, to which the API leads: it may be read with a token."""
    view.takes_tokens = True
    return view


class BearerMiddleware:
    """Let the token's holder be ``request.user``, whatever session the request carries; else answer at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self.get_response(request)
        match = _match(request)
        if match is None or not _is_for_tokens(request, match):
            return self.get_response(request)
        try:
            token = _authenticate(request, text.strip())
            request.user, request.token = token.user, token  # type: ignore[attr-defined]
            _refuse_elsewhere(token, match)
            _refuse_beyond_scope(request, token, match)
        except TokenRefusedError as refusal:
            return _refused(refusal)
        _note_use(token)
        # A resident's own words couldn't be taken out of the sealed trail again when their account goes.
        with by_token(token.pk, token.name if token.place_id else ""):
            return self.get_response(request)


def _match(request: HttpRequest) -> ResolverMatch | None:
    try:
        return resolve(request.path_info)
    except Resolver404:
        return None


def _is_for_tokens(request: HttpRequest, match: ResolverMatch) -> bool:
    if match.route.startswith("api/v1/"):
        return True
    return request.method in SAFE and getattr(match.func, "takes_tokens", False)


def _authenticate(request: HttpRequest, text: str) -> ApiToken:
    """Return the living token, its holder bound to its place. Raises ``TokenRefusedError``."""
    token = None
    if is_well_formed(text):
        living = ApiToken.objects.living().select_related("user", "place")
        token = living.filter(secret_hash=secret_hash(text), user__is_active=True).first()
    if token is not None:
        bind_to(token.user, token.place_id)
        if token.place_id is None or roles_in(token.user, token.place_id):
            return token
    if _fails_too_often(request):
        raise TokenRefusedError(
            429, "throttled", _("Too many wrong tokens came from here. Please wait a while.")
        )
    raise TokenRefusedError(401, "token", _("This token doesn’t work: it is wrong, too old or revoked."))


def _refuse_elsewhere(token: ApiToken, match: ResolverMatch) -> None:
    """Raise ``TokenRefusedError`` at a door that the token isn't for. Other cities are not there at all."""
    if _is_open_to_all(match):
        return
    door = door_name(match)
    if door == "city" and token.place is None:
        return
    if door == "city" and token.place_id != CENTER_ID:
        if token.place is not None and token.place.slug == match.kwargs["city"]:
            return
        raise TokenRefusedError(404, "token_place", _("There is no such city."))
    if (door == "person" and token.place is None) or (door == "center" and token.place_id == CENTER_ID):
        return
    raise TokenRefusedError(403, "token_place", _("This token is for another place."))


def _is_open_to_all(match: ResolverMatch) -> bool:
    rules = getattr(getattr(match.func, "view_class", None), "rules", {})
    return bool(rules) and all(rule is anybody for rule in rules.values())


def _refuse_beyond_scope(request: HttpRequest, token: ApiToken, match: ResolverMatch) -> None:
    if request.method not in SAFE:
        if match.route.startswith(PERSON_ONLY):
            raise TokenRefusedError(403, "token_scope", _("Only you yourself can change this, on the page."))
        if not token.can_write:
            raise TokenRefusedError(403, "token_scope", _("This token may only read."))
        if _lets_people_in(match) and timezone.now() - token.created_at > FRESH:
            raise TokenRefusedError(
                403,
                "token_age",
                _("A token changes a team only in its first hour. Do it on the page, or make a new token."),
            )
    if needs_second_factor(request):
        raise TokenRefusedError(
            403, "second_factor", _("This token was made without a second step. Please make a new one.")
        )


def _lets_people_in(match: ResolverMatch) -> bool:
    return match.route == FOUNDING or match.route.startswith(TEAMS)


def _note_use(token: ApiToken) -> None:
    """Remember the day, with one write a day and not one a request."""
    today = timezone.now().date()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)


def _fails_too_often(request: HttpRequest) -> bool:
    """Count one more failure from this network. Valid tokens from there are never counted, nor held up."""
    key = f"token-failures:{client_network(request)}"
    try:
        cache.add(key, 0, FAILURES_SECONDS)
        return cache.incr(key) > MOST_FAILURES
    except Exception:  # noqa: BLE001  Valkey may be away; the token is refused all the same
        return False


def _refused(refusal: TokenRefusedError) -> HttpResponse:
    response = JsonResponse({"detail": str(refusal), "code": refusal.code}, status=refusal.status)
    response["Cache-Control"] = "private, no-store"
    if refusal.status == 401:  # noqa: PLR2004
        response["WWW-Authenticate"] = 'Bearer realm="api", error="invalid_token"'
    if refusal.status == 429:  # noqa: PLR2004
        response["Retry-After"] = str(FAILURES_SECONDS)
    return response
