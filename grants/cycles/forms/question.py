"""One question of a form, with all that its kind needs."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.cycles.editing import free_key, moved_words
from grants.cycles.questions import Column, Condition, FormDefinition, Json, Kind, Question
from grants.cycles.questions.conditions import can_hold
from grants.cycles.questions.definition import CHOICES, ROWS
from grants.cycles.questions.money import AmountError, decimal_text, read_amount

from .rows import Lines, PartForm, RowForm, rows_of
from .translations import TranslatedForm, fitted
from .typed import typed_answer, typed_number

KINDS = {
    Kind.SHORT_TEXT: _("Short text"),
    Kind.LONG_TEXT: _("Long text"),
    Kind.NUMBER: _("Number"),
    Kind.MONEY: _("Amount of money"),
    Kind.DATE: _("Date"),
    Kind.DATE_RANGE: _("Start and end date"),
    Kind.EMAIL: _("E-mail address"),
    Kind.PHONE: _("Phone number"),
    Kind.ADDRESS: _("Address"),
    Kind.LOCATION: _("Place: address, cross streets or point on a map"),
    Kind.YES_NO: _("Yes or no"),
    Kind.SINGLE_CHOICE: _("One of several options"),
    Kind.MULTI_CHOICE: _("Several of several options"),
    Kind.TABLE: _("Table with rows"),
    Kind.PEOPLE: _("List of people"),
    Kind.FILE: _("Photos or files"),
    Kind.SIGNATURE: _("Signature"),
}
COLUMN_KINDS = {kind: name for kind, name in KINDS.items() if kind not in ROWS}
OPERATORS = [("eq", _("is")), ("in", _("is one of")), ("gte", _("is at least")), ("lte", _("is at most"))]
LIMITED = {Kind.NUMBER, Kind.MONEY, Kind.DATE, Kind.MULTI_CHOICE, Kind.FILE}
TEXTS = {Kind.SHORT_TEXT, Kind.LONG_TEXT}


class ColumnRow(RowForm):
    label = forms.CharField(label=_("Column"), max_length=150, required=False)
    type = forms.ChoiceField(label=_("Holds"), choices=list(COLUMN_KINDS.items()), required=False)

    def holds_something(self) -> bool:
        return bool(self.cleaned_data.get("label"))


class QuestionMain(TranslatedForm):
    translated = ("label", "help", "options")

    section = forms.ChoiceField(label=_("Section"))
    label = forms.CharField(
        label=_("Question"), max_length=500, help_text=_("Ask one thing, in words a neighbor uses.")
    )
    help = forms.CharField(
        label=_("Help below the question"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )
    type = forms.ChoiceField(
        label=_("Answer"), choices=list(KINDS.items()), widget=forms.Select({"data-switch": "type"})
    )
    required = forms.BooleanField(label=_("Must be answered"), required=False)
    options = Lines(label=_("Options"), required=False, rows=5, help_text=_("One per line."))
    min = forms.CharField(label=_("Lowest, first or fewest"), required=False, max_length=20)
    max = forms.CharField(
        label=_("Highest, last or most"), required=False, max_length=20,
        help_text=_("A number; for money an amount; for a date a day like 2027-04-30; for files or choices how many."),
    )  # fmt: skip
    max_words = forms.IntegerField(label=_("Most words"), required=False, min_value=1, max_value=10_000)
    max_chars = forms.IntegerField(label=_("Most characters"), required=False, min_value=1, max_value=20_000)
    min_rows = forms.IntegerField(label=_("Fewest rows"), required=False, min_value=0, max_value=200)
    max_rows = forms.IntegerField(label=_("Most rows"), required=False, min_value=1, max_value=200)
    shown_question = forms.ChoiceField(
        label=_("Show only if the answer to"),
        required=False,
        widget=forms.Select({"data-switch": "shown_question"}),
    )
    shown_op = forms.ChoiceField(label=_("compares like this"), choices=OPERATORS, required=False)
    shown_value = Lines(
        label=_("with"),
        required=False,
        rows=2,
        help_text=_("An option, a number, a day, or yes or no. For “is one of”: one per line."),
    )

    def __init__(
        self, form: FormDefinition, question: Question | None, section: str, languages: list[str], data: Any
    ) -> None:
        self.definition = form
        self.question = question
        self.untranslated: dict[str, list[str]] = {}
        """Per language, the options that lost their words or never had any, since the options were changed."""
        super().__init__(
            data,
            languages=languages,
            translations=dict(question.translations) if question else {},
            initial=_shown(question, section),
        )
        self.fields["section"].choices = [(s.key, s.title) for s in form.sections]  # type: ignore[attr-defined]
        others = [(q.key, q.label) for q in form.questions if question is None or q.key != question.key]
        self.fields["shown_question"].choices = [("", _("Always shown")), *others]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        kind = found.get("type")
        if kind in CHOICES and len(set(found.get("options", ()))) < 2:  # noqa: PLR2004
            self.add_error("options", _("Write at least two different options."))
        labels = found.get("options", []) if kind in CHOICES else []
        for code, language in self.languages:
            found[f"options_{code}"] = self._words(code, language, found.get(f"options_{code}") or [], labels)
        for name in ("min", "max"):
            found[name] = self._limit(name, kind, found.get(name))
        found["condition"] = self._condition(found)
        return found

    def _words(self, code: str, language: str, lines: list[str], labels: list[str]) -> list[str]:
        """Pair a language's lines with the options: they are read by position, so each must stand beside its own."""
        if not labels:
            return []
        before = [choice.label for choice in self.question.choices] if self.question else []
        stored = self.stored.get(code, {}).get("options") or []
        lines = fitted(lines, labels)
        if stored and labels != before and len(stored) == len(before) and lines == fitted(stored, labels):
            lines = moved_words(stored, before, labels)
            self.untranslated[language] = [
                label for label, line in zip(labels, lines, strict=True) if not line
            ]
        elif any(lines) and len(lines) != len(labels):
            self.add_error(
                f"options_{code}",
                _("Write one line for each option. Leave a line empty where you have no words for it."),
            )
        return lines if any(lines) else []

    def _limit(self, name: str, kind: str | None, text: str | None) -> Json:
        if kind not in LIMITED or not text:
            return None
        limit: Json
        try:
            match kind:
                case Kind.MONEY:
                    limit = decimal_text(read_amount(text))
                case Kind.DATE:
                    limit = date.fromisoformat(text).isoformat()
                case Kind.NUMBER:
                    limit = typed_number(text)
                case _:
                    limit = int(text)
        except (AmountError, ValueError):
            limit = None
        if limit is None:
            self.add_error(name, _("This does not fit the kind of answer."))
        return limit

    def _condition(self, found: dict[str, Any]) -> Condition | None:
        other = self.definition.question(found.get("shown_question") or "")
        if other is None:
            return None
        op = found.get("shown_op") or "eq"
        values = [typed_answer(other, line, op) for line in found.get("shown_value") or ()]
        if not values or None in values:
            self.add_error(
                "shown_value", _("Write an answer that “%(question)s” can have.") % {"question": other.label}
            )
            return None
        condition = Condition(other.key, op, values if op == "in" else values[0])
        if not can_hold(condition, other):
            self.add_error(
                "shown_op",
                _("Answers to “%(question)s” can’t be compared like this.") % {"question": other.label},
            )
        return condition


class QuestionForm(PartForm):
    """The whole page of one question, with the columns of a table."""

    def __init__(
        self,
        form: FormDefinition,
        question: Question | None,
        *,
        section: str,
        languages: list[str],
        data: Any = None,
    ) -> None:
        self.form, self.question = form, question
        self.main: QuestionMain = QuestionMain(form, question, section, languages, data)
        columns = (
            [{"key": c.key, "label": c.label, "type": str(c.type)} for c in question.columns]
            if question
            else []
        )
        self.rows = {"columns": rows_of(ColumnRow, prefix="columns", initial=columns, data=data)}
        self.read(data)

    def is_valid(self) -> bool:
        sound = super().is_valid()
        if sound and self.main.cleaned_data["type"] in ROWS and not self.rows["columns"].values():
            self.main.add_error(None, _("A table needs at least one column."))
            return False
        return sound

    def value(self) -> tuple[str, Question]:
        """Return the section's key and the question as the engine holds it."""
        found = self.main.cleaned_data
        kind = Kind(found["type"])
        old = self.question
        asked = {
            "key": old.key if old else free_key(found["label"], (q.key for q in self.form.questions)),
            "label": found["label"],
            "help": found["help"] or None,
            "type": kind,
            "required": found["required"],
            "options": self._options(found["options"]) if kind in CHOICES else [],
            "min": found["min"],
            "max": found["max"],
            "max_words": found["max_words"] if kind in TEXTS else None,
            "max_chars": found["max_chars"] if kind in TEXTS else None,
            "columns": [column.to_json() for column in self._columns()] if kind in ROWS else [],
            "min_rows": found["min_rows"] if kind in ROWS else None,
            "max_rows": found["max_rows"] if kind in ROWS else None,
            "shown_when": found["condition"].to_json() if found["condition"] else None,
            "suggestions": list(old.suggestions) if old else [],
            "translations": self.main.translations(),
        }
        return found["section"], Question.from_json(asked)

    def _options(self, labels: list[str]) -> list[Json]:
        """Keep the stored value of an option whose words stayed."""
        stored = {choice.label: choice.value for choice in self.question.choices} if self.question else {}
        return [{"value": stored.get(label, label), "label": label} for label in labels]

    def _columns(self) -> list[Column]:
        stored = {column.key: column for column in self.question.columns} if self.question else {}
        found, taken = [], {row["key"] for row in self.rows["columns"].values()}
        for row in self.rows["columns"].values():
            old = stored.get(row["key"])
            key = row["key"] or free_key(row["label"], taken, "column")
            taken.add(key)
            kind = Kind(row["type"] or Kind.SHORT_TEXT)
            if old is not None and old.type == kind:
                words = dict(old.translations) if old.label == row["label"] else {}
                found.append(Column(key, row["label"], kind, old.choices, old.suggestions, words))
            else:
                found.append(Column(key, row["label"], kind))
        return found


def _shown(question: Question | None, section: str) -> dict[str, Any]:
    if question is None:
        return {"section": section, "type": Kind.SHORT_TEXT}
    condition = question.shown_when
    values = (
        []
        if condition is None
        else condition.value
        if isinstance(condition.value, list)
        else [condition.value]
    )
    names = ("label", "help", "required", "min", "max", "max_words", "max_chars", "min_rows", "max_rows")
    return {name: getattr(question, name) for name in names} | {
        "section": section,
        "type": str(question.type),
        "options": [choice.label for choice in question.choices],
        "shown_question": condition.question if condition else "",
        "shown_op": condition.op if condition else "eq",
        "shown_value": [
            {True: "yes", False: "no"}.get(one, str(one)) if isinstance(one, bool) else str(one)
            for one in values
        ],
    }
