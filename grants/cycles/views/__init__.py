"""Pages of the desk: the staff home and the setup of calls. What residents see of a call lies elsewhere."""

from typing import Any

from cities.tenancy.models import City
from grants.cycles.models import Cycle
from grants.cycles.tickets import ticket_of


def city_of(request: Any) -> City:
    """Return the city that the address names; the middleware has found it."""
    city: City = request.city
    return city


def seen_by(request: Any, cycle: Cycle, part: str) -> str:
    """Return the ticket of the part that the person edits: the page's own; on a first visit, of what stands."""
    return str(request.POST.get("seen") or ticket_of(cycle, part))
