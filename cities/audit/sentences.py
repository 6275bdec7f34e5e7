"""Events as sentences that a person reads. Each room registers those of its own tags."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_sentences: dict[str, Any] = {
    "city:found": gettext_lazy("%(who)s founded the city’s place here."),
    "city:change": gettext_lazy("%(who)s changed the city’s settings."),
}


def register(sentences: Mapping[str, Any]) -> None:
    """Add sentences by tag; ``%(who)s`` and the keys of the event's data may stand in them."""
    _sentences.update(sentences)


def has_sentence(tag: str) -> bool:
    return tag in _sentences


def sentence(tag: str, who: str, data: Mapping[str, Any]) -> str:
    """Say one event in the reader's language. A tag without words of its own is shown as it is."""
    if tag not in _sentences:
        return _("%(who)s: %(tag)s.") % {"who": who, "tag": tag.replace(":", " · ").replace("-", " ")}
    return str(_sentences[tag]) % _Words(data, who=who)


class _Words(dict[str, Any]):
    """The event's data; a key that an older event lacks is left out instead of breaking the page."""

    def __missing__(self, key: str) -> str:
        return "—"
