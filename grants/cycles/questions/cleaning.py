"""The two doors for answers: from a page (``parse``, then ``clean``) and from the API (``clean``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from .definition import Json, Kind, Question
from .posting import apply_buttons, file_columns
from .problems import MAX_ANSWER_CHARACTERS, Cleaned, Problem, RefusedInputError, shown_again
from .types import ANSWER_TYPES, PostedData, Reading

FIELD_PREFIX: Final = "q."
VERSION_PREFIX: Final = "v."


def field_name(question: Question) -> str:
    """Return the name of the question's form field; parts follow after a point."""
    return f"{FIELD_PREFIX}{question.key}"


def version_name(question: Question) -> str:
    """Return the name of the hidden field that carries the answer's version, and tells it was on the page."""
    return f"{VERSION_PREFIX}{question.key}"


def is_posted(question: Question, data: PostedData) -> bool:
    """Return whether the question was on the page at all (a disabled or absent one must not erase its answer)."""
    return version_name(question) in data


def posted_version(question: Question, data: PostedData) -> int | None:
    """Return the version of the answer that the page showed; ``None`` where it isn't a number."""
    text = str(data.get(version_name(question)) or "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004


def parse(question: Question, data: PostedData) -> Json:
    """Return what a page posted for the question, as input for ``clean``. Ask ``is_posted`` first.

    Rows and files whose "Remove" was pressed are left out.
    """
    raw = ANSWER_TYPES[question.type].parse(question, data, field_name(question))
    return apply_buttons(question, raw, data)


def clean(question: Question, raw: Json, *, today: date | None = None, currency: str = "USD") -> Cleaned:
    """Return the canonical value of an answer, with everything that is wrong with what was typed.

    Problems don't stop it from being stored, unless ``storable`` is false. What is missing is no problem yet:
    ask ``submission_problems``. Cleaning a canonical value gives the same value again. ``today`` (in the
    city's zone) dates a signature.
    """
    reading = Reading(today, currency)
    answer_type = ANSWER_TYPES[question.type]
    try:
        cleaned = answer_type.clean(question, raw, reading)
    except RefusedInputError as refused:
        return Cleaned(shown_again(raw), (refused.problem,), storable=False)
    if len(json.dumps(cleaned.value, ensure_ascii=False)) > MAX_ANSWER_CHARACTERS:
        problem = Problem(_("This answer is too long to save. Shorten it, or attach a file."), "too_long")
        return Cleaned(cleaned.value, (problem,), storable=False)
    return Cleaned(
        cleaned.value, _distinct((*cleaned.problems, *answer_type.limits(question, cleaned.value, reading)))
    )


def submission_problems(question: Question, value: Json, *, currency: str = "USD") -> tuple[Problem, ...]:
    """Return all that keeps a stored answer from being submitted, what is missing included.

    Only ask for questions that are shown: a hidden question is never required.
    """
    cleaned = clean(question, value, currency=currency)
    if not cleaned.storable:
        return cleaned.problems
    return _distinct((*cleaned.problems, *ANSWER_TYPES[question.type].gaps(question, cleaned.value)))


def is_answered(question: Question, value: Json) -> bool:
    return not ANSWER_TYPES[question.type].is_empty(value)


def answer_text(question: Question, value: Json, *, currency: str = "USD", language: str = "en") -> str:
    """Return an answer as plain text."""
    return ANSWER_TYPES[question.type].text(question, value, currency=currency, language=language)


def attachment_ids(question: Question, value: Json) -> tuple[str, ...]:
    """Return the ids of all attachments that an answer names, in cells too; nothing in an answer of another shape."""
    if not isinstance(value, list):
        return ()
    if question.type == Kind.FILE:
        return tuple(value)
    # A cell whose last file was taken off holds null until the row is saved again.
    cells = (row.get(key) or () for row in value if isinstance(row, dict) for key in file_columns(question))
    return tuple(file_id for cell in cells for file_id in cell)


def _distinct(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))
