"""Rubric, award terms and the papers that applicants need."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.cycles.editing import free_key
from grants.cycles.models import Cycle
from grants.cycles.parts import PAYMENT_MODES
from grants.cycles.questions.forms import words

from .numbers import PercentField, PointsField
from .rows import Lines, PartForm, RowForm, keyed, rows_of


class GateRow(RowForm):
    label = forms.CharField(label=_("Yes-or-no question for staff"), max_length=300, required=False)


class CriterionRow(RowForm):
    label = forms.CharField(label=_("What is judged"), max_length=300, required=False)
    max_points = PointsField(label=_("Most points"))
    guidance = forms.CharField(
        label=_("What reviewers look for"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("label") and (found.get("max_points") is not None or found.get("guidance")):
            self.add_error("label", _("Say what is judged."))
        return found


class RubricMain(forms.Form):
    minimum_total = PointsField(label=_("Fewest points for an award"), help_text=_("Left empty: no minimum."))
    reviewers = forms.CharField(
        label=_("Who reviews?"),
        max_length=300,
        required=False,
        help_text=_("Residents may read this, so name the group and not the people."),
    )


class RubricForm(PartForm):
    def __init__(self, cycle: Cycle, data: Any = None) -> None:
        rubric = cycle.rubric
        self.main = RubricMain(
            data, initial={"minimum_total": rubric["minimum_total"], "reviewers": rubric["reviewers"]}
        )
        rows = {"gates": GateRow, "criteria": CriterionRow, "bonus": CriterionRow}
        self.rows = {
            name: rows_of(row, prefix=name, initial=rubric[name], data=data) for name, row in rows.items()
        }
        self.read(data)

    def value(self) -> dict[str, Any]:
        found = self.main.cleaned_data
        kept = {name: keyed(row for row in rows.values() if row["label"]) for name, rows in self.rows.items()}
        scored = {
            name: [{**row, "guidance": row["guidance"] or None} for row in kept[name]] for name in ("criteria", "bonus")
        }  # fmt: skip
        return {
            "gates": kept["gates"],
            **scored,
            "minimum_total": found["minimum_total"],
            "reviewers": found["reviewers"] or None,
        }


class ReportRow(RowForm):
    kind = forms.CharField(label=_("Report"), max_length=80, required=False)
    due = forms.CharField(label=_("Due, in words"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("due") and not found.get("kind"):
            self.add_error("kind", _("Name the report."))
        return found


class TermsMain(forms.Form):
    payment_modes = forms.MultipleChoiceField(
        label=_("How awards are paid"), required=False, choices=list(PAYMENT_MODES.items()), widget=forms.CheckboxSelectMultiple
    )  # fmt: skip
    sponsor_fee_max_percent = PercentField(
        label=_("Highest fee of a fiscal sponsor, in percent of the award")
    )
    conditions = Lines(
        label=_("Conditions"),
        required=False,
        rows=6,
        help_text=_("One per line. They will stand in the agreement."),
    )
    city_services = Lines(
        label=_("What the city gives besides money"), required=False, rows=5, help_text=_("One per line, like: mulch, tool loans, trash pickup."),
    )  # fmt: skip


class TermsForm(PartForm):
    def __init__(self, cycle: Cycle, data: Any = None) -> None:
        terms = cycle.award_terms
        self.services = {service["label"]: service["key"] for service in terms["city_services"]}
        self.main = TermsMain(
            data,
            initial={
                "payment_modes": terms["payment_modes"],
                "sponsor_fee_max_percent": terms["sponsor_fee_max_percent"],
                "conditions": terms["conditions"],
                "city_services": list(self.services),
            },
        )
        reports = [
            {"key": report["kind"], "kind": words(report["kind"]), "due": report["due"]}
            for report in terms["reports"]
        ]
        self.rows = {"reports": rows_of(ReportRow, prefix="reports", initial=reports, data=data)}
        self.read(data)

    def value(self) -> dict[str, Any]:
        found = self.main.cleaned_data
        reports = [row for row in self.rows["reports"].values() if row["kind"]]
        return {
            "payment_modes": found["payment_modes"],
            "sponsor_fee_max_percent": found["sponsor_fee_max_percent"],
            "reports": [{"kind": self._report_kind(row), "due": row["due"] or None} for row in reports],
            "conditions": found["conditions"],
            "city_services": self._services(found["city_services"]),
        }

    @staticmethod
    def _report_kind(row: dict[str, Any]) -> str:
        unchanged = row["key"] and words(row["key"]) == row["kind"]
        return str(row["key"]) if unchanged else free_key(row["kind"], (), "report")

    def _services(self, labels: list[str]) -> list[dict[str, str]]:
        """Keep the key of a service that stood there before: applicants may have asked for it."""
        return keyed({"key": self.services.get(label, ""), "label": label} for label in dict.fromkeys(labels))


class PaperRow(RowForm):
    label = forms.CharField(label=_("Paper"), max_length=200, required=False)
    required = forms.BooleanField(label=_("Always needed"), required=False)
    when = forms.CharField(label=_("When it is needed, in words"), max_length=300, required=False)


class PapersForm(PartForm):
    def __init__(self, cycle: Cycle, data: Any = None) -> None:
        self.main = forms.Form(data)
        self.rows = {"papers": rows_of(PaperRow, prefix="papers", initial=cycle.attachments, data=data)}
        self.read(data)

    def value(self) -> list[dict[str, Any]]:
        kept = keyed(row for row in self.rows["papers"].values() if row["label"])
        return [{**row, "when": row["when"] or None} for row in kept]
