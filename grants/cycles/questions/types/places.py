"""Where people get mail, and where a project happens."""

from __future__ import annotations

import re
from typing import ClassVar

from django.utils.translation import gettext as _

from grants.cycles.questions.definition import Json, Kind, Question
from grants.cycles.questions.problems import Cleaned, Problem, is_typed, line_of, typed, wrong_shape

from .base import AnswerType, PostedData, Reading, as_typed

PLACES_KEPT = 6
"""Decimals of a degree: about ten centimeters."""

_DEGREES = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,17})?")


class Address(AnswerType):
    """A mailing address: ``{"street", "unit", "city", "state", "zip"}``, what is empty left out.

    A plain text is read as the street. Only the street is needed: a post office box, or a place that only
    neighbors know, is an address too.
    """

    kind = Kind.ADDRESS
    parts: ClassVar[tuple[str, ...]] = ("street", "unit", "city", "state", "zip")

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        if isinstance(raw, str) or is_typed(raw):
            raw = {"street": raw}
        if raw is None:
            return Cleaned(None)
        if not isinstance(raw, dict) or not set(raw) <= set(self.parts):
            raise wrong_shape()
        lines = {part: line_of(raw.get(part)) for part in self.parts}
        return Cleaned({part: line for part, line in lines.items() if line} or None)

    def parse(self, question: Question, data: PostedData, name: str) -> Json:
        del question
        if name in data:  # a table cell is one field
            return data.get(name)
        return {part: data.get(f"{name}.{part}", "") for part in self.parts}

    def gaps(self, question: Question, value: Json) -> tuple[Problem, ...]:
        if self.is_empty(value) or value.get("street"):
            return super().gaps(question, value)
        return (Problem(_("Enter the street address or post office box."), "required", ("street",)),)

    def needed(self, question: Question) -> str:
        del question
        return _("Enter an address.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del question, currency, language
        if not isinstance(value, dict) or is_typed(value):
            return as_typed(value)
        state_and_zip = " ".join(value[part] for part in ("state", "zip") if value.get(part))
        lines = [value.get("street"), value.get("unit"), value.get("city"), state_and_zip]
        return ", ".join(line for line in lines if line)


class Location(AnswerType):
    """A place in the city: ``{"address", "cross_streets", "lat", "lng"}``, any one way of telling it is enough.

    ``lat`` and ``lng`` are degrees as JSON numbers, always both or neither.
    """

    kind = Kind.LOCATION
    words: ClassVar[tuple[str, ...]] = ("address", "cross_streets")
    degrees: ClassVar[dict[str, int]] = {"lat": 90, "lng": 180}

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        if isinstance(raw, str) or is_typed(raw):
            raw = {"address": raw}
        if raw is None:
            return Cleaned(None)
        if not isinstance(raw, dict) or not set(raw) <= {*self.words, *self.degrees}:
            raise wrong_shape()
        value: dict[str, Json] = {part: line for part in self.words if (line := line_of(raw.get(part)))}
        point = {part: line_of(_plain(raw.get(part))) for part in self.degrees}
        if not any(point.values()):
            return Cleaned(value or None)
        read = {part: _read_degrees(text, self.degrees[part]) for part, text in point.items()}
        if None not in read.values():
            return Cleaned({**value, **read})
        kept = {part: typed(text) for part, text in point.items() if text}
        sentence = _("We could not read the point on the map. Set it again, or clear both numbers.")
        return Cleaned({**value, **kept}, (Problem(sentence, "format", ("lat",)),))

    def parse(self, question: Question, data: PostedData, name: str) -> Json:
        del question
        return {part: data.get(f"{name}.{part}", "") for part in (*self.words, *self.degrees)}

    def needed(self, question: Question) -> str:
        del question
        return _("Say where it is: an address, the nearest cross streets, or a point on the map.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del question, currency, language
        if not isinstance(value, dict) or is_typed(value):
            return as_typed(value)
        words = [value[part] for part in self.words if value.get(part)]
        if not words and point_of(value):
            return f"{value['lat']}, {value['lng']}"
        return "; ".join(words)


def point_of(value: Json) -> tuple[float, float] | None:
    """Return latitude and longitude of a location; ``None`` where no point was set."""
    if not isinstance(value, dict):
        return None
    lat, lng = value.get("lat"), value.get("lng")
    if isinstance(lat, int | float) and isinstance(lng, int | float):
        return float(lat), float(lng)
    return None


def _plain(raw: Json) -> Json:
    return f"{raw:.{PLACES_KEPT}f}" if isinstance(raw, float) and abs(raw) <= 180 else raw  # noqa: PLR2004


def _read_degrees(text: str, most: int) -> float | None:
    if not _DEGREES.fullmatch(text) or abs(float(text)) > most:
        return None
    return round(float(text), PLACES_KEPT) + 0.0  # no minus zero
