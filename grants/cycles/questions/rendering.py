"""One question with its answer, as a page holds it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.utils.translation import get_language

from .cleaning import answer_text, version_name
from .controls import Control, Drawing, ShownFile, identifier
from .definition import Json, Question, translation
from .drawing import draw_control
from .problems import Problem

NOTHING: Final[Any] = object()
"""Says that there is no other person's answer; ``None`` would be an empty one."""


@dataclass(frozen=True)
class BoundQuestion:
    """A question, the answer to show in it and what is wrong with that answer.

    ``value`` is canonical or as typed. ``version`` is the stored answer's; the page sends it back. On a
    conflict ``theirs`` is what somebody else saved meanwhile, ``value`` what this person typed, ``version``
    the newest: saving again then keeps the choice made in sight of both. ``visible`` false draws it hidden
    (its stored answer stays).
    """

    question: Question
    value: Json = None
    problems: Sequence[Problem] = ()
    version: int = 0
    files: Sequence[ShownFile] = ()
    visible: bool = True
    extra_rows: int = 0
    currency: str = "USD"
    language: str = ""
    written_in: str = "en"
    theirs: Json = NOTHING

    @property
    def reader_language(self) -> str:
        return self.language or get_language() or "en"

    @cached_property
    def shown(self) -> Question:
        """The question in the reader's language."""
        return self.question.in_language(self.reader_language)

    @cached_property
    def control(self) -> Control:
        drawing = Drawing(
            problems=tuple(self.problems),
            files={file.id: file for file in self.files},
            extra_rows=self.extra_rows,
            currency=self.currency,
            language=self.reader_language,
            lang=self._lang,
        )
        return draw_control(self.shown, self.value, drawing)

    @property
    def _lang(self) -> str:
        """Return the language of the question's own words, where it isn't the page's."""
        is_translated = bool(translation(self.question.translations, self.reader_language))
        is_same = self.reader_language.split("-", maxsplit=1)[0] == self.written_in.split("-", maxsplit=1)[0]
        return "" if is_same or is_translated else self.written_in

    @property
    def template(self) -> str:
        return self.control.path

    @property
    def version_name(self) -> str:
        return version_name(self.question)

    @property
    def shown_when(self) -> str:
        """The condition as JSON for the page's script; empty for a question that is always shown."""
        condition = self.question.shown_when
        return json.dumps(condition.to_json()) if condition else ""

    @property
    def anchor(self) -> str:
        """The id of the first input, for a link from an error summary."""
        return self.control.first_input

    @property
    def error(self) -> str:
        return self.problems[0].sentence if self.problems else ""

    @property
    def errors(self) -> list[tuple[str, str]]:
        """Each problem as the id of the input it is about, and its sentence."""
        name = self.control.name
        return [
            (identifier(".".join((name, *problem.place))) if problem.place else self.anchor, problem.sentence)
            for problem in self.problems
        ]

    @property
    def has_conflict(self) -> bool:
        return self.theirs is not NOTHING

    @property
    def their_text(self) -> str:
        language = self.reader_language
        return answer_text(self.question, self.theirs, currency=self.currency, language=language)
