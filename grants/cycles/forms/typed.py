"""Answers and numbers as a manager types them, to compare with or to limit by."""

from grants.cycles.questions import Json, Kind, Question
from grants.cycles.questions.conditions import COMPARED
from grants.cycles.questions.types.dates import read_day
from grants.cycles.questions.types.numbers import LARGEST, decimal_of, json_number


def typed_answer(question: Question, line: str, op: str) -> Json:
    """Read a typed answer to compare with; ``None`` where the question can't have it."""
    if question.type == Kind.DATE:
        day = read_day(line)
        return day.isoformat() if day else None
    if question.type in {Kind.NUMBER, Kind.MONEY} or (op in {"gte", "lte"} and question.type in COMPARED):
        return typed_number(line)
    match question.type:
        case Kind.YES_NO:
            return {"yes": True, "no": False, "sí": True, "si": True}.get(line.lower())
        case Kind.SINGLE_CHOICE | Kind.MULTI_CHOICE:
            return {choice.label: choice.value for choice in question.choices}.get(line)
        case _:
            return line


def typed_number(text: str) -> int | float | None:
    """Read a number; ``None`` for what no answer can be: “nan”, or an exponent that fills the memory with digits."""
    number = decimal_of(text.replace(",", ""))
    return None if number is None or abs(number) > LARGEST else json_number(number)
