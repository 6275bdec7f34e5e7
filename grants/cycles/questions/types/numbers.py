"""Numbers and amounts of money."""

from __future__ import annotations

import math
import re
from decimal import Decimal, InvalidOperation

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from grants.cycles.questions.definition import Json, Kind, Question
from grants.cycles.questions.money import (
    MAX_CENTS,
    AmountError,
    cents_of,
    cents_of_decimal,
    decimal_text,
    money_text,
    read_amount,
)
from grants.cycles.questions.problems import Cleaned, Problem, line_of, typed, wrong_shape

from .base import AnswerType, Reading, as_typed, unread

LARGEST = 999_999_999_999
MOST_DIGITS = 1000
"""Before or behind the point. A number of more is nobody's answer."""
_NUMBER = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{0,3})?|-?\.[0-9]{1,3}")
_THOUSANDS = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
"""Typed “1.500” may be one and a half or, as in much of the world, fifteen hundred: money takes no such point either."""


class Number(AnswerType):
    """A JSON number: an integer, or with up to three decimals (15 digits at most, so a float holds it)."""

    kind = Kind.NUMBER

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        if isinstance(raw, float) and not math.isfinite(raw):
            raise wrong_shape()
        text = line_of(_plain(raw))
        if not text:
            return Cleaned(None)
        if not _NUMBER.fullmatch(text):
            return unread(text, _("Enter a number, like 25."))
        if not isinstance(raw, int | float) and _THOUSANDS.fullmatch(text):
            return unread(text, _("Enter a number like 1500 or 1.5."))
        return Cleaned(json_number(Decimal(text.replace(",", ""))))

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        del reading
        number = decimal_of(value)
        if number is None:
            return ()
        least, most = decimal_of(question.min), decimal_of(question.max)
        if least is not None and number < least:
            return (Problem(_("Enter %(least)s or more.") % {"least": number_text(least)}, "too_low"),)
        if most is not None and number > most:
            return (Problem(_("Enter %(most)s or less.") % {"most": number_text(most)}, "too_high"),)
        return ()

    def needed(self, question: Question) -> str:
        del question
        return _("Enter a number.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del question, currency, language
        number = decimal_of(value)
        return as_typed(value) if number is None else number_text(number)


class Money(AnswerType):
    kind = Kind.MONEY

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        cents = cents_of(raw)
        if cents is not None:
            if set(raw) != {"cents"}:
                raise wrong_shape()
            return _within_reach(cents, decimal_text(cents))
        if isinstance(raw, int | float):
            raise wrong_shape()
        text = line_of(raw)
        if not text:
            return Cleaned(None)
        try:
            return _within_reach(read_amount(text), text)
        except AmountError:
            return unread(text, _("Enter an amount like 1200 or 1200.50."))

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        cents = cents_of(value)
        if cents is None:
            return ()
        least, most = cents_of_decimal(question.min), cents_of_decimal(question.max)
        if least is not None and cents < least:
            return (Problem(_("Enter %(least)s or more.") % {"least": _amount(least, reading)}, "too_low"),)
        if most is not None and cents > most:
            return (
                Problem(
                    _("The most you can enter is %(most)s.") % {"most": _amount(most, reading)}, "too_high"
                ),
            )
        return ()

    def needed(self, question: Question) -> str:
        del question
        return _("Enter an amount.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del question
        cents = cents_of(value)
        return as_typed(value) if cents is None else money_text(cents, currency, language)


def decimal_of(value: Json) -> Decimal | None:
    """Return a number of an answer or a limit exactly; ``None`` where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    except InvalidOperation:
        return None
    # “1e999999999” is finite too, but arithmetic with it overflows.
    return number if number.is_finite() and abs(number.adjusted()) <= MOST_DIGITS else None


def json_number(number: Decimal) -> int | float:
    """Return the number as JSON holds it, without a float where an integer will do."""
    return int(number) if number == number.to_integral_value() else float(number)


def number_text(number: Decimal) -> str:
    plain = json_number(number)
    return number_format(plain, use_l10n=True, force_grouping=False) if isinstance(plain, int) else str(plain)


def _plain(raw: Json) -> Json:
    """Write a JSON float without an exponent, as a person would."""
    if isinstance(raw, float):
        return format(Decimal(repr(raw)), "f")
    return raw


def _within_reach(cents: int, text: str) -> Cleaned:
    if cents < 0:
        return Cleaned(typed(text), (Problem(_("An amount can't be below zero."), "too_low"),))
    if cents > MAX_CENTS:
        return Cleaned(typed(text), (Problem(_("This amount is too large. Check the number."), "too_high"),))
    return Cleaned({"cents": cents})


def _amount(cents: int, reading: Reading) -> str:
    return money_text(cents, reading.currency, get_language() or "en")
