"""Read a call file, or say all that is wrong with it."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from grants.cycles.questions import (
    Budget,
    CompleteForm,
    FormDefinition,
    Item,
    Json,
    cents_of_decimal,
    complete_form,
    items_from_json,
)

from .dates import CycleDates, cycle_dates
from .errors import CallError, InvalidCallError
from .schema import schema_errors
from .semantics import meaning_errors

LARGEST_FILE_BYTES = 1_000_000
"""The seven real calls have 9 to 18 kB."""

DEEPEST = 60

_BROKEN_TEXT = "A text in the file has a character that can't be stored (NUL or half of a pair)."


@dataclass(frozen=True)
class CallFile:
    """One valid call. ``data`` is the file's JSON; treat it as read-only and change a ``copy``."""

    data: dict[str, Json] = field(repr=False)
    name: str = ""

    def copy(self) -> Self:
        return type(self)(copy.deepcopy(self.data), self.name)

    @property
    def city(self) -> dict[str, Json]:
        return dict(self.data["city"])

    @property
    def cycle(self) -> dict[str, Json]:
        return dict(self.data["cycle"])

    @property
    def stages(self) -> tuple[str, ...]:
        return tuple(self.data["cycle"]["stages"])

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.data["city"]["timezone"])

    @cached_property
    def dates(self) -> CycleDates:
        return cycle_dates(self.data["cycle"], self.zone)

    @cached_property
    def definition(self) -> FormDefinition:
        """The form as the file states it, all stages."""
        return FormDefinition.from_json(self.data["sections"])

    @cached_property
    def budget(self) -> Budget:
        return Budget.from_json(self.data["budget"])

    @cached_property
    def eligibility(self) -> tuple[Item, ...]:
        return items_from_json(self.data["eligibility"])

    @cached_property
    def form(self) -> CompleteForm:
        """The form as it is filled in: with budget table, category choices and documents."""
        return complete_form(self.definition, self.budget, self.data["attachments"], self.stages)

    def cents(self, key: str) -> int | None:
        """Return ``min_request``, ``max_request`` or ``pool`` in cents."""
        return cents_of_decimal(self.data["cycle"][key])


def read_call(source: str | Path | bytes | Mapping[str, Json]) -> CallFile:
    """Read and check one call: a file by its path or its bytes, or JSON already read.

    Raises ``InvalidCallError`` with every error found. What only makes sense in a well-formed file (repeated
    keys, dates in order, conditions) is looked at once the schema is content.
    """
    if isinstance(source, Mapping):
        name, data = "", copy.deepcopy(dict(source))
        if broken := _unreadable(data):
            raise _refused(broken)
    elif isinstance(source, bytes):
        name, data = "", _parse(_decoded(source))
    else:
        name, data = Path(source).name, _read(Path(source))
    errors = schema_errors(data) or meaning_errors(data)
    if errors:
        raise InvalidCallError(errors)
    return CallFile(data, name)


def _read(path: Path) -> Json:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise _refused(f"The file has {size:,} bytes; a call has {LARGEST_FILE_BYTES:,} at most.")
        raw = path.read_bytes()
    except OSError as error:
        raise _refused(f"The file can't be read: {error.strerror or error}.") from error
    return _parse(_decoded(raw))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(f"The file is not UTF-8: byte {error.start} can't be read.") from error


def _parse(text: str) -> Json:
    twice: list[str] = []

    def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _value in pairs]
            twice.extend(sorted({key for key in keys if keys.count(key) > 1}))
        return found

    def no_number(word: str) -> Json:
        raise ValueError(f"{word} is no JSON number")

    def number(word: str) -> float:
        found = float(word)
        return int(found) if found.is_integer() else found

    try:
        data = json.loads(text, object_pairs_hook=unique, parse_float=number, parse_constant=no_number)
    except json.JSONDecodeError as error:
        sentence = f"The file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}."
        raise _refused(sentence) from error
    except (ValueError, OverflowError, RecursionError) as error:
        raise _refused(f"The file is not JSON that can be read: {error}.") from error
    if twice:
        raise InvalidCallError(
            [CallError("", f'The key "{key}" stands twice in one object.') for key in twice]
        )
    if broken := _unreadable(data):
        raise _refused(broken)
    return data


def _unreadable(data: Json, depth: int = 0) -> str:
    """Return why no database could hold this: half characters, NUL, endless nesting."""
    if depth > DEEPEST:
        return "The file is nested too deeply."
    if isinstance(data, str):
        return _BROKEN_TEXT if "\0" in data or any("\ud800" <= c <= "\udfff" for c in data) else ""
    if isinstance(data, float) and not math.isfinite(data):
        return "A number in the file is beyond all limits."
    parts: list[Json] = []
    if isinstance(data, dict):
        parts = [*data.keys(), *data.values()]
    elif isinstance(data, list):
        parts = data
    return next((why for part in parts if (why := _unreadable(part, depth + 1))), "")


def _refused(sentence: str) -> InvalidCallError:
    return InvalidCallError([CallError("", sentence)])
