"""Pages of the site as a whole."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults
from django.views.decorators.http import require_safe

from cities.access.rules import anybody

from . import outage

logger = logging.getLogger(__name__)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain in plain words what to do when a form came without its token; what was typed is in the back button."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what couldn't be read at all: a program by JSON, a person by a page."""
    if not request.path_info.startswith("/api/"):
        return defaults.bad_request(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return JsonResponse({"detail": _("This is too large to send at once.")}, status=413)
    return JsonResponse({"detail": _("This request can’t be read.")}, status=400)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer where nothing is: a program by JSON, a person by a page."""
    if not request.path_info.startswith("/api/"):
        return defaults.page_not_found(request, exception)
    return JsonResponse({"detail": _("There is nothing at this address.")}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer what nothing else caught: 503 while PostgreSQL can't be reached, else 500, both without a query.

    Django calls this while the exception is being handled, wherever it was raised (view, middleware, session).
    """
    error = sys.exc_info()[1]
    if isinstance(error, (OperationalError, InterfaceError)):
        logger.error("database.unreachable")
        outage.database.note(error)
        return outage.come_back_later(request)
    if request.path_info.startswith("/api/"):
        return JsonResponse({"detail": _("Something broke on our side.")}, status=500)
    return HttpResponse(render_to_string("500.html"), status=500)


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say whether this process can reach its database. For load balancers; tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


healthz.rule = anybody  # type: ignore[attr-defined]
healthz.without_database = True  # type: ignore[attr-defined]
