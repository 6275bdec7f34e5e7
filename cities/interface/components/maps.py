"""Maps: shapes and markers drawn without any tile server, and the same as a table."""

# ruff: noqa: A002 - props are named as the HTML attributes they become

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString

from cities.interface.components.marks import nonce_attribute
from cities.interface.components.registry import draw, one_of, register, trimmed

BACKGROUNDS = ("", "us-states")


@register.simple_block_tag(takes_context=True)
def map_block(
    context: Context,
    content: str,
    *,
    id: str,
    data: Mapping[str, object] | None = None,
    rows: str = "",
    label: str,
    background: str = "",
    areas: bool = False,
    tall: bool = False,
) -> SafeString:
    """``{% map_block id="cities" data=map_data label=… background="us-states" %}…{% endmap_block %}``.

    ``data`` is ``{"markers": [{label, latitude, longitude, url?, text?, tone?, size?}]}``. In its stead ``rows``
    is the id of a table on the page whose rows have a ``data-place``: those that are ticked, and those that can't be,
    are on the map. With ``areas`` the browser fetches the shapes of the page's city and draws them beneath. The block's
    content stands under the map; left empty, a table of the markers does.
    """
    markers = (data or {}).get("markers") or []
    one_of("background", background, BACKGROUNDS)
    return draw(
        "map",
        id=id,
        data={"markers": markers},
        data_id=f"{id}-data",
        rows=rows,
        markers=markers,
        label=label,
        content=trimmed(content),
        areas=_areas_of(context.get("city")) if areas else "",
        outline=static("map/us-states.json") if background else "",
        tiles=getattr(settings, "MAP_TILES", ""),
        script=static("js/map.js"),
        stylesheet=static("css/map.css"),
        nonce=nonce_attribute(context),
        tall=tall,
    )


def _areas_of(city: Any) -> str:
    return reverse("cities:area-shapes", kwargs={"city": city.slug}) if city else ""
