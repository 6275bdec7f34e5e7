"""The call's own texts beside their words in the city's other languages."""

from hashlib import sha256
from typing import Any

from django import forms

from cities.tenancy.models import City
from grants.cycles.models import Cycle
from grants.cycles.wording import public_texts

from .rows import PartForm
from .translations import other_languages

LONG = 80


class WordingForm(PartForm):
    """One field per text and language, named after the text: a text that was changed meanwhile takes no old words."""

    def __init__(self, city: City, cycle: Cycle, data: Any = None) -> None:
        self.cycle = cycle
        self.languages = other_languages(city.languages)
        self.texts = {sha256(text.encode()).hexdigest()[:16]: text for text in public_texts(cycle)}
        self.main, self.rows = forms.Form(data), {}
        for key, text in self.texts.items():
            for code, name in self.languages:
                self.main.fields[f"{key}_{code}"] = self._field(text, code, name)
        self.read(data)

    def _field(self, text: str, code: str, name: str) -> forms.Field:
        widget = forms.Textarea({"rows": 3}) if len(text) > LONG else forms.TextInput()
        widget.attrs["lang"] = code
        said = self.cycle.translations.get(code, {}).get(text)
        return forms.CharField(label=name, required=False, max_length=2000, widget=widget, initial=said)

    def lines(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return each text with its fields, one per language."""
        return [
            (text, [self.main[f"{key}_{code}"] for code, _name in self.languages])
            for key, text in self.texts.items()
        ]

    def value(self) -> dict[str, dict[str, str]]:
        """Return the words given, beside those stored in languages that aren't offered here."""
        offered = {code for code, _name in self.languages}
        found = {code: words for code, words in self.cycle.translations.items() if code not in offered}
        for code in offered:
            given = {text: self.main.cleaned_data[f"{key}_{code}"] for key, text in self.texts.items()}
            if any(given.values()):
                found[code] = {text: said for text, said in given.items() if said}
        return found
