"""What every question type can do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from django.utils.translation import gettext as _

from grants.cycles.questions.definition import Json, Kind, Question
from grants.cycles.questions.problems import Cleaned, Problem, is_typed, typed


class PostedData(Protocol):
    """What a page posted: a ``QueryDict`` or anything like it."""

    def get(self, key: str, default: Json = None, /) -> Json: ...

    def getlist(self, key: str, /) -> list[Json]: ...

    def __contains__(self, key: object, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer is read against: the day in the city's zone, the city's currency."""

    today: date | None = None
    currency: str = "USD"


class AnswerType:
    """How answers of one kind are read, judged and told.

    ``clean`` reads API input and is idempotent: cleaning a canonical value gives it back. ``parse`` turns the
    posted fields into such input. ``limits`` judges what was typed, ``gaps`` what is not there yet; both get
    canonical values. Text that can't be understood is kept as ``{"typed": text}``.
    """

    kind: ClassVar[Kind]

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        raise NotImplementedError

    def parse(self, question: Question, data: PostedData, name: str) -> Json:
        """Return the input for ``clean`` from fields named ``name`` or ``name.part``."""
        del question
        return data.get(name)

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        """Return where a filled-in answer breaks the question's own limits."""
        del question, value, reading
        return ()

    def gaps(self, question: Question, value: Json) -> tuple[Problem, ...]:
        """Return what must still be filled in before submitting."""
        if question.required and self.is_empty(value):
            return (Problem(self.needed(question), "required"),)
        return ()

    def needed(self, question: Question) -> str:
        """Return the sentence that asks for a missing answer."""
        del question
        return _("This answer is needed.")

    def is_empty(self, value: Json) -> bool:
        return value is None or value in ("", [], {})

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        """Return the answer as plain text for lists, exports and screen."""
        del question, currency, language
        return as_typed(value)


def as_typed(value: Json) -> str:
    """Return the text to put back into a field."""
    if value is None:
        return ""
    if is_typed(value):
        return as_typed(value["typed"])
    return str(value)


def unread(text: str, sentence: str, code: str = "format") -> Cleaned:
    """Return text that was not understood: kept as typed, with what to do."""
    return Cleaned(typed(text), (Problem(sentence, code),))
