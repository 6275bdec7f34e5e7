"""The city's trail for its managers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.access.rules import requires

from .forms import TrailFilter
from .permissions import can_read_trail
from .queries import trail_page


@require_safe
@requires(can_read_trail)
def event_list(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first, with each deed's place in the sealed chain."""
    form = TrailFilter(request.GET)
    page = trail_page(
        request.city,  # type: ignore[attr-defined]
        form.wanted,
        reader=request.user,
        after=request.GET.get("after", ""),
    )
    return render(request, "cities/audit/event_list.html", {"form": form, "page": page})
