"""The staff home: what came in, against which pool, how long it runs, what waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.access.rules import is_manager, requires
from cities.interface.charts import Point, Series
from cities.interface.formats import day, money
from cities.interface.waiting import waiting_for
from cities.places.queries import has_areas
from cities.tenancy.models import City
from grants.cycles.funding.queries import standings
from grants.cycles.permissions import can_see_setup
from grants.cycles.queries_staff import MOST_POINTS, CycleFigures, Place, today

from . import city_of


@require_safe
@requires(can_see_setup)
def staff_home(request: HttpRequest) -> HttpResponse:
    """Show the calls of the city in figures, on a map, and what waits on this person."""
    city = city_of(request)
    found = today(city, reader=request.user)
    money_of = standings([figures.cycle for figures in found.figures])
    context = {
        "today": found,
        "calls": [
            {"figures": figures, "curve": _curve(figures), "standing": money_of[figures.cycle.pk]}
            for figures in found.figures
        ],
        "waiting": waiting_for(request.user, city),
        "map_data": _map(city, found.places),
        "newest_only": MOST_POINTS if len(found.places) == MOST_POINTS else 0,
        "may_manage": is_manager(request.user, city),
    }
    return render(request, "grants/cycles/staff/home.html", context)


def _curve(figures: CycleFigures) -> list[Series]:
    """Return the submitted applications so far, day by day."""
    days = figures.curve()
    if len(days) < 2:  # noqa: PLR2004 - one point is no line
        return []
    points = [
        Point(day(on, style="short"), total, f"{total} (+{count})" if count else str(total))
        for on, count, total in days
    ]
    return [Series(_("Submitted so far"), points)]


def _map(city: City, places: tuple[Place, ...]) -> dict[str, Any] | None:
    if not places and not has_areas():
        return None
    return {"markers": [_marker(city, place) for place in places]}


def _marker(city: City, place: Place) -> dict[str, Any]:
    asked = (
        money(place.requested_cents, city.currency, short=True) if place.requested_cents is not None else ""
    )
    return {
        "label": place.title or place.reference,
        "text": " · ".join(filter(None, (place.reference, asked))),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "url": reverse("grants:desk-application-detail", kwargs={"city": city.slug, "pk": place.id}),
        "tone": "accent",
    }
