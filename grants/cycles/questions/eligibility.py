"""The self-check before applying: no account, nothing stored, an honest answer.

An item's test decides where the call states one. Where it states none (``test`` is null), the answer goes to
staff: nobody is turned away by a rule that a program can't judge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Self

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .definition import Choice, Json, Translations, _translated, translation
from .problems import RefusedInputError, line_of
from .types.base import PostedData
from .types.numbers import decimal_of

FIELD_PREFIX = "e."
UNSURE = "unsure"
NEITHER = "none_of_these"
YES, NO = "yes", "no"


class ItemType(StrEnum):
    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    ADDRESS_IN_AREA = "address_in_area"


class State(StrEnum):
    """How one item stands. ``unknown`` is for staff to look at; ``warn`` does not end the application."""

    OK = "ok"
    STOP = "stop"
    WARN = "warn"
    UNKNOWN = "unknown"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Test:
    op: str
    value: Json

    def fits(self, answer: Json) -> bool:
        """Return whether an answer is one that is asked for; of several, whether one of them is."""
        if isinstance(answer, list):
            return any(self.fits(one) for one in answer)
        if self.op == "in":
            return any(
                _same(answer, one) for one in (self.value if isinstance(self.value, list) else [self.value])
            )
        if self.op == "eq":
            return _same(answer, self.value)
        mine, limit = decimal_of(answer), decimal_of(self.value)
        if mine is None or limit is None:
            return False
        return mine >= limit if self.op == "gte" else mine <= limit


@dataclass(frozen=True, slots=True)
class Item:
    """One question of the self-check with the rule behind it."""

    key: str
    label: str
    type: ItemType
    options: tuple[str, ...]
    words: str
    test: Test | None
    stops: bool
    translations: Translations

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        must = data.get("must") or {}
        test = must.get("test")
        return cls(
            key=data["key"],
            label=data["label"],
            type=ItemType(data["type"]),
            options=tuple(data.get("options") or ()),
            words=must.get("words") or "",
            test=Test(test["op"], test["value"]) if test else None,
            stops=bool(data.get("stops")),
            translations=data.get("translations") or {},
        )

    @property
    def field_name(self) -> str:
        return f"{FIELD_PREFIX}{self.key}"

    def label_in(self, language: str) -> str:
        return str(translation(self.translations, language).get("label") or self.label)

    def words_in(self, language: str) -> str:
        return str(translation(self.translations, language).get("words") or self.words)

    @property
    def _named(self) -> tuple[Choice, ...]:
        """The call's own options in the reader's language; as many words as options, or none are used."""
        options = tuple(Choice(option, option) for option in self.options)
        return _translated(options, translation(self.translations, get_language() or "en").get("options"))

    def choices(self) -> tuple[Choice, ...]:
        """Return what the page offers; nothing for a number, which is typed."""
        yes_no = (Choice(YES, _("Yes")), Choice(NO, _("No")))
        unsure = Choice(UNSURE, _("I'm not sure"))
        match self.type:
            case ItemType.YES_NO:
                return yes_no
            case ItemType.CHOICE:
                return self._named
            case ItemType.ADDRESS_IN_AREA if self.options:
                return (*self._named, Choice(NEITHER, _("None of these")), unsure)
            case ItemType.ADDRESS_IN_AREA:
                return (*yes_no, unsure)
            case _:
                return ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one answer stands to its rule, in a sentence for the person who gave it."""

    item: Item
    answer: Json
    state: State
    sentence: str


@dataclass(frozen=True, slots=True)
class Result:
    outcomes: tuple[Outcome, ...]

    @property
    def stopped(self) -> bool:
        """Return whether an answer ends the application."""
        return any(outcome.state == State.STOP for outcome in self.outcomes)

    @property
    def complete(self) -> bool:
        return all(outcome.state != State.UNANSWERED for outcome in self.outcomes)

    @property
    def for_staff(self) -> tuple[Outcome, ...]:
        """Return what staff should look at: answers that only they can judge, and warnings."""
        return tuple(outcome for outcome in self.outcomes if outcome.state in {State.UNKNOWN, State.WARN})


def items_from_json(data: Sequence[Mapping[str, Json]]) -> tuple[Item, ...]:
    return tuple(Item.from_json(item) for item in data)


def parse_check(items: Sequence[Item], data: PostedData) -> dict[str, Json]:
    """Return the answers that a page posted (or carries in its address)."""
    return {
        item.key: data.get(item.field_name) for item in items if data.get(item.field_name) not in {None, ""}
    }


def check(items: Sequence[Item], answers: Mapping[str, Json]) -> Result:
    """Judge the answers item by item. Never raises on an answer, however odd."""
    return Result(tuple(_judge(item, _read(item, answers.get(item.key))) for item in items))


def _judge(item: Item, answer: Json) -> Outcome:
    state = _state(item, answer)
    return Outcome(item, answer, state, _sentence(state))


def _sentence(state: State) -> str:
    return {
        State.OK: _("This fits."),
        State.STOP: _("This rule is not met, so you can't apply for this grant. Call us if you think it is."),
        State.WARN: _("This may not fit. You can apply, and staff will look at it."),
        State.UNKNOWN: _("Staff will look at this. You can apply."),
        State.UNANSWERED: _("Answer this to check the rule."),
    }[state]


def _state(item: Item, answer: Json) -> State:
    if answer is None:
        return State.UNANSWERED
    if item.type == ItemType.ADDRESS_IN_AREA and item.test is None:
        fits = _in_area(item, answer)
    else:
        fits = None if item.test is None else item.test.fits(answer)
    if fits is None:
        return State.UNKNOWN
    if fits:
        return State.OK
    return State.STOP if item.stops else State.WARN


def _in_area(item: Item, answer: Json) -> bool | None:
    """Return what a person says of a place; ``None`` where only staff can tell (an address, "not sure")."""
    if answer in {True, YES} or answer in item.options:
        return True
    return False if answer in {False, NO, NEITHER} else None


def _same(answer: Json, wanted: Json) -> bool:
    if isinstance(answer, bool) or isinstance(wanted, bool):
        return answer is wanted
    mine, theirs = decimal_of(answer), decimal_of(wanted)
    if mine is not None and theirs is not None:
        return mine == theirs
    return bool(answer == wanted)


def _read(item: Item, raw: Json) -> Json:
    """Return an answer as the tests expect it; ``None`` where it says nothing that can be read."""
    if isinstance(raw, list) and item.type == ItemType.CHOICE:
        return [one for part in raw[:50] if (one := _read_one(item, part)) is not None] or None
    return _read_one(item, raw)


def _read_one(item: Item, raw: Json) -> Json:
    if isinstance(raw, bool):
        return raw if item.type in {ItemType.YES_NO, ItemType.ADDRESS_IN_AREA} else None
    try:
        text = line_of(raw)
    except RefusedInputError:
        return None
    if item.type == ItemType.YES_NO:
        return {"yes": True, "true": True, "no": False, "false": False}.get(text.lower())
    if item.type == ItemType.NUMBER:
        number = decimal_of(text.replace(",", ""))
        return None if number is None else _plain(number)
    return text or None


def _plain(number: Decimal) -> Json:
    return int(number) if number == number.to_integral_value() and abs(number) < 10**15 else str(number)
