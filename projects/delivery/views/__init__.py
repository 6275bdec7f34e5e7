"""Pages of projects: for everybody, for who tells about one, and for the desk."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cities.tenancy.models import City
from grants.applications.desk.paging import Page

PAGES = "projects/delivery"


def city_of(request: HttpRequest) -> City:
    city: Any = request.city  # type: ignore[attr-defined]
    return city  # type: ignore[no-any-return]


def to_first_page(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Lead from a cursor behind which nothing is left to the list's beginning: it isn't empty for that."""
    query = request.GET.copy()
    cursors = [query.pop(name, None) for name in ("after", "before")]
    if page.rows or not any(cursors):
        return None
    return redirect(f"{request.path}?{query.urlencode()}")
