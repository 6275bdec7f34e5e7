"""Lists in a form, without JavaScript: one entry per line, or rows with a button that adds more."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

ADD_ROW = "add_row"
BLANK_ROWS = 2
MOST_ROWS = 60


class Lines(forms.CharField):
    """A text area; cleans to the list of its lines, without empty ones."""

    keeps_blanks = False
    """For lines that stand beside others: an empty one keeps its place."""

    def __init__(self, *, rows: int = 4, most: int = 100, **kwargs: Any) -> None:
        self.most = most
        super().__init__(widget=forms.Textarea({"rows": rows}), max_length=20_000, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in f"{super().clean(value)}\n".splitlines()]
        lines = [line for line in lines if line or (self.keeps_blanks and any(lines))]
        if len(lines) > self.most:
            raise forms.ValidationError(_("At most %(most)s lines."), params={"most": self.most})
        return lines


class RowSet(BaseFormSet):  # type: ignore[type-arg]
    """Rows of one form. A blank row counts as none; a ticked one is taken out."""

    deletion_widget = forms.CheckboxInput

    def values(self) -> list[dict[str, Any]]:
        """Return what stands in the rows that are kept, in their order."""
        return [
            {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
            for form in self.kept()
        ]

    def kept(self) -> list[Any]:
        """Return the rows that hold something and weren't ticked for removal."""
        return [form for form in self.forms if form.holds_something() and not form.cleaned_data.get("DELETE")]


class RowForm(forms.Form):
    """One row. ``key`` is what other parts of the call know it by; new rows get theirs when saved."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=80)

    def holds_something(self) -> bool:
        """Say whether anything stands in the row, typed now or before."""
        return any(
            value not in (None, "", [], False)
            for name, value in self.cleaned_data.items()
            if name not in {"key", "DELETE"}
        )


def rows_of(
    form: type[RowForm], *, prefix: str, initial: Sequence[Mapping[str, Any]], data: Any = None, **kwargs: Any
) -> RowSet:
    """Return rows for ``initial`` and a few blank ones; with ``data``, what was posted.

    When the page's “Add another” button was pressed, one more row than was posted, and no complaints yet.
    """
    factory = formset_factory(
        form, formset=RowSet, extra=BLANK_ROWS, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS
    )
    if data is not None and data.get(ADD_ROW) == prefix:
        data = data.copy()
        total = str(data.get(f"{prefix}-TOTAL_FORMS") or "0")
        # What is no number stays as it is, and the set of rows says that it was tampered with.
        if total.isascii() and total.isdigit() and len(total) <= len(str(MOST_ROWS)):
            data[f"{prefix}-TOTAL_FORMS"] = str(min(int(total) + 1, MOST_ROWS))
    rows: RowSet = factory(data, prefix=prefix, initial=[dict(row) for row in initial], **kwargs)  # type: ignore[assignment]
    if data is not None and adds_row(data):
        for row in rows.forms:
            unjudged(row)
    return rows


def unjudged(form: forms.BaseForm) -> None:
    """Show what was typed without complaints: the person is still writing."""
    form._errors = ErrorDict()  # type: ignore[attr-defined]


def adds_row(data: Any) -> bool:
    """Say whether an “Add another” button was pressed instead of “Save”."""
    return ADD_ROW in data


class PartForm:
    """A form with rows: ``main`` holds the single fields, ``rows`` the lists by name."""

    main: forms.Form
    rows: dict[str, RowSet]

    def read(self, data: Any) -> None:
        """Keep complaints back while rows are being added."""
        self.is_growing = data is not None and adds_row(data)
        if self.is_growing:
            unjudged(self.main)

    def is_valid(self) -> bool:
        if self.is_growing or not self.main.is_bound:
            return False
        sound = [self.main.is_valid(), *(rows.is_valid() for rows in self.rows.values())]
        if not all(sound[1:]):
            self.main.add_error(None, _("Some rows below need a change."))
        return all(sound)

    def value(self) -> Any:
        """Return the part in the shape that its action takes."""
        raise NotImplementedError

    def add_refusal(self, place: str, sentence: str) -> None:
        """Show a refusal where it belongs: ``categories.2.max_percent``, ``minimum_total``, or at the top."""
        name, _dot, rest = place.partition(".")
        index, _dot, column = rest.partition(".")
        rows = self.rows.get(name)
        if rows is not None and index.isdigit():
            kept = rows.kept()
            if int(index) < len(kept):
                row = kept[int(index)]
                row.add_error(
                    column if column in row.fields else next(n for n in row.fields if n != "key"), sentence
                )
                self.main.add_error(None, _("Some rows below need a change."))
                return
        field = name if name in self.main.fields else column if column in self.main.fields else None
        self.main.add_error(field, sentence)


def keyed(rows: Iterable[dict[str, Any]], label: str = "label") -> list[dict[str, Any]]:
    """Give each row a key: its own, else one made of its label that no other row has."""
    from grants.cycles.editing import free_key  # noqa: PLC0415

    listed = list(rows)
    taken = {row["key"] for row in listed if row["key"]}
    for row in listed:
        if not row["key"]:
            row["key"] = free_key(row[label], taken, "item")
            taken.add(row["key"])
    return listed
