"""Work out the control of each question type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from babel.numbers import get_currency_symbol
from django.utils.translation import gettext as _

from .cleaning import FIELD_PREFIX
from .controls import RADIOS_AT_MOST, Control, Drawing, Option, Row, ShownFile, identifier
from .definition import Json, Kind, Question
from .hints import autocomplete_of, limits_hint
from .money import cents_of, decimal_text
from .posting import FILE_PREFIX
from .problems import is_typed
from .types import ANSWER_TYPES, ROW_ID, as_typed
from .types.places import Address, Location

ROWS_SHOWN_AT_MOST = 30
"""Empty rows offered for a long roster; more come with the button."""

NEW_ROW = "__row__"
"""The row id in the template row that the browser clones."""


def draw_control(question: Question, value: Json, drawing: Drawing, name: str = "") -> Control:
    """Return the control of a question (already in the reader's language) for a canonical or typed value."""
    name = name or f"{FIELD_PREFIX}{question.key}"
    return _BUILDERS.get(question.type, _line)(question, value, drawing, name)


def _base(question: Question, drawing: Drawing, name: str) -> dict[str, Json]:
    limits = "" if drawing.in_cell else limits_hint(question, drawing.currency, drawing.language)
    return {
        "name": name,
        "label": question.label,
        "hint": " ".join(filter(None, (question.help, limits))),
        "errors": drawing.errors_at(),
        "required": question.required,
        "lang": drawing.lang,
    }


def _autocomplete(question: Question, drawing: Drawing) -> dict[str, str]:
    token = "" if drawing.in_cell else autocomplete_of(question)
    return {"autocomplete": token} if token else {}


def _line(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    """Draw one line: text, number, e-mail, telephone, day."""
    kind = question.type
    attributes: dict[str, str | int] = dict(_autocomplete(question, drawing))
    width = ""
    if kind == Kind.NUMBER:
        attributes["inputmode"] = "decimal"
        width = "small"
    elif kind == Kind.EMAIL:
        attributes |= {"type": "email", "inputmode": "email", "autocapitalize": "none", "spellcheck": "false"}
    elif kind == Kind.PHONE:
        attributes |= {"type": "tel", "inputmode": "tel"}
        width = "medium"
    elif kind == Kind.DATE:
        attributes |= _day_attributes(question, value)
        width = "medium"
    elif question.max_chars or question.max_words:
        attributes |= _counters(question)
    base = _base(question, drawing, name)
    more = {"suggestions": question.suggestions} if question.suggestions else {}
    return Control("line", value=as_typed(value), attributes=attributes, width=width, more=more, **base)


def _day_attributes(question: Question, value: Json) -> dict[str, str]:
    if is_typed(value):  # a date picker would swallow what was typed
        return {"type": "text"}
    limits = {"min": question.min, "max": question.max}
    return {"type": "date"} | {name: str(day)[:10] for name, day in limits.items() if day}


def _counters(question: Question) -> dict[str, str | int]:
    counters = {"data-max-words": question.max_words, "data-max-chars": question.max_chars}
    return {name: limit for name, limit in counters.items() if limit}


def _paragraphs(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    rows = 3 if drawing.in_cell else 6
    return Control(
        "paragraphs",
        value=as_typed(value),
        attributes={"rows": rows, **_counters(question)},
        **_base(question, drawing, name),
    )


def _money(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    cents = cents_of(value)
    locale = "es_US" if drawing.language == "es" else "en_US"
    return Control(
        "money",
        value=as_typed(value) if cents is None else decimal_text(cents),
        prefix=get_currency_symbol(drawing.currency, locale=locale),
        attributes={"inputmode": "decimal", "autocomplete": "off"},
        **_base(question, drawing, name),
    )


def _date_range(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    parts = tuple(
        _line(Question(part, label, Kind.DATE), _part(value, part), drawing.within(part), f"{name}.{part}")
        for part, label in (("start", _("First day")), ("end", _("Last day")))
    )
    return Control("parts", parts=parts, **_base(question, drawing, name))


def _address(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    if drawing.in_cell:
        told = ANSWER_TYPES[Kind.ADDRESS].text(question, value, currency="", language="")
        return Control("line", value=told, attributes={}, **_base(question, drawing, name))
    labels = {
        "street": _("Street address or post office box"),
        "unit": _("Apartment or unit (if any)"),
        "city": _("City"),
        "state": _("State"),
        "zip": _("ZIP code"),
    }
    tokens = dict(zip(Address.parts, _ADDRESS_TOKENS, strict=True))
    parts = tuple(
        Control(
            "line",
            name=f"{name}.{part}",
            label=labels[part],
            value=as_typed(_part(value, part)),
            errors=drawing.errors_at(part),
            attributes={"autocomplete": f"section-{question.key} {tokens[part]}"},
            width={"state": "small", "zip": "small"}.get(part, ""),
        )
        for part in Address.parts
    )
    return Control("parts", parts=parts, more={"kind": "address"}, **_base(question, drawing, name))


_ADDRESS_TOKENS = ("address-line1", "address-line2", "address-level2", "address-level1", "postal-code")


def _location(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    labels = {"address": _("Address, or the name of the place"), "cross_streets": _("Nearest cross streets")}
    if isinstance(value, str) or is_typed(value):
        value = {"address": value}
    parts = tuple(
        Control(
            "line",
            name=f"{name}.{part}",
            label=labels[part],
            value=as_typed(_part(value, part)),
            errors=drawing.errors_at(part),
            attributes={"autocomplete": "off"},
        )
        for part in Location.words
    )
    point = {
        part: Control(
            "line",
            name=f"{name}.{part}",
            label=label,
            value=as_typed(_part(value, part)),
            errors=drawing.errors_at(part),
            attributes={"inputmode": "text", "autocomplete": "off", "data-degrees": part},
            width="small",
        )
        for part, label in (("lat", _("Latitude")), ("lng", _("Longitude")))
    }
    return Control("location", parts=parts, more={"point": point}, **_base(question, drawing, name))


def _options(question: Question, chosen: Sequence[Json], name: str) -> tuple[Option, ...]:
    return tuple(
        Option(choice.value, choice.label, f"{identifier(name)}-{number}", choice.value in chosen)
        for number, choice in enumerate(question.choices)
    )


def _yes_no(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    here = identifier(name)
    options = (
        Option("true", _("Yes"), f"{here}-yes", value is True),
        Option("false", _("No"), f"{here}-no", value is False),
    )
    return Control("radios", options=options, more=_unread(value), **_base(question, drawing, name))


def _single(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    options = _options(question, [value], name)
    template = "select" if drawing.in_cell or len(options) > RADIOS_AT_MOST else "radios"
    return Control(template, options=options, more=_unread(value), **_base(question, drawing, name))


def _multi(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    chosen = value if isinstance(value, list) else [value]
    unread = [as_typed(item) for item in chosen if is_typed(item)]
    more = {"unread": ", ".join(unread)} if unread else {}
    return Control(
        "checkboxes", options=_options(question, chosen, name), more=more, **_base(question, drawing, name)
    )


def _unread(value: Json) -> dict[str, str]:
    return {"unread": as_typed(value)} if is_typed(value) else {}


def _file(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    ids = value if isinstance(value, list) else []
    unknown = _("A file that is still being saved")
    files = tuple(drawing.files.get(str(i), ShownFile(str(i), unknown, 0)) for i in ids)
    return Control(
        "files",
        files=files,
        file_name=FILE_PREFIX + name.removeprefix(FIELD_PREFIX),
        more={"can_add": question.max is None or len(files) < question.max, "most": question.max},
        **_base(question, drawing, name),
    )


def _signature(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    signer = Control(
        "line",
        name=f"{name}.name",
        label=_("Full name of the person who signs"),
        value=as_typed(_part(value, "name")),
        errors=drawing.errors_at("name"),
        attributes={"autocomplete": "off"},
    )
    more = {
        "agreed": _part(value, "agreed") is True,
        "agreed_errors": drawing.errors_at("agreed"),
        "signed_on": as_typed(_part(value, "signed_on")),
    }
    return Control("signature", parts=(signer,), more=more, **_base(question, drawing, name))


def _table(question: Question, value: Json, drawing: Drawing, name: str) -> Control:
    stored = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    ids = [str(row.get(ROW_ID) or f"r{number}") for number, row in enumerate(stored, 1)]
    wanted = min(max(question.min_rows or 1, 1), ROWS_SHOWN_AT_MOST)
    empty = max(wanted - len(stored), 0) + drawing.extra_rows
    ids += _new_ids(ids, empty)
    rows = [*stored, *({} for _empty in range(empty))]
    can_add = question.max_rows is None or len(rows) < question.max_rows
    is_people = question.type == Kind.PEOPLE
    return Control(
        "rows",
        rows=tuple(
            _row(question, row, (row_id, number), drawing, name)
            for number, (row_id, row) in enumerate(zip(ids, rows, strict=True), 1)
        ),
        new_row=_row(question, {}, (NEW_ROW, 0), drawing, name),
        add_label=_("Add another person") if is_people else _("Add another line"),
        more={
            "key": question.key,
            "can_add": can_add,
            "most": question.max_rows,
        },
        **_base(question, drawing, name),
    )


def _row(
    question: Question, row: Mapping[str, Json], named: tuple[str, int], drawing: Drawing, name: str
) -> Row:
    row_id, number = named
    cells = tuple(
        draw_control(
            column.as_question(),
            row.get(column.key),
            drawing.within(row_id, column.key),
            f"{name}.{row_id}.{column.key}",
        )
        for column in question.columns
    )
    if len(cells) == 1:
        cells = (replace(cells[0], more={**cells[0].more, "is_named_by_row": True}),)
    label = _("Person %(number)s") if question.type == Kind.PEOPLE else _("Line %(number)s")
    return Row(row_id, label % {"number": number or "__number__"}, cells)


def _new_ids(taken: Sequence[str], count: int) -> list[str]:
    """Return ids for empty rows, beyond every number already used."""
    numbers = [int(row_id[1:]) for row_id in taken if row_id.startswith("r") and row_id[1:].isdecimal()]
    first = max(numbers, default=0) + 1
    return [f"r{number}" for number in range(first, first + count)]


def _part(value: Json, key: str) -> Json:
    return value.get(key) if isinstance(value, Mapping) else None


_BUILDERS: dict[Kind, Callable[[Question, Json, Drawing, str], Control]] = {
    Kind.LONG_TEXT: _paragraphs,
    Kind.MONEY: _money,
    Kind.DATE_RANGE: _date_range,
    Kind.ADDRESS: _address,
    Kind.LOCATION: _location,
    Kind.YES_NO: _yes_no,
    Kind.SINGLE_CHOICE: _single,
    Kind.MULTI_CHOICE: _multi,
    Kind.FILE: _file,
    Kind.SIGNATURE: _signature,
    Kind.TABLE: _table,
    Kind.PEOPLE: _table,
}
