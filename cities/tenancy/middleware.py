"""Around a request: upload slots, and one transaction with one open door (DESIGN, "Around a request")."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import BoundedSemaphore
from typing import Any, ClassVar

from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import City
from .prepared import Prepared
from .refusals import own_steps
from .scopes import center_door, city_scope, person_scope, public_scope

Handler = Callable[[HttpRequest], HttpResponse]

_TOO_LARGE = gettext_lazy("That is too large to send at once. Please send fewer or smaller files.")
_BUSY = gettext_lazy(
    "Many people are sending files right now. Please wait a minute and try again. Nothing you saved is lost."
)

_CITY = Prepared(lambda slug: City.objects.cities().filter(slug=slug))


class UploadSlotMiddleware:
    """Let only a few large or chunked bodies be read at a time, so that other pages still answer."""

    latest: ClassVar["UploadSlotMiddleware | None"] = None

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.slots = BoundedSemaphore(settings.UPLOAD_SLOTS)
        UploadSlotMiddleware.latest = self

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _declared_bytes(request) > settings.UPLOAD_MAX_BODY_BYTES:
            return _refused(request, 413, _TOO_LARGE, "upload_too_large.html")
        if not _is_large(request):
            return self.get_response(request)
        if not self.slots.acquire(blocking=False):
            response = _refused(request, 503, _BUSY, "upload_busy.html")
            response["Retry-After"] = "20"
            return response
        try:
            return self.get_response(request)
        finally:
            self.slots.release()


def _refused(request: HttpRequest, status: int, detail: Any, page: str) -> HttpResponse:
    """Refuse in the person's own language: no other middleware has chosen it yet. Asks neither session nor database."""
    with translation.override(translation.get_language_from_request(request)):
        if request.path_info.startswith("/api/"):
            return JsonResponse({"detail": str(detail)}, status=status)
        return HttpResponse(render_to_string(page), status=status)


def free_upload_slots() -> int:
    """Return how many large bodies this process would still read now."""
    latest = UploadSlotMiddleware.latest
    return latest.slots._value if latest else int(settings.UPLOAD_SLOTS)


def _is_large(request: HttpRequest) -> bool:
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        return True
    return _declared_bytes(request) > settings.UPLOAD_BODY_THRESHOLD_BYTES


def _declared_bytes(request: HttpRequest) -> int:
    """Return the declared length of the body; one that makes no sense counts as large."""
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return int(settings.UPLOAD_BODY_THRESHOLD_BYTES) + 1


class TenancyMiddleware:
    """Innermost: open the door that the route names, around view *and* rendering.

    Lazy pages would come out empty if the scope ended before they were rendered. A status of 400 or
    more rolls back, also when it began as an exception: Django has turned that into a response by now.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        if getattr(match.func, "without_database", False):
            return self.get_response(request)

        # A slow phone must not hold a connection: the body is read before the transaction begins.
        if request.method not in {"GET", "HEAD"}:
            request.POST  # noqa: B018
            if not (request.content_type or "").startswith("multipart/"):
                request.body  # noqa: B018
        try:
            request.city = _city_of(match)  # type: ignore[attr-defined]
        except Http404:
            return _not_found(request)
        # Before the door: who is there is nobody's row in particular, and a public door may not note that they were seen.
        request.user.is_authenticated  # noqa: B018
        if is_in_steps(match):
            return self.get_response(request)

        with own_steps() as steps:
            with door_for(match, request):
                response = self.get_response(request)
                is_refused = response.status_code >= 400  # noqa: PLR2004
                if is_refused:
                    transaction.set_rollback(True)
            for step in steps if is_refused else ():
                step()
        return response


def is_in_steps(match: ResolverMatch) -> bool:
    return bool(
        getattr(match.func, "in_steps", False)
        or getattr(getattr(match.func, "view_class", None), "in_steps", False)
    )


def in_steps(view: Any) -> Any:
    """Mark a view that opens its own short scopes (uploads; Center deeds in a city)."""
    view.in_steps = True
    return view


def _city_of(match: ResolverMatch) -> City | None:
    slug = match.kwargs.get("city")
    if slug is None:
        return None
    city: City | None = _CITY.first(slug)
    if city is None:
        raise Http404
    return city


def _not_found(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": _("There is no such city.")}, status=404)
    return render(request, "404.html", status=404)


DOORS = {
    "center/": "center",
    "api/v1/center/": "center",
    "me/": "person",
    "api/v1/me/": "person",
    "": "public",
}
"""Route prefixes without a city. What is not listed (``accounts/`` …) runs without a scope."""


def door_name(match: ResolverMatch) -> str:
    """Name the door of a route: ``city``, ``center``, ``person``, ``public`` or ``none``."""
    if "city" in match.kwargs:
        return "city"
    for prefix, door in DOORS.items():
        if match.route == prefix or (prefix and match.route.startswith(prefix)):
            return door
    return "none"


def door_for(match: ResolverMatch, request: Any) -> AbstractContextManager[Any]:
    """Open the route's door. A person without rights gets no scope; the rule on the view then refuses."""
    door = door_name(match)
    if door == "city":
        return city_scope(request.city)
    if door == "public":
        return public_scope()
    if door in {"center", "person"} and request.user.is_authenticated:
        return person_scope(request.user) if door == "person" else center_door(request.user)
    return transaction.atomic()
