"""The demo's own calls, in four kinds: block, murals, greening, safety.

Written for the demo in the format of a call file, with Spanish beside the English.
"""

from typing import Any

from config.demo.cities import DemoCity

from . import block, greening, murals, safety
from .spanish import spanish_texts

KINDS = {"block": block, "murals": murals, "greening": greening, "safety": safety}


def call_parts(kind: str, city: DemoCity, *, floor: str, cap: str) -> dict[str, Any]:
    """Return ``purpose``, ``eligibility``, ``sections``, ``budget``, ``attachments``, ``rubric`` and ``award``."""
    parts: dict[str, Any] = KINDS[kind].call(city, floor, cap)
    return parts


def spanish_of(kind: str, parts: dict[str, Any], *, name: str, city: DemoCity) -> dict[str, str]:
    """Return the Spanish of what a call says outside of its form, by the text."""
    costs = [category["label"] for category in KINDS[kind].CATEGORIES]
    spanish = dict(zip(costs, KINDS[kind].CATEGORIES_ES, strict=True))
    return spanish_texts(kind, parts, spanish, name=name, city=city.name)


def category_of(kind: str, project_kind: str) -> str:
    """Return the form's choice for a kind of project."""
    return str(KINDS[kind].KINDS[project_kind])
