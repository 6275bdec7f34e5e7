"""Events as sentences that a person reads. Each room registers those of its own tags."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.interface.formats import day, money

ISO_DAY = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_sentences: dict[str, Any] = {
    "city:found": gettext_lazy("%(who)s founded the city’s place here."),
}


def register(sentences: Mapping[str, Any]) -> None:
    """Add sentences by tag; ``%(who)s`` and the keys of the event's data may stand in them."""
    _sentences.update(sentences)


def has_sentence(tag: str) -> bool:
    return tag in _sentences


def sentence(tag: str, who: str, data: Mapping[str, Any], *, currency: str = "") -> str:
    """Say one event in the reader's language, amounts in ``currency``. A tag without words is shown as it is.

    Where an API token acted, it stands behind the name.
    """
    words = str(_sentences[tag]) if tag in _sentences else _("%(who)s: %(tag)s.")
    shown = {key: _shown(key, value, currency) for key, value in data.items()}
    said = words % _Words(shown, who=_acting(who, data), tag=tag.replace(":", " · ").replace("-", " "))
    return said[:1].upper() + said[1:]  # a system's name, like that of an import, is no proper name


def _acting(who: str, data: Mapping[str, Any]) -> str:
    token = data.get("token")
    if not token:
        return who
    if token["name"]:
        return _("%(who)s (by API token “%(name)s”)") % {"who": who, "name": token["name"]}
    return _("%(who)s (by an API token)") % {"who": who}


def _shown(key: str, value: Any, currency: str) -> Any:
    """Write minor units as money and days as days: an event keeps both as a machine reads them."""
    if currency and key.endswith("cents") and isinstance(value, int):
        return money(value, currency)
    if isinstance(value, str) and ISO_DAY.match(value):
        with suppress(ValueError):
            return day(date.fromisoformat(value), style="medium")
    return value


class _Words(dict[str, Any]):
    """The event's data; a key that an older event lacks is left out instead of breaking the page."""

    def __missing__(self, key: str) -> str:
        return "—"
