"""Who writes the text of which kind of message. Upper floors register their own kinds (see README).

The same letter is written in the worker and again in the person's inbox, at different doors. So a
renderer reads ``message.data``, ``message.city`` and ``message.recipient``, and asks the database nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template import Context, Engine
from django.utils.translation import get_language

from cities.outbox.models import Message

from .layout import as_html


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person reads. ``path`` is where the inbox entry leads; ``html`` is made from the text if empty."""

    subject: str
    text: str
    path: str = ""
    html: str = ""


Renderer = Callable[[Message, str | None], Letter]

_renderers: dict[str, Renderer] = {}
_hidden: set[str] = set()


class UnknownKindError(LookupError):
    """Nobody registered a renderer for this kind. Always a bug; a test looks for it."""


def renders(kind: str, *, in_inbox: bool = True) -> Callable[[Renderer], Renderer]:
    """Register the writer of a kind: ``(message, secret) -> Letter``, in the language that is active.

    ``in_inbox=False`` keeps a kind out of the inbox on the site (codes, letters to new addresses).
    """

    def register(renderer: Renderer) -> Renderer:
        if kind in _renderers and _renderers[kind].__qualname__ != renderer.__qualname__:
            raise ValueError(f"Two renderers for {kind!r}")
        _renderers[kind] = renderer
        if not in_inbox:
            _hidden.add(kind)
        return renderer

    return register


def registered_kinds() -> frozenset[str]:
    return frozenset(_renderers)


def inbox_kinds() -> frozenset[str]:
    return frozenset(_renderers) - _hidden


def write_letter(message: Message, secret: str | None = None) -> Letter:
    """Render ``message`` in the active language. Raises :class:`UnknownKindError`."""
    try:
        renderer = _renderers[message.kind]
    except KeyError:
        raise UnknownKindError(message.kind) from None
    return renderer(message, secret)


def letter(template: str, message: Message, *, path: str = "", **context: Any) -> Letter:
    """Write a letter from ``templates/<template>.<language>.txt``: first line the subject, then the text.

    The template knows ``message``, ``city``, ``data`` (as ``message.data``), ``site_name``, ``link`` (the
    full address of ``path``) and what is passed. A block indented by four spaces is set large in HTML;
    a line that is only an address becomes a button.
    """
    language = (get_language() or "en").split("-")[0]
    values = {
        "message": message,
        "city": message.city,
        "data": message.data,
        "site_name": settings.SITE_NAME,
        "link": absolute(path) if path else "",
        **context,
    }
    known = language if language in dict(settings.LANGUAGES) else "en"
    source = Engine.get_default().get_template(f"{template}.{known}.txt")
    written = source.render(Context(values, autoescape=False)).strip()
    subject, _newline, text = written.partition("\n")
    text = text.strip() + "\n"
    return Letter(
        subject=subject.strip(), text=text, path=path, html=as_html(subject.strip(), text, language)
    )


def absolute(path: str) -> str:
    """Return the full address of a page of this site, for a letter."""
    return f"{settings.SITE_ADDRESS.rstrip('/')}{path}"
