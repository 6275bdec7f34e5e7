"""What becomes of every key of a call: kept, or told why not.

Whatever has no entry here is reported as not held, so that nothing of a file is ever dropped in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from grants.cycles.questions import Json, match_question
from grants.cycles.questions.definition import CHOICES
from grants.cycles.questions.problems import MAX_ROWS_STORED, MAX_TEXT

from .reading import CallFile

Path = tuple[str | int, ...]


class Fate(StrEnum):
    """What became of a key.

    ``not_held``: lost. ``shown``: kept and shown, not enforced. ``later``: kept for a later stage.
    ``changed``: kept in another form. ``note``: kept with the cycle's notes. ``staff``: staff decide.
    """

    NOT_HELD = "not_held"
    SHOWN = "shown"
    LATER = "later"
    CHANGED = "changed"
    NOTE = "note"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class NotHeld:
    """One key whose meaning the product doesn't hold in full. ``path`` is dotted: ``budget.columns.2``."""

    path: str
    fate: Fate
    sentence: str


HELD = (
    *("source.*.title", "source.*.address", "not_visible.*"),
    *(f"city.{key}" for key in ("slug", "name", "region", "country", "timezone", "currency", "population")),
    "city.languages.*",
    *(f"cycle.{key}" for key in ("name", "year", "purpose", "opens_at", "closes_at", "decision_by")),
    *(f"cycle.{key}" for key in ("project_starts", "project_ends", "min_request", "max_request", "pool")),
    *("cycle.expected_awards", "cycle.stages.*", "cycle.workshop.required", "cycle.workshop.dates.*"),
    "eligibility.*.key",
    "eligibility.*.label",
    "eligibility.*.type",
    "eligibility.*.options.*",
    "eligibility.*.must.words",
    "eligibility.*.must.test.op",
    "eligibility.*.must.test.value*",
    "eligibility.*.stops",
    "sections.*.key",
    "sections.*.title",
    *(
        f"sections.*.questions.*.{key}"
        for key in ("key", "label", "help", "type", "required", "options.*", "min", "max")
    ),
    *(f"sections.*.questions.*.{key}" for key in ("max_words", "max_chars", "min_rows", "max_rows")),
    *(f"sections.*.questions.*.columns.*.{key}" for key in ("key", "label", "type")),
    *(f"sections.*.questions.*.shown_when.{key}" for key in ("question", "op", "value*")),
    "budget.columns.*",
    *(f"budget.categories.*.{key}" for key in ("key", "label", "max_percent", "max_amount")),
    "budget.disallowed.*",
    *(
        f"budget.match_required.{key}"
        for key in ("percent", "of", "may_be.*", "volunteer_hour_value", "note")
    ),
    "budget.vendor_quotes_over",
    *(f"attachments.*.{key}" for key in ("key", "label", "required", "when")),
    *(f"rubric.gates.*.{key}" for key in ("key", "label")),
    *(
        f"rubric.{part}.*.{key}"
        for part in ("criteria", "bonus")
        for key in ("key", "label", "max_points", "guidance")
    ),
    "rubric.minimum_total",
    "rubric.reviewers",
    "award.payment_modes.*",
    "award.sponsor_fee_max_percent",
    *(f"award.reports.*.{key}" for key in ("kind", "due")),
    "award.conditions.*",
    *(f"award.city_services.*.{key}" for key in ("key", "label")),
)
"""Every key that has a place in the product."""

_SHOWN = (
    ("budget.disallowed.*", "Shown to applicants and reviewers; no line is refused by a program."),
    ("budget.vendor_quotes_over", "Shown to applicants; quotes are not asked for by a program."),
    ("budget.match_required.may_be.*", "Shown; what counts as match is for staff to judge."),
    ("budget.match_required.volunteer_hour_value", "Shown; hours are not turned into money by a program."),
    ("budget.match_required.note", "Shown to applicants."),
    ("cycle.workshop.required", "Shown to applicants; attendance is not checked."),
    ("cycle.workshop.dates.*", "Shown to applicants."),
    ("rubric.*", "Stored and shown to staff; scoring comes with reviews."),
    ("award.*", "Stored and shown; agreements, payments and reports come with awards."),
    ("source.*", "Kept with the cycle's notes."),
    ("not_visible.*", "Kept with the cycle's notes."),
)
_NOTES = ("source.*", "not_visible.*")


def not_held(call: CallFile) -> tuple[NotHeld, ...]:
    """Return, key by key, what of this call the product doesn't hold or only shows. Empty keys tell nothing."""
    told = [
        *_unknown(call.data),
        *_shown(call.data),
        *_eligibility(call.data),
        *_later(call),
        *_columns(call),
        *_limits(call.data),
        *_attachments(call),
        *_match(call),
        *_workshop(call.data),
    ]
    return tuple(dict.fromkeys(told))


def _unknown(data: Json) -> Iterator[NotHeld]:
    for path, _value in leaves(data):
        dotted = _dotted(path)
        if not _is_held(dotted):
            yield NotHeld(dotted, Fate.NOT_HELD, "The product has no place for this yet.")


def _shown(data: Json) -> Iterator[NotHeld]:
    for path, _value in leaves(data):
        dotted = _dotted(path)
        for pattern, sentence in _SHOWN:
            if fnmatchcase(dotted, pattern) and _is_held(dotted):
                fate = Fate.NOTE if pattern in _NOTES else Fate.SHOWN
                yield NotHeld(dotted, fate, sentence)
                break


def _eligibility(data: Json) -> Iterator[NotHeld]:
    for number, item in enumerate(data["eligibility"]):
        if item["must"]["test"] is not None:
            continue
        path = f"eligibility.{number}.must.test"
        if item["type"] == "address_in_area":
            sentence = (
                "No test: people say themselves whether the place is in the area; addresses go to staff."
            )
        else:
            sentence = "No test: the rule is shown, and the answer is for staff to judge."
        if item["stops"] and item["type"] != "address_in_area":
            sentence += " It stops nobody, although the call says that a wrong answer does."
        yield NotHeld(path, Fate.STAFF, sentence)


def _later(call: CallFile) -> Iterator[NotHeld]:
    now = {section.key for section in call.definition.applied_with(call.stages).sections}
    for number, section in enumerate(call.definition.sections):
        if section.key not in now:
            sentence = (
                f"“{section.title}” belongs to the second stage: stored, can be previewed, not yet asked."
            )
            yield NotHeld(f"sections.{number}", Fate.LATER, sentence)


def _columns(call: CallFile) -> Iterator[NotHeld]:
    filled = {
        (question.key, column.key): column
        for question in call.form.definition.questions
        for column in question.columns
    }
    for s, section in enumerate(call.definition.sections):
        for q, question in enumerate(section.questions):
            for c, column in enumerate(question.columns):
                if column.type in CHOICES:
                    offered = filled[question.key, column.key].choices
                    yield NotHeld(
                        f"sections.{s}.questions.{q}.columns.{c}", Fate.CHANGED, _choice_column(len(offered))
                    )


def _choice_column(offered: int) -> str:
    if offered:
        return f"The format gives this column no options; it offers the {offered} budget categories."
    return "The format gives this column no options; it takes any text."


def _limits(data: Json) -> Iterator[NotHeld]:
    for s, section in enumerate(data["sections"]):
        for q, question in enumerate(section["questions"]):
            path = f"sections.{s}.questions.{q}"
            if (question["max_chars"] or 0) > MAX_TEXT:
                yield NotHeld(
                    f"{path}.max_chars", Fate.CHANGED, f"A text holds {MAX_TEXT:,} characters at most."
                )
            if (question["max_rows"] or 0) > MAX_ROWS_STORED:
                yield NotHeld(
                    f"{path}.max_rows", Fate.CHANGED, f"A table holds {MAX_ROWS_STORED} rows at most."
                )
            yield from _unused_limits(question, path)


def _unused_limits(question: Json, path: str) -> Iterator[NotHeld]:
    """Tell limits on types for which the format says they mean nothing."""
    counted = {"number", "money", "date", "multi_choice", "file"}
    worded = {"short_text", "long_text"}
    for keys, kinds in ((("min", "max"), counted), (("max_words", "max_chars"), worded)):
        for key in keys:
            if question[key] is not None and question["type"] not in kinds:
                sentence = (
                    f"“{key}” means nothing for a question of type {question['type']}; it is kept, not used."
                )
                yield NotHeld(f"{path}.{key}", Fate.SHOWN, sentence)


def _attachments(call: CallFile) -> Iterator[NotHeld]:
    asked = {question.key: question for question in call.definition.questions}
    for number, attachment in enumerate(call.data["attachments"]):
        question = asked.get(attachment["key"])
        if question is not None:
            sentence = f"Asked for by the question of the same key (type {question.type})."
            yield NotHeld(f"attachments.{number}", Fate.CHANGED, sentence)
        elif len(call.stages) > 1:
            sentence = "Kept in the list of papers; it is asked for in the second stage."
            yield NotHeld(f"attachments.{number}", Fate.LATER, sentence)
        else:
            sentence = "Asked for as an upload on the page “Documents”."
            yield NotHeld(f"attachments.{number}", Fate.CHANGED, sentence)
        if attachment["when"]:
            sentence = f"“{attachment['when']}” is shown as words; whether it applies, people judge."
            yield NotHeld(f"attachments.{number}.when", Fate.SHOWN, sentence)


def _match(call: CallFile) -> Iterator[NotHeld]:
    match = call.budget.match
    if match is None:
        return
    if len(call.stages) > 1:
        yield NotHeld("budget.match_required", Fate.LATER, "The match is asked for in the second stage.")
    elif match.percent is None:
        yield NotHeld("budget.match_required.percent", Fate.SHOWN, "No percentage: shown, not computed.")
    elif not call.budget.match_columns and match_question(call.form.definition) is None:
        sentence = "No column or question holds a match; staff check it."
        yield NotHeld("budget.match_required.percent", Fate.STAFF, sentence)


def _workshop(data: Json) -> Iterator[NotHeld]:
    if data["cycle"]["workshop"]["required"] and not data["cycle"]["workshop"]["dates"]:
        sentence = "A workshop is required, but no date is known; the page says so."
        yield NotHeld("cycle.workshop.required", Fate.SHOWN, sentence)


def leaves(data: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Yield every value of the file that says something, with its path."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, (*path, number))
    elif data is not None:
        yield path, data


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)


def _is_held(dotted: str) -> bool:
    return any(_fits(dotted, pattern) for pattern in HELD)


def _fits(dotted: str, pattern: str) -> bool:
    """Return whether a dotted path is one that the pattern names: each part is matched on its own."""
    mine, wanted = dotted.split("."), pattern.split(".")
    if wanted[-1] == "value*":  # a test's value is one value or a list
        mine, wanted = mine[: len(wanted)], [*wanted[:-1], "value"]
    return len(mine) == len(wanted) and all(map(fnmatchcase, mine, wanted))
