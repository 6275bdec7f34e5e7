"""The format's own rule (``schema.json``, JSON Schema 2020-12), its refusals said in plain sentences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from grants.cycles.questions import Json

from .errors import CallError, pointer

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

_Breach: TypeAlias = Any
"""A ``jsonschema.ValidationError``; its attributes are typed as "perhaps unset", which a raised one never is."""

RULE = Path(__file__).with_name("schema.json")
SHOWN_CHARACTERS = 60

_PATTERNS = {
    r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2})?$": "a day (2026-04-27) or an instant with its offset (2026-04-27T17:00:00-04:00)",
    r"^\d+(\.\d{1,2})?$": 'a decimal number in quotes, like "1200.00"',
    "^[a-z][a-z0-9_]*$": "a key of small letters, digits and underscores that begins with a letter",
    "^[a-z0-9-]+$": "a web name of small letters, digits and hyphens",
    "^[A-Z]{2}$": "a country code of two capital letters",
    "^[A-Z]{3}$": "a currency code of three capital letters",
}
_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


def schema_errors(data: Json) -> list[CallError]:
    """Return every breach of the rule, in the order of the file."""
    found = {
        CallError(pointer(error.absolute_path), _sentence(error))
        for top in _validator().iter_errors(data)
        for error in _deepest(top)
    }
    return sorted(found)


@lru_cache(maxsize=1)
def _validator() -> Draft202012Validator:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - only imports of calls need it

    return Draft202012Validator(
        json.loads(RULE.read_text(encoding="utf-8")), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def _deepest(error: _Breach) -> Iterator[_Breach]:
    """Yield the errors that say most: of ``null or object``, what is wrong with the object that is there."""
    if error.validator != "oneOf" or not isinstance(error.instance, Mapping):
        yield error
        return
    inner = [e for e in error.context or () if not (e.validator == "type" and e.validator_value == "null")]
    for one in inner:
        yield from _deepest(one)


def _sentence(error: _Breach) -> str:
    say = _SENTENCES.get(str(error.validator))
    return say(error) if say else error.message


def _missing(error: _Breach) -> str:
    absent = [f'"{key}"' for key in error.validator_value if key not in error.instance]
    return f"The key{'s' if len(absent) > 1 else ''} {', '.join(absent)} must be here (null where it is unknown)."


def _unexpected(error: _Breach) -> str:
    known = error.schema.get("properties", {})
    extra = [f'"{key}"' for key in error.instance if key not in known]
    return f"The format has no key {', '.join(extra)} here."


def _type(error: _Breach) -> str:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    return f"This must be {' or '.join(_TYPES[name] for name in wanted)}, not {_shown(error.instance)}."


def _pattern(error: _Breach) -> str:
    wanted = _PATTERNS.get(str(error.validator_value), f"written like {error.validator_value}")
    return f"{_shown(error.instance)} must be {wanted}."


def _choice(error: _Breach) -> str:
    return f"{_shown(error.instance)} is none of {', '.join(_shown(one) for one in error.validator_value)}."


def _few(error: _Breach) -> str:
    if isinstance(error.instance, str):
        return "This can't be empty."
    return f"The list needs at least {error.validator_value}; it has {len(error.instance)}."


def _many(error: _Breach) -> str:
    if error.validator_value == 0:
        return "This list must be empty for a question of this type."
    return f"The list may have {error.validator_value} at most; it has {len(error.instance)}."


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}…"


_SENTENCES: dict[str, Callable[[_Breach], str]] = {
    "required": _missing,
    "additionalProperties": _unexpected,
    "type": _type,
    "pattern": _pattern,
    "enum": _choice,
    "minItems": _few,
    "minLength": _few,
    "maxItems": _many,
    "format": lambda error: f"{_shown(error.instance)} is no {error.validator_value}.",
    "oneOf": lambda error: f"This must be null or an object, not {_shown(error.instance)}.",
}
