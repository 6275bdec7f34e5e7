"""One section of a form, and which answers stand for an application in lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.cycles.questions import FormDefinition, Kind, Section

from .translations import TranslatedForm


class SectionForm(TranslatedForm):
    translated = ("title",)

    title = forms.CharField(
        label=_("Title of the section"), max_length=150, help_text=_("One section is one page of the form.")
    )

    def __init__(self, section: Section | None, languages: list[str], data: Any = None) -> None:
        super().__init__(
            data,
            languages=languages,
            translations=dict(section.translations) if section else {},
            initial={"title": section.title if section else ""},
        )


SUMMARY_PARTS = {
    "title": (_("Title of the project"), {Kind.SHORT_TEXT, Kind.LONG_TEXT}),
    "applicant": (_("Name of the person who applies"), {Kind.SHORT_TEXT}),
    "group": (_("Name of the group"), {Kind.SHORT_TEXT}),
    "amount": (_("Amount asked for"), {Kind.MONEY}),
    "place": (_("Place"), {Kind.LOCATION, Kind.ADDRESS, Kind.SHORT_TEXT, Kind.TABLE}),
    "neighborhood": (_("Neighborhood"), {Kind.SHORT_TEXT, Kind.SINGLE_CHOICE}),
    "category": (_("Kind of project"), {Kind.SINGLE_CHOICE, Kind.MULTI_CHOICE, Kind.SHORT_TEXT}),
}


class SummaryForm(forms.Form):
    """Which questions fill the columns of the queue, the map and the lists."""

    def __init__(self, form: FormDefinition, keys: dict[str, str | None], data: Any = None) -> None:
        super().__init__(data, initial=keys)
        for part, (label, kinds) in SUMMARY_PARTS.items():
            choices = [(q.key, q.label) for q in form.questions if q.type in kinds]
            self.fields[part] = forms.ChoiceField(
                label=label, required=False, choices=[("", _("No question")), *choices]
            )

    def value(self) -> dict[str, str | None]:
        return {part: self.cleaned_data[part] or None for part in SUMMARY_PARTS}
