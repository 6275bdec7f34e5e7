"""Rules of the parts that a cycle keeps as data: self-check, budget, papers, rubric, award terms.

Shapes are those of the call format; forms and serializers bring them about. Here stands what a shape
can't say: keys are unique, percentages are percentages, a test suits its question.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from numbers import Real
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .errors import InvalidPartError
from .questions import Kind

Json = Any

PAYMENT_MODES = {
    "reimbursement": _("Paid back after receipts"),
    "advance": _("Paid before the work"),
    "sponsor": _("Through a fiscal sponsor"),
    "city_buys": _("The city buys the materials"),
    "gift_card": _("Gift card"),
    "milestones": _("In parts, as the work is done"),
}
WHOLE = Decimal(100)

MATCH_KINDS = {
    "cash": _("cash"),
    "in_kind": _("donated goods and services"),
    "volunteer_labor": _("volunteer time"),
    "professional_labor": _("professional work"),
}
"""What may count as a match, where the call format has a word for it; other kinds are the call's own words."""

MATCH_BASES = {"request": _("of the request"), "total_cost": _("of the total cost")}

SUMMARY_PARTS = {
    "title": (_("Title of the project"), {Kind.SHORT_TEXT, Kind.LONG_TEXT}),
    "applicant": (_("Name of the person who applies"), {Kind.SHORT_TEXT}),
    "group": (_("Name of the group"), {Kind.SHORT_TEXT}),
    "amount": (_("Amount asked for"), {Kind.MONEY}),
    "place": (_("Place"), {Kind.LOCATION, Kind.ADDRESS, Kind.SHORT_TEXT, Kind.TABLE}),
    "neighborhood": (_("Neighborhood"), {Kind.SHORT_TEXT, Kind.SINGLE_CHOICE}),
    "category": (_("Kind of project"), {Kind.SINGLE_CHOICE, Kind.MULTI_CHOICE, Kind.SHORT_TEXT}),
}
"""What an application says of itself in lists: a name for the answer, and the kinds that can give it."""


def check_part(part: str, value: Json) -> None:
    """Raise ``InvalidPartError`` with the place of the first thing that breaks a rule."""
    CHECKS[part](value)


def _check_eligibility(items: Sequence[Mapping[str, Json]]) -> None:
    _keys_once("eligibility", "", [item["key"] for item in items])
    for index, item in enumerate(items):
        _check_item(f"{index}", item)


def _check_item(place: str, item: Mapping[str, Json]) -> None:
    options = item["options"]
    if item["type"] == "choice" and len(set(options)) < 2:  # noqa: PLR2004 - a choice needs something to choose
        raise InvalidPartError(
            _("A choice needs at least two different options."), part="eligibility", place=f"{place}.options"
        )
    if item["type"] in {"yes_no", "number"} and options:
        raise InvalidPartError(
            _("Only a choice or an area has options."), part="eligibility", place=f"{place}.options"
        )
    test = item["must"]["test"]
    if test is not None and not _suits(item["type"], test["op"], test["value"], options):
        raise InvalidPartError(
            _("The test of “%(label)s” can never be met by an answer of its kind."),
            part="eligibility",
            place=f"{place}.must.test",
            label=item["label"],
        )


def _suits(kind: str, op: str, value: Json, options: Sequence[str]) -> bool:
    wanted = value if isinstance(value, list) else [value]
    if not wanted or isinstance(value, list) != (op == "in"):
        return False
    if kind == "yes_no":
        return op in {"eq", "in"} and all(isinstance(one, bool) for one in wanted)
    if kind == "number":
        return all(_is_number(one) for one in wanted)
    if op not in {"eq", "in"} or not all(isinstance(one, str | bool) for one in wanted):
        return False
    return not options or set(wanted) <= set(options)


def _is_number(value: Json) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.replace(".", "", 1).isdecimal()
    return isinstance(value, Real) and not isinstance(value, bool)


def _check_budget(budget: Mapping[str, Json]) -> None:
    _keys_once("budget", "columns", budget["columns"])
    if not budget["columns"]:
        raise InvalidPartError(
            _("The budget needs at least one column of money."), part="budget", place="columns"
        )
    _keys_once("budget", "categories", [category["key"] for category in budget["categories"]])
    for index, category in enumerate(budget["categories"]):
        _percentage("budget", f"categories.{index}.max_percent", category["max_percent"])
        _amount("budget", f"categories.{index}.max_amount", category["max_amount"])
    _check_ceilings(budget["categories"])
    _amount("budget", "vendor_quotes_over", budget["vendor_quotes_over"])
    match = budget["match_required"]
    if match:
        _percentage("budget", "match_required.percent", match["percent"], most=1000)
        _amount("budget", "match_required.volunteer_hour_value", match["volunteer_hour_value"])
        if match["of"] == "total_cost" and match["percent"] and Decimal(match["percent"]) >= WHOLE:
            raise InvalidPartError(
                _(
                    "A match of the whole cost leaves nothing to ask for. Write less than 100 percent, or choose percent of the request."
                ),
                part="budget",
                place="match_required.percent",
            )


def _check_ceilings(categories: Sequence[Mapping[str, Json]]) -> None:
    """Refuse what shuts everybody out: each line has a kind of cost, and the lines must add up to the request."""
    shares = [category["max_percent"] for category in categories]
    if not shares or None in shares:
        return
    together = sum(map(Decimal, shares))
    if together < WHOLE:
        raise InvalidPartError(
            _(
                "All kinds of cost together may take %(share)s percent, so no budget could reach the request. "
                "Raise a limit, or add a kind of cost without one, like “Other”."
            ),
            part="budget",
            place="categories",
            share=f"{together:f}",
        )


def _check_attachments(items: Sequence[Mapping[str, Json]]) -> None:
    _keys_once("attachments", "", [item["key"] for item in items])


def _check_rubric(rubric: Mapping[str, Json]) -> None:
    for group in ("gates", "criteria", "bonus"):
        _keys_once("rubric", group, [item["key"] for item in rubric[group]])
    scored = [*rubric["criteria"], *rubric["bonus"]]
    for group in ("criteria", "bonus"):
        for index, item in enumerate(rubric[group]):
            if item["max_points"] is not None and item["max_points"] <= 0:
                raise InvalidPartError(
                    _("Points must be more than zero."), part="rubric", place=f"{group}.{index}.max_points"
                )
    least, points = rubric["minimum_total"], [item["max_points"] for item in scored]
    if least is not None and None not in points and least > sum(points):
        raise InvalidPartError(
            _("The minimum of %(least)s is more than all points together (%(most)s)."),
            part="rubric",
            place="minimum_total",
            least=least,
            most=sum(points),
        )


def _check_award_terms(terms: Mapping[str, Json]) -> None:
    unknown = [mode for mode in terms["payment_modes"] if mode not in PAYMENT_MODES]
    if unknown:
        raise InvalidPartError(
            _("“%(mode)s” is no way of paying."), part="award_terms", place="payment_modes", mode=unknown[0]
        )
    _percentage("award_terms", "sponsor_fee_max_percent", terms["sponsor_fee_max_percent"])
    _keys_once("award_terms", "city_services", [service["key"] for service in terms["city_services"]])


def measure_of(rubric: Mapping[str, Json]) -> list[Json]:
    """Return what scores are measured by: keys and points in each group, and the minimum. The rest is wording."""
    groups = [
        {item["key"]: item.get("max_points") for item in rubric.get(group) or []}
        for group in ("gates", "criteria", "bonus")
    ]
    return [*groups, rubric.get("minimum_total")]


def _keys_once(part: str, place: str, keys: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key in seen:
            where = f"{place}.{index}" if place else f"{index}"
            raise InvalidPartError(_("“%(key)s” stands there twice."), part=part, place=where, key=key)
        seen.add(key)


def _percentage(part: str, place: str, text: str | None, *, most: int = 100) -> None:
    number = _decimal(part, place, text)
    if number is not None and not 0 <= number <= most:
        raise InvalidPartError(
            _("A percentage lies between 0 and %(most)s."), part=part, place=place, most=most
        )


def _amount(part: str, place: str, text: str | None) -> None:
    number = _decimal(part, place, text)
    if number is not None and number < 0:
        raise InvalidPartError(_("Write an amount of zero or more."), part=part, place=place)


def _decimal(part: str, place: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise InvalidPartError(_("“%(text)s” is not a number."), part=part, place=place, text=text) from None


def _check_translations(languages: Mapping[str, Mapping[str, str]]) -> None:
    known = dict(settings.LANGUAGES)
    for language, words in languages.items():
        if language not in known:
            raise InvalidPartError(
                _("Nobody can read that language here."), part="translations", place=language
            )
        if not all(text and said for text, said in words.items()):
            raise InvalidPartError(_("A translation has words."), part="translations", place=language)


CHECKS: dict[str, Callable[[Any], None]] = {
    "eligibility": _check_eligibility,
    "budget": _check_budget,
    "attachments": _check_attachments,
    "rubric": _check_rubric,
    "award_terms": _check_award_terms,
    "translations": _check_translations,
}
