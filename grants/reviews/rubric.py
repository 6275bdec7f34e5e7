"""The arithmetic of a rubric: what a sheet adds up to, and what is still missing or wrong on it.

Gates are answered yes or no and carry no points. A criterion's most points are its weight in the total. A bonus
is all or nothing. What has no points in the rubric is commented on and adds nothing.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cities.interface.formats import money

CENT = Decimal("0.01")
ZERO = Decimal(0)
_POINTS = re.compile(r"\d{1,5}(?:[.,]\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Gate:
    """A yes-or-no question that an application must pass."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is judged, and by how many points at most; ``None`` where the rubric says no number."""

    key: str
    label: str
    most: Decimal | None
    guidance: str = ""


@dataclass(frozen=True, slots=True)
class Rubric:
    """How the applications of one call are scored."""

    gates: tuple[Gate, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    bonus: tuple[Criterion, ...] = ()
    minimum: Decimal | None = None
    """The fewest points in the mean that an award needs."""

    @classmethod
    def from_json(cls, rubric: Mapping[str, Any]) -> "Rubric":
        """Read the part as a cycle keeps it."""
        return cls(
            gates=tuple(Gate(gate["key"], gate["label"]) for gate in rubric["gates"]),
            criteria=tuple(_criterion(item) for item in rubric["criteria"]),
            bonus=tuple(_criterion(item) for item in rubric["bonus"]),
            minimum=_decimal(rubric["minimum_total"]),
        )

    @property
    def scored(self) -> tuple[Criterion, ...]:
        """The criteria that have points."""
        return tuple(item for item in self.criteria if item.most is not None)

    @property
    def is_scorable(self) -> bool:
        return bool(self.scored)

    @property
    def most(self) -> Decimal:
        """The most points without bonus."""
        return sum((item.most for item in self.criteria if item.most is not None), ZERO)

    @property
    def most_with_bonus(self) -> Decimal:
        return self.most + sum((item.most for item in self.bonus if item.most is not None), ZERO)

    def reaches_minimum(self, mean: Decimal | None) -> bool:
        """Say whether a mean is enough for an award; without a minimum, any is."""
        return self.minimum is None or (mean is not None and mean >= self.minimum)

    def keys(self, part: str) -> frozenset[str]:
        """Return the keys that a part of a sheet may have: ``gates``, ``scores``, ``bonus`` or ``words``."""
        parts: dict[str, tuple[Gate | Criterion, ...]] = {
            "gates": self.gates,
            "scores": self.criteria,
            "bonus": self.bonus,
            "words": (*self.gates, *self.criteria),
        }
        return frozenset(item.key for item in parts[part])


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a reviewer has put down so far. Points are texts, as they were typed."""

    gates: Mapping[str, bool | None] = field(default_factory=dict)
    scores: Mapping[str, str] = field(default_factory=dict)
    bonus: Mapping[str, bool] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    recommended_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Between what amounts a recommendation lies, in minor units."""

    asked_cents: int | None
    floor_cents: int | None
    cap_cents: int | None
    currency: str

    @property
    def most_cents(self) -> int | None:
        return min((cents for cents in (self.asked_cents, self.cap_cents) if cents is not None), default=None)


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a sheet from being sent: where (``scores.impact``) and why."""

    place: str
    sentence: str


def points_of(text: str | None) -> Decimal | None:
    """Read typed points: ``17``, ``17.5`` or ``17,5``; ``None`` for anything else."""
    typed = (text or "").strip()
    return Decimal(typed.replace(",", ".")) if typed.isascii() and _POINTS.fullmatch(typed) else None


def total_of(rubric: Rubric, sheet: Sheet) -> Decimal:
    """Add up what counts on the sheet so far; points out of range count as not given."""
    given = [_counted(item, sheet.scores.get(item.key)) for item in rubric.scored]
    extra = [item.most for item in rubric.bonus if item.most is not None and sheet.bonus.get(item.key)]
    return sum([*(points for points in given if points is not None), *extra], ZERO).quantize(CENT)


def passes_gates(rubric: Rubric, sheet: Sheet) -> bool:
    """Say whether every gate is answered yes."""
    return all(sheet.gates.get(gate.key) is True for gate in rubric.gates)


def problems_of(rubric: Rubric, sheet: Sheet, limits: Limits) -> list[Problem]:
    """Return all that keeps this sheet from being sent, in the order of the page."""
    return [*_gates(rubric, sheet), *_scores(rubric, sheet), *_recommended(sheet, limits)]


def _gates(rubric: Rubric, sheet: Sheet) -> Iterator[Problem]:
    for gate in rubric.gates:
        answer = sheet.gates.get(gate.key)
        if answer is None:
            yield Problem(f"gates.{gate.key}", _("Please answer yes or no."))
        elif answer is False and not sheet.words.get(gate.key, "").strip():
            yield Problem(f"words.{gate.key}", _("Please say why the answer is no."))


def _scores(rubric: Rubric, sheet: Sheet) -> Iterator[Problem]:
    for item in rubric.scored:
        typed = (sheet.scores.get(item.key) or "").strip()
        if not typed:
            yield Problem(f"scores.{item.key}", _("Please give points."))
        elif _counted(item, typed) is None:
            sentence = _("Give a number from 0 to %(most)s, with two decimals at most.")
            yield Problem(f"scores.{item.key}", sentence % {"most": plain(item.most)})


def _recommended(sheet: Sheet, limits: Limits) -> Iterator[Problem]:
    cents, most = sheet.recommended_cents, limits.most_cents
    if cents is None:
        return
    if most is not None and cents > most:
        yield Problem("recommended", _("Recommend %(limit)s at most.") % {"limit": _money(most, limits)})
    elif cents < (limits.floor_cents or 1):
        least = _money(limits.floor_cents or 1, limits)
        yield Problem("recommended", _("Recommend at least %(limit)s, or leave it empty.") % {"limit": least})


def _counted(item: Criterion, text: str | None) -> Decimal | None:
    points = points_of(text)
    return points if points is not None and item.most is not None and points <= item.most else None


def _criterion(item: Mapping[str, Any]) -> Criterion:
    return Criterion(item["key"], item["label"], _decimal(item["max_points"]), item["guidance"] or "")


def _decimal(number: Any) -> Decimal | None:
    # Through text: 0.1 as a float is not a tenth.
    return Decimal(str(number)) if number is not None else None


def plain(number: Decimal | None) -> str:
    """Write points without idle zeros: ``82.5``, ``30``."""
    text = f"{number:f}" if number is not None else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _money(cents: int, limits: Limits) -> str:
    return money(cents, limits.currency, short=True)
