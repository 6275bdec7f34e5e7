"""The staff home: what came in, against which pool, how long it runs, what waits."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.access.memberships import roles_in
from cities.access.models import Role
from cities.access.rules import requires
from cities.interface.charts import Point, Series
from cities.interface.formats import day, money
from cities.places.queries import area_shapes
from cities.tenancy.models import City
from grants.cycles.permissions import can_see_setup
from grants.cycles.queries_staff import MOST_POINTS, CycleFigures, Place, Today, today

from . import city_of

SCREENERS = frozenset({Role.MANAGER, Role.STAFF})


@require_safe
@requires(can_see_setup)
def staff_home(request: HttpRequest) -> HttpResponse:
    """Show the calls of the city in figures, on a map, and what waits on this person."""
    city = city_of(request)
    roles = roles_in(request.user, city.pk)
    found = today(city, with_invitations=Role.MANAGER in roles)
    context = {
        "today": found,
        "calls": [{"figures": figures, "curve": _curve(figures)} for figures in found.figures],
        "waiting": _waiting(
            city, found, may_screen=bool(roles & SCREENERS), may_manage=Role.MANAGER in roles
        ),
        "map_data": _map(city, found.places),
        "newest_only": MOST_POINTS if len(found.places) == MOST_POINTS else 0,
        "may_manage": Role.MANAGER in roles,
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
    shapes = area_shapes()
    if not shapes and not places:
        return None
    return {"markers": [_marker(city, place) for place in places], "shapes": shapes}


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


def _waiting(city: City, found: Today, *, may_screen: bool, may_manage: bool) -> list[dict[str, Any]]:
    """Return what this person could do next, the longest waiting first within each kind."""
    rows: list[dict[str, Any]] = []
    if may_screen:
        rows += [
            {
                "kind": "screen", "count": figures.to_screen, "name": figures.cycle.name, "since": figures.waiting_since,
                "url": f"{reverse('grants:desk-application-list', kwargs={'city': city.slug})}?status=submitted&cycle={figures.cycle.pk}",
            }
            for figures in found.figures
            if figures.to_screen
        ]  # fmt: skip
    if may_manage:
        rows += [
            {
                "kind": "publish", "count": 1, "name": cycle.name, "since": cycle.created_at,
                "url": reverse("grants:cycle-setup", kwargs={"city": city.slug, "pk": cycle.pk}),
            }
            for cycle in found.drafts
        ]  # fmt: skip
    if may_manage and found.open_invitations:
        rows.append(
            {"kind": "invitations", "count": found.open_invitations, "name": "", "since": None, "url": ""}
        )
    return rows
