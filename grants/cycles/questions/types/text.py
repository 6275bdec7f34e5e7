"""Words: one line, paragraphs, an e-mail address, a telephone number."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.cycles.questions.definition import Json, Kind, Question
from grants.cycles.questions.problems import Cleaned, Problem, line_of, text_of

from .base import AnswerType, Reading, unread

SHORT_TEXT_CHARACTERS = 300
"""A one-line answer longer than this belongs elsewhere; a question may set its own ``max_chars``."""

PHONE = re.compile(r"\+?[\d\s().\-/]+(?:\s*(?:,|;|x|ext\.?|extension|#)\s*\d{1,6})?", re.IGNORECASE)
PHONE_DIGITS = range(7, 16)


class LongText(AnswerType):
    kind = Kind.LONG_TEXT

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        return Cleaned(text_of(raw) or None)

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        del reading
        if not isinstance(value, str):
            return ()
        return (*_too_many_words(question, value), *_too_many_characters(question.max_chars, value))

    def needed(self, question: Question) -> str:
        del question
        return _("Write an answer.")


class ShortText(LongText):
    kind = Kind.SHORT_TEXT

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        return Cleaned(line_of(raw) or None)

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        del reading
        if not isinstance(value, str):
            return ()
        most = question.max_chars or SHORT_TEXT_CHARACTERS
        return (*_too_many_words(question, value), *_too_many_characters(most, value))


class Email(AnswerType):
    kind = Kind.EMAIL

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        text = line_of(raw)
        if not text:
            return Cleaned(None)
        try:
            validate_email(text)
        except ValidationError:
            return unread(text, _("Check the email address. It should look like name@example.org."))
        return Cleaned(text)

    def needed(self, question: Question) -> str:
        del question
        return _("Enter an email address.")


class Phone(AnswerType):
    kind = Kind.PHONE

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        text = line_of(raw)
        if not text:
            return Cleaned(None)
        number = re.split(r",|;|x|e|#", text, maxsplit=1, flags=re.IGNORECASE)[0]
        digits = sum(character in "0123456789" for character in number)
        if not text.isascii() or not PHONE.fullmatch(text) or digits not in PHONE_DIGITS:
            return unread(text, _("Check the phone number. Give the area code too, like 501-555-0142."))
        return Cleaned(text)

    def needed(self, question: Question) -> str:
        del question
        return _("Enter a phone number.")


def count_words(text: str) -> int:
    """Count words as people do: what stands between spaces."""
    return len(text.split())


def _too_many_words(question: Question, text: str) -> tuple[Problem, ...]:
    words = count_words(text)
    if question.max_words is None or words <= question.max_words:
        return ()
    over = words - question.max_words
    sentence = ngettext(
        "This is %(over)s word over the limit of %(most)s. Shorten it.",
        "This is %(over)s words over the limit of %(most)s. Shorten it.",
        over,
    )
    return (Problem(sentence % {"over": over, "most": question.max_words}, "too_long"),)


def _too_many_characters(most: int | None, text: str) -> tuple[Problem, ...]:
    if most is None or len(text) <= most:
        return ()
    over = len(text) - most
    sentence = ngettext(
        "This is %(over)s character over the limit of %(most)s. Shorten it.",
        "This is %(over)s characters over the limit of %(most)s. Shorten it.",
        over,
    )
    return (Problem(sentence % {"over": over, "most": most}, "too_long"),)
