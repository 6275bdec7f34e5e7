"""What maps read of places."""

from typing import Any

from .models import Area


def area_shapes() -> dict[str, Any] | None:
    """Return the city's areas as a GeoJSON FeatureCollection, ``None`` where none are drawn. One statement."""
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": geometry}
        for name, geometry in Area.objects.values_list("name", "geometry")
        if geometry
    ]
    return {"type": "FeatureCollection", "features": features} if features else None


def area_names() -> list[str]:
    """Return the names of the city's areas, in order."""
    return list(Area.objects.values_list("name", flat=True))
