"""Where things are: a city's neighborhoods and districts."""

from django.db import models

from cities.tenancy.models import TenantModel


class Area(TenantModel):
    """A neighborhood or district, drawn as GeoJSON geometry (longitude, latitude)."""

    doors = frozenset({"public"})

    name = models.CharField(max_length=120)
    geometry = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["city", "name"], name="area_name_once")]
