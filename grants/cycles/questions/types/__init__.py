"""One class per question type, looked up by kind."""

from __future__ import annotations

from grants.cycles.questions.definition import Column, Json, Kind

from .base import AnswerType, PostedData, Reading, as_typed
from .choices import MultiChoice, SingleChoice, YesNo
from .dates import Date, DateRange
from .files import File
from .numbers import Money, Number
from .places import Address, Location
from .rows import ROW_ID, People, Table
from .signature import Signature
from .text import Email, LongText, Phone, ShortText

__all__ = [
    "ANSWER_TYPES",
    "ROW_ID",
    "AnswerType",
    "PostedData",
    "Reading",
    "Table",
    "as_typed",
    "cell_text",
]

_CELLS: dict[Kind, AnswerType] = {
    answer_type.kind: answer_type
    for answer_type in (
        ShortText(),
        LongText(),
        Number(),
        Money(),
        Date(),
        DateRange(),
        Email(),
        Phone(),
        Address(),
        Location(),
        YesNo(),
        SingleChoice(),
        MultiChoice(),
        File(),
        Signature(),
    )
}
_TABLE = Table(_CELLS)

ANSWER_TYPES: dict[Kind, AnswerType] = {**_CELLS, Kind.TABLE: _TABLE, Kind.PEOPLE: People(_CELLS)}


def cell_text(column: Column, row: dict[str, Json], *, currency: str, language: str) -> str:
    """Return one cell of a table as plain text."""
    return _TABLE.cell_text(column, row, currency, language)
