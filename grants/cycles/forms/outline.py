"""One section of a form, and which answers stand for an application in lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.cycles.parts import SUMMARY_PARTS
from grants.cycles.questions import FormDefinition, Section

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
