"""The library the component modules register with, and what they share."""

from collections.abc import Collection
from functools import cache
from typing import Any

from django import template
from django.template import TemplateSyntaxError
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

TONES = ("neutral", "info", "success", "warning", "danger", "waiting")


def one_of(prop: str, value: str, known: Collection[str]) -> str:
    """Return ``value`` if the prop may have it, else fail loudly, naming what it may be."""
    if value not in known:
        raise TemplateSyntaxError(f"{prop}={value!r}: expected one of {', '.join(known)}")
    return value


def draw(component: str, /, **values: object) -> SafeString:
    """Render ``templates/components/<component>.html`` with these values and nothing of the page's context."""
    drawn: str = _template(component).render(values)
    return mark_safe(drawn.strip())


@cache
def _template(component: str) -> Any:
    # To look a template up asks every engine and loader; a page draws a hundred components.
    return get_template(f"components/{component}.html")


def trimmed(content: str) -> SafeString:
    """Strip a block's content. ``str.strip`` would forget that it is safe."""
    return mark_safe(content.strip())
