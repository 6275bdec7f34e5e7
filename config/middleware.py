"""HTTP furniture of the whole site."""

import re
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import patch_cache_control
from django_structlog.middlewares import RequestMiddleware

from . import outage
from .views import healthz

Handler = Callable[[HttpRequest], HttpResponse]


class HealthMiddleware:
    """Answer a load balancer, which asks by address and without TLS, before anything else refuses that."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info != "/healthz":
            return self.get_response(request)
        return outage.come_back_later(request) if outage.database.lasts() else healthz(request)


class OutageMiddleware:
    """Turn requests away at once while the database is away, until it answers again.

    Stands just outside of what first asks the database, so that such an answer carries the same headers as others.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if outage.database.lasts():
            if not _answers_in_outage(request):
                return outage.come_back_later(request)
            request.is_database_away = True  # type: ignore[attr-defined]
        return self.get_response(request)


def _answers_in_outage(request: HttpRequest) -> bool:
    """Say whether this is a monitor's question, for which the outage is the answer."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    # A person's session lies in the database.
    return getattr(match.func, "answers_in_outage", False) and not request.COOKIES


class NoStoreMiddleware:
    """Keep what a signed-in person sees out of every cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = OutageMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            return response  # to ask who this is would ask the database once more
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            patch_cache_control(response, no_store=True, private=True)
        return response


LETTER_LINK = re.compile(r"(?<=^/accounts/invitations/)[^/]+")


class RequestLogMiddleware(RequestMiddleware):
    """One structured line as a request begins and ends: no address, no browser, no link that came by letter.

    And no query string, where somebody may have searched for a name.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {LETTER_LINK.sub('…', request.path)}"
