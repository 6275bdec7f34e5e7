"""What is wrong with an answer, said so that a resident knows what to do."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TypeGuard

from django.utils.translation import gettext as _

from .definition import Json

MAX_TEXT = 20_000
"""Characters of one text; more is refused, not stored."""

MAX_ANSWER_CHARACTERS = 200_000
"""Characters of one whole answer written as JSON (a roster, a budget)."""

MAX_ROWS_STORED = 200
"""Rows of one table, entries of one list."""

LARGEST_NUMBER_READ = 10**20
"""A JSON number beyond this is no answer to anything (and Python refuses to write out the largest)."""

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_CONTROL = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f]")
"""Unicode's category Cc, line end and tabulator apart."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right, next to the field it belongs to.

    ``place`` leads to the part: ``()`` the whole answer, ``("end",)`` a part, ``("r2", "amount")`` a cell.
    ``code`` is stable and meant for programs: ``required``, ``format``, ``choice``, ``too_long``,
    ``too_short``, ``too_low``, ``too_high``, ``too_many``, ``too_few``, ``order``, ``characters``, ``shape``.
    """

    sentence: str
    code: str = "format"
    place: tuple[str, ...] = ()

    def within(self, *place: str) -> Problem:
        """Return the same problem, seen from an outer part of the answer."""
        return Problem(self.sentence, self.code, (*place, *self.place))


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The outcome of cleaning: what to store, and what is wrong with it.

    An answer with problems is stored all the same ("saves with errors in it"), unless ``storable`` is false:
    then ``value`` only serves to show again what was typed.
    """

    value: Json
    problems: tuple[Problem, ...] = ()
    storable: bool = True


class RefusedInputError(ValueError):
    """The input can't be stored at all; ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem

    def within(self, *place: str) -> RefusedInputError:
        return RefusedInputError(self.problem.within(*place))


def wrong_shape() -> RefusedInputError:
    """Return the refusal of a JSON value of a kind that this question never holds."""
    return RefusedInputError(
        Problem(_("We could not read this answer. Reload the page and type it again."), "shape")
    )


def typed(text: str) -> dict[str, str]:
    """Return ``text`` as a value that was typed but not understood, kept to be shown again."""
    return {"typed": text}


def is_typed(value: Json) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and set(value) == {"typed"}


def text_of(raw: Json) -> str:
    """Return what was typed as tidy text; nothing is the empty text.

    Line ends become one newline, control characters go. Raises ``RefusedInputError`` on another JSON shape, too
    long a text, a NUL character or half a surrogate pair (neither PostgreSQL nor UTF-8 can hold those).
    """
    if raw is None:
        return ""
    if is_typed(raw):
        raw = raw["typed"]
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) < LARGEST_NUMBER_READ:
        raw = repr(raw)
    if not isinstance(raw, str):
        raise wrong_shape()
    if len(raw) > MAX_TEXT:
        raise RefusedInputError(
            Problem(
                _("This is too long to save. Keep it under %(count)s characters.")
                % {"count": f"{MAX_TEXT:,}"},
                "too_long",
            )
        )
    if _UNWRITABLE.search(raw):
        raise RefusedInputError(
            Problem(
                _("This has a character that we can't save. Delete it and type the text again."), "characters"
            )
        )
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", lines)
    return unicodedata.normalize("NFC", text)[:MAX_TEXT].strip()  # composing may lengthen a text


def line_of(raw: Json) -> str:
    """Return what was typed as one line of tidy text."""
    return " ".join(text_of(raw).split())


def shown_again(raw: Json) -> Json:
    """Return a refused input in a form that can be put back into its field."""
    if isinstance(raw, str):
        return typed("".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in raw if c != "\0"))
    if isinstance(raw, dict):
        return {str(shown_text(key)): shown_again(part) for key, part in raw.items()}
    if isinstance(raw, list):
        return [shown_again(part) for part in raw[:MAX_ROWS_STORED]]
    return raw


def shown_text(raw: Json) -> str:
    again = shown_again(str(raw))
    return str(again["typed"])
