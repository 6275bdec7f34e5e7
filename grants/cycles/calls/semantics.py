"""What the schema can't say: keys that repeat, dates out of order, conditions that lead nowhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import is_currency

from cities.interface.days import FIRST_YEAR, LAST_YEAR, is_of_our_time
from cities.tenancy.slugs import RESERVED_SLUGS
from grants.cycles.questions import Json
from grants.cycles.questions.conditions import COMPARED
from grants.cycles.questions.problems import MAX_ROWS_STORED

from .dates import CYCLE_DATES, closing, local_day, opening, read_date, zone_of
from .errors import CallError, pointer

Path = tuple[str | int, ...]

LONGEST = {
    ("city", "slug"): 40,
    ("city", "name"): 100,
    ("city", "region"): 60,
    ("city", "timezone"): 60,
    ("cycle", "name"): 150,
}
LONGEST_LANGUAGE = 10
BETWEEN = {
    ("city", "population"): (0, 2_000_000_000),
    ("cycle", "year"): (1900, 2200),
    ("cycle", "expected_awards"): (0, 1_000_000),
}
LARGEST_AMOUNT = Decimal(1_000_000_000)
WHOLE_SHARE = Decimal(100)


def meaning_errors(data: Json) -> list[CallError]:
    """Return every contradiction in a file that passed the schema."""
    checks = (_sizes, _city, _cycle, _eligibility, _form, _budget, _lists)
    return sorted(CallError(pointer(path), sentence) for check in checks for path, sentence in check(data))


Found = Iterator[tuple[Path, str]]


def _sizes(data: Json) -> Found:
    """Yield what is longer or larger than the product can store."""
    for (part, key), most in LONGEST.items():
        text = data[part][key]
        if not text.strip():
            yield (part, key), "This can't be empty."
        elif len(text) > most:
            yield (part, key), f"This has {len(text)} characters; {most} fit."
    for (part, key), (least, most) in BETWEEN.items():
        number = data[part][key]
        if number is not None and not least <= number <= most:
            yield (part, key), f"This must lie between {least} and {most:,}."


def _city(data: Json) -> Found:
    city = data["city"]
    if zone_of(city["timezone"]) is None:
        yield ("city", "timezone"), f'"{city["timezone"]}" is no time zone of the IANA list.'
    if not is_currency(city["currency"]):
        yield ("city", "currency"), f'"{city["currency"]}" is no currency code.'
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", city["slug"]):
        yield (
            ("city", "slug"),
            "A web name begins and ends with a letter or digit, with single hyphens between.",
        )
    if city["slug"] in RESERVED_SLUGS:
        yield ("city", "slug"), f'"{city["slug"]}" is the address of a page of this site.'
    yield from _repeated(city["languages"], ("city", "languages"), "language")
    for number, language in enumerate(city["languages"]):
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?", language) or len(language) > LONGEST_LANGUAGE:
            yield ("city", "languages", number), f'"{language}" is no language code (like "en").'


def _cycle(data: Json) -> Found:
    cycle = data["cycle"]
    dates: list[tuple[Path, Json]] = [(("cycle", key), cycle[key]) for key in CYCLE_DATES]
    dates += [(("cycle", "workshop", "dates", n), text) for n, text in enumerate(cycle["workshop"]["dates"])]
    wrong = [path for path, text in dates if text and read_date(text) is None]
    yield from ((path, "No calendar has this date.") for path in wrong)
    far = [path for path, text in dates if text and (day := read_date(text)) and not is_of_our_time(day)]
    yield from ((path, f"This must lie in the years {FIRST_YEAR} to {LAST_YEAR}.") for path in far)
    yield from _amounts_in_order(cycle, "min_request", "max_request", ("cycle",))
    for key in ("min_request", "max_request", "pool"):
        if cycle[key] and Decimal(cycle[key]) >= LARGEST_AMOUNT:
            yield ("cycle", key), "This amount is too large for a mini-grant program."
    zone = zone_of(data["city"]["timezone"])
    if zone is None or wrong or far:
        return
    opens, closes = opening(cycle["opens_at"], zone), closing(cycle["closes_at"], zone)
    if opens and closes and closes <= opens:
        yield ("cycle", "closes_at"), "The call closes before it opens."
    starts, ends = local_day(cycle["project_starts"], zone), local_day(cycle["project_ends"], zone)
    if starts and ends and ends < starts:
        yield ("cycle", "project_ends"), "Projects end before they start."


def _eligibility(data: Json) -> Found:
    yield from _repeated_keys(data["eligibility"], ("eligibility",))
    for number, item in enumerate(data["eligibility"]):
        path: Path = ("eligibility", number)
        if item["type"] == "choice" and len(item["options"]) < 2:  # noqa: PLR2004 - one option is no choice
            yield (*path, "options"), "A choice needs at least two options."
        yield from _repeated(item["options"], (*path, "options"), "option")
        if item["must"]["test"]:
            yield from _test(item, (*path, "must", "test", "value"))


def _test(item: Json, path: Path) -> Found:
    test = item["must"]["test"]
    values = _values(test, path)
    if test["op"] == "in" and not isinstance(test["value"], list):
        yield path, 'With "in", the value must be a list.'
    elif test["op"] != "in" and isinstance(test["value"], list | dict):
        yield path, f'With "{test["op"]}", the value must be one value.'
    elif test["op"] in {"gte", "lte"} and not _is_number(test["value"]):
        yield path, "This must be a number to compare with."
    elif item["type"] == "yes_no" and not all(isinstance(value, bool) for _path, value in values):
        yield path, "A yes-or-no answer can only be tested for true or false."
    elif item["type"] == "choice" and item["options"]:
        yield from (
            (at, "This is none of the options.") for at, value in values if value not in item["options"]
        )


def _form(data: Json) -> Found:
    yield from _repeated_keys(data["sections"], ("sections",))
    seen: dict[str, Json] = {}
    keys = Counter(question["key"] for section in data["sections"] for question in section["questions"])
    stages = data["cycle"]["stages"]
    for s, section in enumerate(data["sections"]):
        if len(stages) > 1 and not section["key"].startswith(tuple(f"{stage}_" for stage in stages)):
            begins = " or ".join(f'"{stage}_"' for stage in stages)
            yield ("sections", s, "key"), f"In a call of two stages a section's key begins with {begins}."
        for q, question in enumerate(section["questions"]):
            path: Path = ("sections", s, "questions", q)
            if question["key"] in seen:
                yield (*path, "key"), f'The key "{question["key"]}" is used by another question.'
            yield from _question(question, path)
            yield from _condition(question, seen, keys, path)
            seen.setdefault(question["key"], question)
    if len(stages) > 1 and not any(
        section["key"].startswith(f"{stages[0]}_") for section in data["sections"]
    ):
        yield ("sections",), f"The first stage ({stages[0]}) has no section."


def _question(question: Json, path: Path) -> Found:
    yield from _repeated(question["options"], (*path, "options"), "option")
    yield from _repeated_keys(question["columns"], (*path, "columns"))
    kind = question["type"]
    least, most = question["min"], question["max"]
    if kind == "date":
        days = {key: question[key] for key in ("min", "max") if question[key]}
        wrong = [key for key, text in days.items() if read_date(text) is None]
        yield from (((*path, key), "No calendar has this date.") for key in wrong)
        if len(days) == 2 and not wrong and days["max"][:10] < days["min"][:10]:  # noqa: PLR2004
            yield (*path, "max"), "The last day is before the first."
    elif kind in {"number", "money", "multi_choice", "file"} and _below(_decimal(most), _decimal(least)):
        yield (*path, "max"), "The highest is below the lowest."
    if kind == "multi_choice" and least is not None and least > len(question["options"]):
        yield (*path, "min"), "More choices are asked for than there are options."
    if _below(question["max_rows"], question["min_rows"]):
        yield (*path, "max_rows"), "The most rows are fewer than the least."
    if question["min_rows"] is not None and question["min_rows"] > MAX_ROWS_STORED:
        yield (*path, "min_rows"), f"An answer holds {MAX_ROWS_STORED} rows at most."
    for key in ("max_words", "max_chars", "min_rows", "max_rows"):
        if question[key] is not None and question[key] < (key in {"max_words", "max_chars"}):
            yield (*path, key), "This must be above zero."


def _condition(question: Json, seen: dict[str, Json], keys: Counter[str], path: Path) -> Found:
    condition = question["shown_when"]
    if not condition:
        return
    path = (*path, "shown_when")
    other = seen.get(condition["question"])
    if other is None:
        what = "a later question" if keys[condition["question"]] else "no question of this form"
        yield (*path, "question"), f'"{condition["question"]}" is {what}; it must be an earlier one.'
        return
    values = _values(condition, (*path, "value"))
    if condition["op"] == "in" and not isinstance(condition["value"], list):
        yield (*path, "value"), 'With "in", the value must be a list.'
    elif condition["op"] in {"gte", "lte"} and other["type"] not in COMPARED:
        yield (*path, "op"), f'An answer of type {other["type"]} can\'t be compared with "{condition["op"]}".'
    elif condition["op"] in {"eq", "in"}:
        yield from _comparable(other, values)
    elif other["type"] != "date" and not _is_number(condition["value"]):
        yield (*path, "value"), "This must be a number to compare with."
    if other["type"] == "date":
        yield from ((at, "This must be a day to compare with.") for at, value in values if not _is_day(value))


def _comparable(other: Json, values: Sequence[tuple[Path, Json]]) -> Found:
    for path, value in values:
        if other["type"] == "yes_no" and not isinstance(value, bool):
            yield path, "A yes-or-no answer can only be true or false."
        if other["type"] in {"single_choice", "multi_choice"} and value not in other["options"]:
            yield path, f'This is none of the options of "{other["key"]}".'


def _budget(data: Json) -> Found:
    budget = data["budget"]
    yield from _repeated(budget["columns"], ("budget", "columns"), "column")
    yield from _repeated_keys(budget["categories"], ("budget", "categories"))
    for number, category in enumerate(budget["categories"]):
        if category["max_percent"] and Decimal(category["max_percent"]) > WHOLE_SHARE:
            yield ("budget", "categories", number, "max_percent"), "A share can't be above 100 percent."
    fee = data["award"]["sponsor_fee_max_percent"]
    if fee and Decimal(fee) > WHOLE_SHARE:
        yield ("award", "sponsor_fee_max_percent"), "A share can't be above 100 percent."
    match = budget["match_required"]
    if match and match["of"] == "total_cost" and match["percent"] and Decimal(match["percent"]) > WHOLE_SHARE:
        yield ("budget", "match_required", "percent"), "A share of the total cost can't be above 100 percent."


def _lists(data: Json) -> Found:
    rubric = data["rubric"]
    yield from _repeated_keys(data["attachments"], ("attachments",))
    yield from _repeated_keys(rubric["gates"], ("rubric", "gates"))
    yield from _repeated_keys(rubric["criteria"], ("rubric", "criteria"))
    yield from _repeated_keys(rubric["bonus"], ("rubric", "bonus"))
    yield from _repeated_keys(data["award"]["city_services"], ("award", "city_services"))
    for part in ("criteria", "bonus"):
        for number, criterion in enumerate(rubric[part]):
            if criterion["max_points"] is not None and criterion["max_points"] <= 0:
                yield ("rubric", part, number, "max_points"), "Points must be above zero."


def _repeated_keys(items: Sequence[Json], path: Path) -> Found:
    seen = set()
    for number, item in enumerate(items):
        if item["key"] in seen:
            yield (*path, number, "key"), f'The key "{item["key"]}" is used twice in this list.'
        seen.add(item["key"])


def _repeated(values: Iterable[Any], path: Path, noun: str) -> Found:
    seen = set()
    for number, value in enumerate(values):
        if value in seen:
            yield (*path, number), f"This {noun} is in the list twice."
        seen.add(value)


def _amounts_in_order(holder: Json, least: str, most: str, path: Path) -> Found:
    if holder[least] and holder[most] and Decimal(holder[most]) < Decimal(holder[least]):
        yield (*path, most), "The highest is below the lowest."


def _values(test: Json, path: Path) -> list[tuple[Path, Json]]:
    if isinstance(test["value"], list):
        return [((*path, number), value) for number, value in enumerate(test["value"])]
    return [(path, test["value"])]


def _is_number(value: Json) -> bool:
    if isinstance(value, str):
        return value.replace(".", "", 1).isdecimal() and value.isascii()
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_day(value: Json) -> bool:
    return isinstance(value, str) and read_date(value) is not None


def _decimal(number: Json) -> Decimal | None:
    return None if number is None else Decimal(str(number))


def _below(most: Decimal | int | None, least: Decimal | int | None) -> bool:
    return most is not None and least is not None and most < least
