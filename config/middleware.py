"""HTTP furniture of the whole site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django_structlog.middlewares import RequestMiddleware

Handler = Callable[[HttpRequest], HttpResponse]


class NoStoreMiddleware:
    """Keep what a signed-in person sees out of every cache."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response


class RequestLogMiddleware(RequestMiddleware):
    """One structured line as a request begins and ends: no address, no browser, and no query string,

    where somebody may have searched for a name.
    """

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        return f"{request.method} {request.path}"
