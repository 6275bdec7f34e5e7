"""A city's budget rules, and what they say about an applicant's lines.

Amounts are integer cents throughout. A percentage ceiling is rounded *down* to whole cents, a percentage
match is rounded *up*: both in favor of the rule as printed. Percentages of categories are of the award; as
long as nothing is awarded, of the request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Self

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .definition import Json, Kind, Question
from .money import cents_of, cents_of_decimal, money_text
from .types import ROW_ID, as_typed

GRANT_COLUMN = "requested"
"""The column of money asked from the city; without it, the first column is taken for that."""

Line = Mapping[str, Json]
"""``{"id", "category", "description", "<column>": cents, ...}``."""


@dataclass(frozen=True, slots=True)
class Category:
    key: str
    label: str
    max_percent: Decimal | None = None
    max_cents: int | None = None

    def ceiling_of(self, base_cents: int) -> int | None:
        """Return the most that this category may take of ``base_cents``: the lesser of its two limits."""
        limits = []
        if self.max_percent is not None:
            limits.append(_percent(base_cents, self.max_percent, ROUND_FLOOR))
        if self.max_cents is not None:
            limits.append(self.max_cents)
        return min(limits, default=None)


@dataclass(frozen=True, slots=True)
class Match:
    """What the group must add: ``percent`` of the ``request`` or of the ``total_cost``."""

    percent: Decimal | None
    of: str
    may_be: tuple[str, ...] = ()
    volunteer_hour_cents: int | None = None
    note: str | None = None

    def needed_cents(self, requested_cents: int, match_cents: int) -> int | None:
        """Return the match that this request needs, ``None`` where no percentage is known."""
        if self.percent is None:
            return None
        base = requested_cents if self.of == "request" else requested_cents + match_cents
        return _percent(base, self.percent, ROUND_CEILING)


@dataclass(frozen=True, slots=True)
class Budget:
    """The rules of one cycle, as the call file's ``budget`` states them."""

    columns: tuple[str, ...] = (GRANT_COLUMN,)
    categories: tuple[Category, ...] = ()
    disallowed: tuple[str, ...] = ()
    match: Match | None = None
    vendor_quotes_over_cents: int | None = None

    @property
    def grant_column(self) -> str:
        return GRANT_COLUMN if GRANT_COLUMN in self.columns else self.columns[0]

    @property
    def match_columns(self) -> tuple[str, ...]:
        return tuple(column for column in self.columns if column != self.grant_column)

    @property
    def has_rules(self) -> bool:
        """Return whether lines are needed to apply: for categories, ceilings or a match."""
        return bool(self.categories or self.match or len(self.columns) > 1)

    @classmethod
    def from_json(cls, data: Mapping[str, Json]) -> Self:
        return cls(
            columns=tuple(data.get("columns") or (GRANT_COLUMN,)),
            categories=tuple(
                Category(
                    key=category["key"],
                    label=category["label"],
                    max_percent=_decimal(category.get("max_percent")),
                    max_cents=cents_of_decimal(category.get("max_amount")),
                )
                for category in data.get("categories") or ()
            ),
            disallowed=tuple(data.get("disallowed") or ()),
            match=_match(data.get("match_required")),
            vendor_quotes_over_cents=cents_of_decimal(data.get("vendor_quotes_over")),
        )

    def in_words(self, said: Callable[[str], str]) -> Self:
        """Return the rules with each kind of cost named as its reader reads it."""
        named = tuple(replace(category, label=said(category.label)) for category in self.categories)
        return replace(self, categories=named)


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """One category's share of the money asked for, against its ceiling."""

    key: str
    label: str
    cents: int
    ceiling_cents: int | None
    sentence: str

    @property
    def over_cents(self) -> int:
        return max(0, self.cents - self.ceiling_cents) if self.ceiling_cents is not None else 0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the rules say about a budget. ``stops``: it must be put right before submitting."""

    code: str
    sentence: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the lines add up to, and what the rules say about it."""

    totals: Mapping[str, int]
    requested_cents: int
    match_cents: int
    match_needed_cents: int | None
    categories: tuple[CategoryTotal, ...]
    findings: tuple[Finding, ...]

    @property
    def total_cents(self) -> int:
        return sum(self.totals.values())

    @property
    def stops(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.stops)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a budget is measured by.

    ``exact``: the lines must add up to the amount asked for. ``match_cents``: what the group adds, where the
    form asks for it apart from the lines.
    """

    requested_cents: int | None = None
    award_cents: int | None = None
    floor_cents: int | None = None
    cap_cents: int | None = None
    match_cents: int | None = None
    currency: str = "USD"
    exact: bool = False

    def say(self, cents: int) -> str:
        return money_text(cents, self.currency, get_language() or "en")


def evaluate(budget: Budget, lines: Sequence[Line], frame: Frame | None = None) -> Evaluation:
    """Add up the lines and judge them by the budget's rules."""
    frame = frame or Frame()
    totals = {column: sum(int(line.get(column) or 0) for line in lines) for column in budget.columns}
    in_lines = totals[budget.grant_column]
    requested = in_lines if frame.requested_cents is None else frame.requested_cents
    base = requested if frame.award_cents is None else frame.award_cents
    seen = {column for line in lines for column in line if column in budget.match_columns}
    in_columns = sum(totals[column] for column in seen)
    match_cents = in_columns if frame.match_cents is None else frame.match_cents
    needed = budget.match.needed_cents(requested, match_cents) if budget.match else None
    categories = _category_totals(budget, lines, base, frame)
    return Evaluation(
        totals=totals,
        requested_cents=requested,
        match_cents=match_cents,
        match_needed_cents=needed,
        categories=categories,
        findings=(
            *_amount_findings(requested, frame),
            *_sum_findings(lines, in_lines, frame),
            *(_over(category, frame) for category in categories if category.over_cents),
            *_match_findings(
                match_cents, needed, frame, is_asked=bool(seen) or frame.match_cents is not None
            ),
        ),
    )


def lines_of(question: Question, value: Json, budget: Budget) -> list[dict[str, Json]]:
    """Return the lines of an answer to the form's budget table.

    The table's money columns are matched to the budget's by key; a first one of another name is the grant
    column. Amounts that were not understood count as nothing (they block submission by themselves).
    """
    columns = money_columns(question, budget)
    category = next((c.key for c in question.columns if c.type == Kind.SINGLE_CHOICE and c.choices), None)
    texts = [c.key for c in question.columns if c.type in {Kind.SHORT_TEXT, Kind.LONG_TEXT}]
    lines = []
    for row in value or ():
        chosen = row.get(category) if category else None
        line: dict[str, Json] = {
            "id": row.get(ROW_ID),
            "category": chosen if isinstance(chosen, str) else None,
            "description": " ".join(filter(None, (as_typed(row.get(key)) for key in texts))),
        }
        for key, column in columns.items():
            line[column] = line.get(column, 0) + (cents_of(row.get(key)) or 0)
        lines.append(line)
    return lines


def money_columns(question: Question, budget: Budget) -> dict[str, str]:
    """Return for each money column of a table the budget column it fills; others are left out."""
    money = [column.key for column in question.columns if column.type == Kind.MONEY]
    found = {key: key for key in money if key in budget.columns}
    if budget.grant_column not in found.values():
        first = next((key for key in money if key not in found), None)
        if first is not None:
            found[first] = budget.grant_column
    return found


def _category_totals(
    budget: Budget, lines: Sequence[Line], base_cents: int, frame: Frame
) -> tuple[CategoryTotal, ...]:
    totals = []
    for category in budget.categories:
        cents = sum(
            int(line.get(budget.grant_column) or 0) for line in lines if line.get("category") == category.key
        )
        ceiling = category.ceiling_of(base_cents)
        sentence = _ceiling_sentence(category, ceiling, frame)
        totals.append(CategoryTotal(category.key, category.label, cents, ceiling, sentence))
    return tuple(totals)


def _ceiling_sentence(category: Category, ceiling: int | None, frame: Frame) -> str:
    if ceiling is None:
        return ""
    if category.max_percent is None:
        return _("No more than %(amount)s.") % {"amount": frame.say(ceiling)}
    return _("No more than %(amount)s (%(percent)s percent of the grant).") % {
        "amount": frame.say(ceiling),
        "percent": f"{category.max_percent.normalize():f}",
    }


def _over(category: CategoryTotal, frame: Frame) -> Finding:
    sentence = _(
        "%(category)s may take %(ceiling)s at most. Your lines ask for %(cents)s. Take off %(over)s."
    )
    words = {
        "category": category.label,
        "ceiling": frame.say(category.ceiling_cents or 0),
        "cents": frame.say(category.cents),
        "over": frame.say(category.over_cents),
    }
    return Finding("over_ceiling", sentence % words, stops=True)


def _amount_findings(requested: int, frame: Frame) -> tuple[Finding, ...]:
    if frame.cap_cents is not None and requested > frame.cap_cents:
        sentence = _("You ask for %(asked)s. The most you can ask for is %(most)s.")
        words = {"asked": frame.say(requested), "most": frame.say(frame.cap_cents)}
        return (Finding("above_cap", sentence % words, stops=True),)
    if frame.floor_cents is not None and requested < frame.floor_cents:
        sentence = _("You ask for %(asked)s. The least you can ask for is %(least)s.")
        words = {"asked": frame.say(requested), "least": frame.say(frame.floor_cents)}
        return (Finding("below_floor", sentence % words, stops=True),)
    return ()


def _sum_findings(lines: Sequence[Line], in_lines: int, frame: Frame) -> tuple[Finding, ...]:
    if not lines or frame.requested_cents is None or frame.requested_cents == in_lines:
        return ()
    sentence = _("You ask for %(asked)s, but your budget lines add up to %(lines)s. Make them the same.")
    words = {"asked": frame.say(frame.requested_cents), "lines": frame.say(in_lines)}
    return (Finding("lines_differ", sentence % words, stops=frame.exact),)


def _match_findings(
    match_cents: int, needed: int | None, frame: Frame, *, is_asked: bool
) -> tuple[Finding, ...]:
    if not needed:
        return ()
    if not is_asked:
        sentence = _("Staff will check what your group adds: %(needed)s is needed.")
        return (Finding("match_unseen", sentence % {"needed": frame.say(needed)}, stops=False),)
    if match_cents >= needed:
        return ()
    sentence = _("Your group must add %(needed)s. Your lines show %(match)s. Add %(short)s more.")
    words = {
        "needed": frame.say(needed),
        "match": frame.say(match_cents),
        "short": frame.say(needed - match_cents),
    }
    return (Finding("match_short", sentence % words, stops=True),)


def _percent(cents: int, percent: Decimal, rounding: str) -> int:
    return int((Decimal(cents) * percent / 100).to_integral_value(rounding=rounding))


def _decimal(text: Json) -> Decimal | None:
    return None if text is None else Decimal(str(text))


def _match(data: Json) -> Match | None:
    if not data:
        return None
    return Match(
        percent=_decimal(data.get("percent")),
        of=data["of"],
        may_be=tuple(data.get("may_be") or ()),
        volunteer_hour_cents=cents_of_decimal(data.get("volunteer_hour_value")),
        note=data.get("note"),
    )
