"""The icons we ship: one list, read by the build (which makes the sprite) and by the tags."""

import json
from functools import lru_cache
from pathlib import Path

from django.template import TemplateSyntaxError
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

_LIST = Path(__file__).resolve().parents[2] / "static" / "src" / "icons.json"
ICONS = frozenset(json.loads(_LIST.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("img/icons.svg")


def icon_html(name: str, *, label: object = "", size: int = 0) -> SafeString:
    """Draw one icon. Decorative unless ``label`` names it. ``size`` is USWDS's 3 to 9."""
    return _drawn(name, str(label), size)


# A page of fifty rows shows a hundred icons of a dozen kinds: each is drawn once per process.
@lru_cache(maxsize=1024, typed=True)  # a text that is safe as it is equals one that isn’t
def _drawn(name: str, label: str, size: int) -> SafeString:
    if name not in ICONS:
        raise TemplateSyntaxError(f"No icon {name!r}: add it to static/src/icons.json")
    classes = f"usa-icon usa-icon--size-{size}" if size else "usa-icon"
    use = format_html('<use href="{}#{}"></use>', _sprite(), name)
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', classes, label, use)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false">{}</svg>', classes, use)
