"""HTTP furniture of the whole site."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control

logger = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]


class DatabaseDownMiddleware:
    """Answer with a plain 503 page while PostgreSQL can't be reached; nothing needs a restart afterwards."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "database_is_down", False):
            return unavailable(request)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return unavailable(request) if isinstance(exception, (OperationalError, InterfaceError)) else None


def unavailable(request: HttpRequest) -> HttpResponse:
    logger.error("database.unreachable")
    if request.path_info.startswith("/api/"):
        response = HttpResponse('{"detail": "The service is down for a moment. Please try again."}', status=503, content_type="application/json")
    else:
        response = HttpResponse(render_to_string("503.html"), status=503)
    response["Retry-After"] = "10"
    return response


class NoStoreMiddleware:
    """Keep what a signed-in person sees out of every cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response
