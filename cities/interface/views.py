"""The style guide: every component in every state, for those who build pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cities.interface.guide import samples


def guide(request: HttpRequest) -> HttpResponse:
    """Show all components; ``?rhythm=`` city, staff or center chooses the base."""
    rhythm = request.GET.get("rhythm", "city")
    base = {"staff": "base_staff.html", "center": "base_center.html"}.get(rhythm, "base_city.html")
    return render(request, "components/guide.html", {"base": base, "rhythm": rhythm, **samples(request)})
