"""A day, and a span from one day to another."""

from __future__ import annotations

import re
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.cycles.questions.definition import Json, Kind, Question
from grants.cycles.questions.problems import Cleaned, Problem, is_typed, line_of, wrong_shape

from .base import AnswerType, PostedData, Reading, as_typed, unread

EARLIEST_YEAR = 1800

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:T.*)?")
_SLASHES = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_MONTH_FIRST = re.compile(r"([a-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? (?:de )?([a-z]+)\.?,? (?:de |del )?([0-9]{4})")


class Date(AnswerType):
    """A day, as ``YYYY-MM-DD``."""

    kind = Kind.DATE

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        if isinstance(raw, int | float):
            raise wrong_shape()
        text = line_of(raw)
        if not text:
            return Cleaned(None)
        day = read_day(text)
        if day is None:
            return unread(text, _("Enter a date with month, day and year, like 04/27/2026."))
        return Cleaned(day.isoformat())

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        del reading
        day = day_of(value)
        if day is None:
            return ()
        first, last = day_of(question.min), day_of(question.max)
        if first is not None and day < first:
            return (Problem(_("Choose %(day)s or a later day.") % {"day": day_text(first)}, "too_low"),)
        if last is not None and day > last:
            return (Problem(_("Choose %(day)s or an earlier day.") % {"day": day_text(last)}, "too_high"),)
        return ()

    def needed(self, question: Question) -> str:
        del question
        return _("Enter a date.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del question, currency
        day = day_of(value)
        if day is None:
            return as_typed(value)
        with override(language):
            return day_text(day)


class DateRange(AnswerType):
    """Two days, as ``{"start": "YYYY-MM-DD", "end": "YYYY-MM-DD"}``; a missing one is left out."""

    kind = Kind.DATE_RANGE
    parts = ("start", "end")

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        if raw is None or raw == "":
            return Cleaned(None)
        if not isinstance(raw, dict) or not set(raw) <= set(self.parts):
            raise wrong_shape()
        value: dict[str, Json] = {}
        problems: list[Problem] = []
        for part in self.parts:
            cleaned = _DATE.clean(question, raw.get(part), reading)
            if cleaned.value is not None:
                value[part] = cleaned.value
            problems += [problem.within(part) for problem in cleaned.problems]
        return Cleaned(value or None, tuple(problems))

    def parse(self, question: Question, data: PostedData, name: str) -> Json:
        del question
        return {part: data.get(f"{name}.{part}", "") for part in self.parts}

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        del question, reading
        if not isinstance(value, dict):
            return ()
        start, end = day_of(value.get("start")), day_of(value.get("end"))
        if start and end and end < start:
            return (Problem(_("The last day is before the first. Check both dates."), "order", ("end",)),)
        return ()

    def gaps(self, question: Question, value: Json) -> tuple[Problem, ...]:
        if self.is_empty(value):
            return super().gaps(question, value)
        sentences = {"start": _("Enter the first day too."), "end": _("Enter the last day too.")}
        return tuple(
            Problem(sentences[part], "required", (part,)) for part in self.parts if value.get(part) is None
        )

    def needed(self, question: Question) -> str:
        del question
        return _("Enter the first and the last day.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        if not isinstance(value, dict):
            return as_typed(value)
        days = [
            _DATE.text(question, value.get(part), currency=currency, language=language) for part in self.parts
        ]
        with override(language):
            return _("%(start)s to %(end)s") % {"start": days[0] or "…", "end": days[1] or "…"}


_DATE = Date()


def read_day(text: str) -> date | None:
    """Return the day that ``text`` names; ``None`` if it names none.

    Read: ISO (a time of day is dropped), ``4/27/2026`` (month first, as in the United States; day first only
    where the other is impossible), ``April 27, 2026``, ``27 de abril de 2026``.
    """
    plain = text.lower()
    if found := _ISO.fullmatch(text):
        return _day(*found.groups())
    if found := _SLASHES.fullmatch(plain):
        first, second, year = found.groups()
        return _day(year, first, second) or _day(year, second, first)
    if found := _MONTH_FIRST.fullmatch(plain):
        name, day, year = found.groups()
        return _day(year, _MONTHS.get(name), day)
    if found := _DAY_FIRST.fullmatch(plain):
        day, name, year = found.groups()
        return _day(year, _MONTHS.get(name), day)
    return None


def day_of(value: Json) -> date | None:
    """Return the day of a canonical value or of a limit (which may carry a time of day)."""
    if not isinstance(value, str) or is_typed(value):
        return None
    found = _ISO.fullmatch(value)
    return _day(*found.groups()) if found else None


def day_text(day: date) -> str:
    """Return the day in words of the active language."""
    return date_format(day, "DATE_FORMAT")


def _day(year: str, month: str | int | None, day: str) -> date | None:
    if month is None or int(year) < EARLIEST_YEAR:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
