"""What a page posts beside answers: buttons that work without JavaScript, and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .definition import Json, Kind, Question
from .types import ROW_ID, PostedData

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

ADD_ROW = "add_row"
REMOVE_ROW = "remove_row"
REMOVE_FILE = "remove_file"
UPLOAD = "upload"
BUTTONS = (ADD_ROW, REMOVE_ROW, REMOVE_FILE, UPLOAD)

FILE_PREFIX = "f."

Place = tuple[str, ...]
"""Where in an answer a file lies: ``()``, or ``(row id, column key)``."""


def has_button(data: PostedData) -> bool:
    """Return whether a button inside a question was pressed: save, then show the same page again."""
    return any(button in data for button in BUTTONS)


def added_rows(question: Question, data: PostedData) -> int:
    """Return how many empty rows to show beyond the answer's own."""
    return int(data.get(ADD_ROW) == question.key)


def apply_buttons(question: Question, raw: Json, data: PostedData) -> Json:
    """Return posted input after "Remove" was pressed on one of its rows or files."""
    key, _point, row_id = str(data.get(REMOVE_ROW) or "").partition(":")
    if key == question.key and isinstance(raw, list):
        raw = [row for row in raw if not isinstance(row, dict) or row.get(ROW_ID) != row_id]
    file_id = data.get(REMOVE_FILE)
    return without_file(question, raw, str(file_id)) if file_id else raw


def file_columns(question: Question) -> tuple[str, ...]:
    return tuple(column.key for column in question.columns if column.type == Kind.FILE)


def posted_files(question: Question, files: Any) -> list[tuple[Place, UploadedFile[Any]]]:
    """Return the files that came with the question, each with its place in the answer."""
    name = f"{FILE_PREFIX}{question.key}"
    if question.type == Kind.FILE:
        return [((), file) for file in files.getlist(name)]
    columns = file_columns(question)
    found: list[tuple[Place, UploadedFile[Any]]] = []
    for field in files:
        parts = str(field).removeprefix(f"{name}.").split(".")
        if str(field).startswith(f"{name}.") and len(parts) == 2 and parts[1] in columns:  # noqa: PLR2004
            found += [((parts[0], parts[1]), file) for file in files.getlist(field)]
    return found


def with_file(question: Question, value: Json, place: Place, file_id: str) -> Json:
    """Return the answer with one more attachment; a row that isn't there yet is made."""
    if not place:
        return [*(value or []), file_id]
    row_id, column = place
    if column not in file_columns(question):
        raise KeyError(column)
    rows = [dict(row) for row in value or []]
    row = next((row for row in rows if row[ROW_ID] == row_id), None)
    if row is None:
        row = {ROW_ID: row_id}
        rows.append(row)
    row[column] = [*row.get(column, []), file_id]
    return rows


def without_file(question: Question, value: Json, file_id: str) -> Json:
    """Return the answer without one attachment, wherever it lies in it."""
    if not isinstance(value, list):
        return value
    if question.type == Kind.FILE:
        return _without(value, file_id) or None
    columns = set(file_columns(question))
    return [
        {key: _without(cell, file_id) if key in columns else cell for key, cell in row.items()}
        if isinstance(row, Mapping)
        else row
        for row in value
    ]


def _without(ids: Sequence[Json] | None, file_id: str) -> Json:
    return [item for item in ids or () if item != file_id] or None
