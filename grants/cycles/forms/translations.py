"""Words in the city's other languages, beside those in English."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from .rows import Lines

WRITTEN_IN = "en"
"""The language of a form's own words; others stand under ``translations``."""


def other_languages(languages: Sequence[str]) -> list[tuple[str, str]]:
    """Return code and name of the city's languages other than the one its forms are written in."""
    return [
        (code, str(name)) for code, name in settings.LANGUAGES if code in languages and code != WRITTEN_IN
    ]


def fitted(lines: list[str], labels: Sequence[str]) -> list[str]:
    """Return the lines without empty ones behind the last option."""
    end = next((n for n in range(len(lines), len(labels), -1) if lines[n - 1]), len(labels))
    return lines[:end]


class TranslatedForm(forms.Form):
    """Adds, per language, a field for each of ``translated`` (``label_es``). Lists have one line per entry."""

    translated: Sequence[str] = ()

    def __init__(
        self, data: Any, *, languages: Sequence[str], translations: Mapping[str, Any], initial: dict[str, Any]
    ) -> None:
        self.languages = other_languages(languages)
        self.stored = translations
        offered = [(part, code) for code, _name in self.languages for part in self.translated]
        shown = {f"{part}_{code}": translations.get(code, {}).get(part) for part, code in offered}
        super().__init__(data, initial=initial | shown)
        for code, name in self.languages:
            for part in self.translated:
                self.fields[f"{part}_{code}"] = self._like(part, code, name)

    def _like(self, part: str, code: str, name: str) -> forms.Field:
        """Make a field like the one that is translated, never required."""
        import copy  # noqa: PLC0415

        field = copy.deepcopy(self.base_fields[part])
        field.required = False
        field.help_text = ""
        if isinstance(field, Lines):
            field.keeps_blanks, field.strip = True, False
            field.help_text = _("One line for each above, in the same order.")
        field.label = _("%(label)s, in %(language)s") % {
            "label": self.base_fields[part].label,
            "language": name,
        }
        field.widget.attrs["lang"] = code
        return field

    def translations(self) -> dict[str, dict[str, Any]]:
        """Return the words given, beside those stored in languages that aren't offered here."""
        offered = {code for code, _name in self.languages}
        found = {code: dict(words) for code, words in self.stored.items() if code not in offered}
        for code in offered:
            words = {
                **self.stored.get(code, {}),
                **{part: self.cleaned_data.get(f"{part}_{code}") for part in self.translated},
            }
            kept = {part: said for part, said in words.items() if said}
            if kept:
                found[code] = kept
        return found

    def translation_fields(self) -> list[tuple[str, Any]]:
        """Return the added fields, each with the part that it translates."""
        return [(part, self[f"{part}_{code}"]) for code, _name in self.languages for part in self.translated]
