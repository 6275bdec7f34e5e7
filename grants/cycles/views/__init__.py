"""Pages of the desk: the staff home and the setup of calls. What residents see of a call lies elsewhere."""

from typing import Any

from cities.tenancy.models import City


def city_of(request: Any) -> City:
    """Return the city that the address names; the middleware has found it."""
    city: City = request.city
    return city
