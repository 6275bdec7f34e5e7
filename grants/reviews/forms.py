"""What reviewers and the people who ask them type."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.access.models import User
from cities.interface.days import DayField
from cities.interface.fields import MoneyField
from grants.applications.models import Conflict

from .models import Review
from .rubric import Criterion, Gate, Limits, Problem, Rubric, plain

NO_CONFLICT = "none"
WORDS_MAX = 2000
POINTS_MAX = 20
YES_NO = {"yes": True, "no": False}


class ConflictForm(forms.Form):
    """The question before a file opens: no conflict, or which."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Do you have a conflict of interest with this application?"),
        widget=forms.RadioSelect,
        choices=[(NO_CONFLICT, gettext_lazy("No, none of these")), *Conflict.Kind.choices],
        error_messages={"required": gettext_lazy("Please choose one.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Anything the city should know?"),
        help_text=gettext_lazy("Only if you have a conflict. The city’s managers read it."),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def has_none(self) -> bool:
        return bool(self.cleaned_data["kind"] == NO_CONFLICT)


class DeclareForm(forms.Form):
    """A conflict that is declared later, by the person."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is your conflict of interest?"),
        widget=forms.RadioSelect,
        choices=Conflict.Kind.choices,
        error_messages={"required": gettext_lazy("Please choose one.")},
    )
    words = forms.CharField(
        label=gettext_lazy("In your words"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RecordForm(DeclareForm):
    """Somebody's conflict, noted by a manager."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    kind = forms.ChoiceField(label=gettext_lazy("Why"), choices=Conflict.Kind.choices)

    field_order = ("person", "kind", "words")

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        choices = [(key, str(person)) for key, person in self.people.items()]
        self.fields["person"].choices = [("", _("Choose a person")), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> User:
        return self.people[self.cleaned_data["person"]]


@dataclass(frozen=True, slots=True)
class GateRow:
    gate: Gate
    answer: BoundField
    words: BoundField


@dataclass(frozen=True, slots=True)
class ScoreRow:
    item: Criterion
    points: BoundField
    words: BoundField
    hint: str


class SheetForm(forms.Form):
    """A score sheet. Inputs are named by their place (``scores.impact``), as the API names problems."""

    comment = forms.CharField(
        label=gettext_lazy("Comment on the whole"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    recommended = MoneyField(label=gettext_lazy("Amount you recommend"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)

    def __init__(self, review: Review, rubric: Rubric, limits: Limits, data: Any = None) -> None:
        super().__init__(data, initial=_initial(review, rubric))
        self.rubric, self.limits = rubric, limits
        self.fields["recommended"].currency = limits.currency  # type: ignore[attr-defined]
        for gate in rubric.gates:
            self.fields[f"gates.{gate.key}"] = _yes_no(gate.label)
            self.fields[f"words.{gate.key}"] = _words(_("Why? %(gate)s") % {"gate": gate.label})
        for item in rubric.criteria:
            if item.most is not None:
                self.fields[f"scores.{item.key}"] = _points(item)
            self.fields[f"words.{item.key}"] = _words(_("Comment: %(criterion)s") % {"criterion": item.label})
        for item in rubric.bonus:
            self.fields[f"bonus.{item.key}"] = forms.BooleanField(label=_bonus_label(item), required=False)

    @property
    def gates(self) -> Iterator[GateRow]:
        for gate in self.rubric.gates:
            yield GateRow(gate, self[f"gates.{gate.key}"], self[f"words.{gate.key}"])

    @property
    def criteria(self) -> Iterator[ScoreRow]:
        for item in self.rubric.scored:
            points = _("0 to %(most)s points.") % {"most": plain(item.most)}
            hint = f"{item.guidance} {points}".strip()
            yield ScoreRow(item, self[f"scores.{item.key}"], self[f"words.{item.key}"], hint)

    @property
    def remarks(self) -> Iterator[BoundField]:
        """Criteria without points, which are commented on only."""
        for item in self.rubric.criteria:
            if item.most is None:
                yield self[f"words.{item.key}"]

    @property
    def bonuses(self) -> Iterator[BoundField]:
        for item in self.rubric.bonus:
            yield self[f"bonus.{item.key}"]

    def changes(self) -> dict[str, Any]:
        """Return the whole sheet as it was typed, in the shape that ``save_review`` takes."""
        parts: dict[str, dict[str, Any]] = {"gates": {}, "scores": {}, "bonus": {}, "words": {}}
        for name, value in self.cleaned_data.items():
            part, _dot, key = name.partition(".")
            if part in parts:
                parts[part][key] = YES_NO.get(value) if part == "gates" else value
        found = self.cleaned_data
        return {**parts, "comment": found["comment"], "recommended_cents": found["recommended"]}

    def show(self, problems: Iterable[Problem]) -> None:
        """Put what is left to do beside the inputs."""
        if not self.is_bound:
            self.is_bound, self.data = True, _as_typed(self.initial)
            self.full_clean()
        for problem in problems:
            self.add_error(problem.place if problem.place in self.fields else None, problem.sentence)


def _initial(review: Review, rubric: Rubric) -> dict[str, Any]:
    parts: dict[str, Mapping[str, Any]] = {
        "scores": review.scores,
        "bonus": review.bonus,
        "words": review.words,
    }
    found = {f"{part}.{key}": value for part, values in parts.items() for key, value in values.items()}
    answers = {True: "yes", False: "no"}
    gates = {f"gates.{gate.key}": answers.get(review.gates.get(gate.key), "") for gate in rubric.gates}
    return {
        **found,
        **gates,
        "comment": review.comment,
        "recommended": review.recommended_cents,
        "version": review.version,
    }


def _as_typed(initial: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in initial.items() if value not in (None, False)}


def _yes_no(label: str) -> forms.ChoiceField:
    choices = [("yes", _("Yes")), ("no", _("No"))]
    return forms.ChoiceField(label=label, widget=forms.RadioSelect, choices=choices, required=False)


def _words(label: str) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=False, max_length=WORDS_MAX, widget=widget)


def _points(item: Criterion) -> forms.CharField:
    # Text, not number: a browser hides from scripts what it can't read as a number.
    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=item.label, required=False, max_length=POINTS_MAX, widget=widget)


def _bonus_label(item: Criterion) -> str:
    if item.most is None:
        return item.label
    return _("%(label)s: %(points)s points more") % {"label": item.label, "points": plain(item.most)}


class AssignForm(forms.Form):
    """Whom to ask, by when, and how many reviews each application gets if they are shared out."""

    reviewers = forms.MultipleChoiceField(
        label=gettext_lazy("Reviewers"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Pick at least one reviewer.")},
    )
    due_on = DayField(
        label=gettext_lazy("Due"),
        help_text=gettext_lazy("The last day on which scores are awaited. It may stay empty."),
        required=False,
    )
    each = forms.IntegerField(
        label=gettext_lazy("Reviews for each application"),
        help_text=gettext_lazy("For “Share out evenly”. Reviews that are there already count."),
        required=False,
        min_value=1,
        max_value=20,
        initial=2,
    )

    def __init__(self, *args: Any, people: Iterable[tuple[User, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewers"].choices = [(str(person.pk), label) for person, label in people]  # type: ignore[attr-defined]
