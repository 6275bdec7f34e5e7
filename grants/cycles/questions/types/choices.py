"""Yes or no, one of several, several of many."""

from __future__ import annotations

import json
import unicodedata

from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.cycles.questions.definition import Json, Kind, Question
from grants.cycles.questions.problems import (
    MAX_ROWS_STORED,
    Cleaned,
    Problem,
    RefusedInputError,
    is_typed,
    line_of,
    typed,
    wrong_shape,
)

from .base import AnswerType, PostedData, Reading, as_typed, unread

_YES = frozenset({"true", "yes", "y", "on", "1", "si", "sí"})
_NO = frozenset({"false", "no", "n", "off", "0"})


class YesNo(AnswerType):
    """A JSON boolean."""

    kind = Kind.YES_NO

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        if isinstance(raw, bool):
            return Cleaned(raw)
        text = line_of(raw)
        if not text:
            return Cleaned(None)
        if text.lower() in _YES:
            return Cleaned(True)
        if text.lower() in _NO:
            return Cleaned(False)
        return unread(text, _("Choose yes or no."), "choice")

    def needed(self, question: Question) -> str:
        del question
        return _("Choose yes or no.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del question, currency
        with override(language):
            return {True: _("Yes"), False: _("No")}[value] if isinstance(value, bool) else as_typed(value)


class SingleChoice(AnswerType):
    """The chosen option, word for word as in the definition (in whatever language it was read)."""

    kind = Kind.SINGLE_CHOICE

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del reading
        text = line_of(raw)
        if not text:
            return Cleaned(None)
        option = find_option(question, text)
        if option is None:
            return unread(text, _("Choose one from the list."), "choice")
        return Cleaned(option)

    def needed(self, question: Question) -> str:
        del question
        return _("Choose one.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del currency
        return label_of(question.in_language(language), value)


class MultiChoice(AnswerType):
    """The list of chosen options, in the definition's order."""

    kind = Kind.MULTI_CHOICE

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del reading
        if raw is None or raw == "":
            return Cleaned(None)
        if isinstance(raw, str) or is_typed(raw):
            raw = [raw]
        if not isinstance(raw, list):
            raise wrong_shape()
        if len(raw) > MAX_ROWS_STORED:
            raise RefusedInputError(Problem(_("These are too many choices to save."), "too_many"))
        texts = dict.fromkeys(text for item in raw if (text := line_of(item)))
        found = {text: find_option(question, text) for text in texts}
        chosen = {option for option in found.values() if option is not None}
        unknown = [text for text, option in found.items() if option is None]
        value: list[Json] = [option for option in question.options if option in chosen]
        value += [typed(text) for text in unknown]
        problems = (Problem(_("Choose from the list only."), "choice"),) if unknown else ()
        return Cleaned(value or None, problems)

    def parse(self, question: Question, data: PostedData, name: str) -> Json:
        del question
        return data.getlist(name)

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        del reading
        if not isinstance(value, list) or question.max is None or len(value) <= question.max:
            return ()
        most = int(question.max)
        return (Problem(_("Choose no more than %(most)s.") % {"most": most}, "too_many"),)

    def gaps(self, question: Question, value: Json) -> tuple[Problem, ...]:
        if self.is_empty(value):
            return super().gaps(question, value)
        if question.min is not None and len(value) < question.min:
            return (Problem(_("Choose at least %(least)s.") % {"least": int(question.min)}, "too_few"),)
        return ()

    def needed(self, question: Question) -> str:
        least = int(question.min or 1)
        return _("Choose at least %(least)s.") % {"least": least}

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del currency
        seen = question.in_language(language)
        return (
            "; ".join(label_of(seen, item) for item in value) if isinstance(value, list) else as_typed(value)
        )


def find_option(question: Question, text: str) -> str | None:
    """Return the option that ``text`` names, by value, else by a label that is the only one of its kind."""
    wanted = _same(text)
    for choice in question.choices:
        if _same(choice.value) == wanted:
            return choice.value
    labelled = [choice.value for choice in question.choices if _same(choice.label) == wanted]
    return labelled[0] if len(labelled) == 1 else None


def label_of(question: Question, value: Json) -> str:
    """Return the label of a chosen option; what was typed where it is none."""
    if isinstance(value, str):
        return next((choice.label for choice in question.choices if choice.value == value), value)
    return as_typed(value) if is_typed(value) or value is None else json.dumps(value)


def _same(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
