"""HTTP furniture of the whole site."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django_structlog.middlewares import RequestMiddleware

from . import outage

Handler = Callable[[HttpRequest], HttpResponse]


class OutageMiddleware:
    """Turn requests away at once while the database is away, until it answers again.

    Stands just outside of what first asks the database, so that such an answer carries the same headers as others.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if outage.database.lasts():
            return outage.come_back_later(request)
        return self.get_response(request)


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


class RequestLogMiddleware(RequestMiddleware):
    """One structured line as a request begins and ends: no address, no browser, and no query string,

    where somebody may have searched for a name.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
