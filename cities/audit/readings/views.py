"""What the Center looked at, for the city's desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.access.rules import requires

from .forms import ReadingFilter
from .permissions import can_read_readings
from .queries import looks_page


@require_safe
@requires(can_read_readings)
def reading_list(request: HttpRequest) -> HttpResponse:
    """Who of the Center looked at what, newest first."""
    form = ReadingFilter(request.GET)
    page = looks_page(
        request.city,  # type: ignore[attr-defined]
        form.wanted,
        reader=request.user,
        after=request.GET.get("after", ""),
    )
    return render(request, "cities/audit/reading_list.html", {"form": form, "page": page})
