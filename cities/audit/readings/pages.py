"""The Center's pages and filters in words. Each room registers its own, by the code that stands in the log."""

from collections.abc import Mapping
from typing import Any

_pages: dict[str, Any] = {}
_filters: dict[str, Any] = {}


def register_pages(pages: Mapping[str, Any], *, filters: Mapping[str, Any] | None = None) -> None:
    """Add pages by their code (``center-overview``), and what the keys of their filters are called."""
    _pages.update(pages)
    _filters.update(filters or {})


def has_words(code: str) -> bool:
    return code in _pages


def page_words(code: str) -> str:
    """Name a page in the reader's language; one without words is shown by its code."""
    return str(_pages.get(code, code))


def filter_words(asked: Mapping[str, Any]) -> str:
    """Say a filter in one line, in the order in which the keys were registered."""
    known = [key for key in _filters if key in asked]
    asked = {key: asked[key] for key in [*known, *(set(asked) - set(known))]}
    return " · ".join(f"{_filters.get(key, key)}: {value}" for key, value in asked.items())


def page_choices() -> list[tuple[str, str]]:
    """Return the pages with their words, for a filter."""
    return sorted(((code, str(words)) for code, words in _pages.items()), key=lambda pair: pair[1])
