"""The demo's own calls, in four kinds: block, murals, greening, safety.

Written for the demo in the format of a call file, with Spanish beside the English.
"""

from typing import Any

from config.demo.cities import DemoCity

from . import block, greening, murals, safety

KINDS = {"block": block, "murals": murals, "greening": greening, "safety": safety}


def call_parts(kind: str, city: DemoCity, *, floor: str, cap: str) -> dict[str, Any]:
    """Return ``purpose``, ``eligibility``, ``sections``, ``budget``, ``attachments``, ``rubric`` and ``award``."""
    parts: dict[str, Any] = KINDS[kind].call(city, floor, cap)
    return parts


def category_of(kind: str, project_kind: str) -> str:
    """Return the form's choice for a kind of project."""
    return str(KINDS[kind].KINDS[project_kind])
