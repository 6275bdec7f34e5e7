"""Pages of the site as a whole."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.access.rules import anybody


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Explain in plain words what to do when a form came without its token; what was typed is in the back button."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Say whether this process can reach its database. For load balancers; tells nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


healthz.rule = anybody  # type: ignore[attr-defined]
healthz.without_database = True  # type: ignore[attr-defined]
