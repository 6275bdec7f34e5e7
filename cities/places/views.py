"""A city's areas, for maps that are drawn in the browser."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from cities.access.rules import anybody, requires

from .queries import area_shapes


@require_safe
@requires(anybody)
def area_shapes_json(_request: HttpRequest) -> JsonResponse:
    """Serve the city's areas as one GeoJSON FeatureCollection (CRS84), empty where none are drawn."""
    return JsonResponse(area_shapes(), headers={"Cache-Control": "public, max-age=3600"})
