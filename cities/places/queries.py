"""What maps read of places."""

from typing import Any

from .models import Area


def area_shapes() -> dict[str, Any]:
    """Return the city's areas as a GeoJSON FeatureCollection, without features where none are drawn."""
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in Area.objects.values_list("name", "geometry")
        if geometry
    ]
    return {"type": "FeatureCollection", "features": features}


def has_areas() -> bool:
    """Say whether any area of the city is drawn."""
    return bool(Area.objects.exists())


def area_names() -> list[str]:
    """Return the names of the city's areas, in order."""
    return list(Area.objects.values_list("name", flat=True))
