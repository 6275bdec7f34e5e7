"""One question of the self-check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.cycles.editing import free_key
from grants.cycles.questions import Json
from grants.cycles.questions.eligibility import ItemType
from grants.cycles.questions.types.numbers import LARGEST

from .rows import Lines
from .translations import TranslatedForm, fitted

TYPES = [
    (str(ItemType.YES_NO), _("Yes or no")),
    (str(ItemType.CHOICE), _("One of several")),
    (str(ItemType.NUMBER), _("A number")),
    (str(ItemType.ADDRESS_IN_AREA), _("Inside an area?")),
]
WITH_OPTIONS = frozenset({ItemType.CHOICE, ItemType.ADDRESS_IN_AREA})
RIGHT = [("", _("Staff decide")), ("yes", _("“Yes” fits")), ("no", _("“No” fits"))]
LIMITS = [("", _("Staff decide")), ("gte", _("At least")), ("lte", _("At most")), ("eq", _("Exactly"))]


class ItemForm(TranslatedForm):
    """What is asked, what fits, and what happens when it doesn't."""

    translated = ("label", "options", "words")

    label = forms.CharField(label=_("Question"), max_length=300)
    type = forms.ChoiceField(label=_("Answer"), choices=TYPES, widget=forms.Select({"data-switch": "type"}))
    right_answer = forms.ChoiceField(label=_("Which answer fits?"), choices=RIGHT, required=False)
    options = Lines(
        label=_("Options"),
        required=False,
        help_text=_(
            "One per line. For an area: the neighborhoods that are inside it, if you want to name them."
        ),
    )
    fitting = Lines(
        label=_("Which of them fit?"),
        required=False,
        help_text=_("One per line, written as above. Left empty: staff decide."),
    )
    limit = forms.ChoiceField(label=_("Which numbers fit?"), choices=LIMITS, required=False)
    limit_value = forms.DecimalField(label=_("Number"), required=False, min_value=-LARGEST, max_value=LARGEST)
    words = forms.CharField(
        label=_("The rule in plain words"),
        max_length=500,
        help_text=_("Shown to people whose answer does not fit."),
    )
    stops = forms.BooleanField(
        label=_("Who does not fit can’t apply"), required=False,
        help_text=_("Not ticked: they are warned, may apply, and staff look at it."),
    )  # fmt: skip

    def __init__(self, item: dict[str, Json] | None, languages: list[str], data: Any = None) -> None:
        item = item or {"translations": {}}
        super().__init__(
            data, languages=languages, translations=item.get("translations") or {}, initial=_shown(item)
        )
        self.item = item

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("type") == ItemType.CHOICE and len(set(found.get("options", ()))) < 2:  # noqa: PLR2004
            self.add_error("options", _("Write at least two different options."))
        if found.get("limit") and found.get("limit_value") is None:
            self.add_error("limit_value", _("Write the number."))
        strange = [option for option in found.get("fitting", ()) if option not in found.get("options", ())]
        if strange:
            self.add_error(
                "fitting",
                forms.ValidationError(
                    _("“%(option)s” is none of the options."), params={"option": strange[0]}
                ),
            )
        for code, _name in self.languages if found.get("type") in WITH_OPTIONS else ():
            options = found.get("options", ())
            said = found[f"options_{code}"] = fitted(found.get(f"options_{code}") or [], options)
            if said and len(said) != len(options):
                self.add_error(
                    f"options_{code}", _("Write one line for each option above, in the same order.")
                )
        return found

    def value(self, taken: list[str]) -> dict[str, Json]:
        """Return the item in the call format; ``taken`` are the keys of the others."""
        found = self.cleaned_data
        has_options = found["type"] in WITH_OPTIONS
        item = {
            "key": self.item.get("key") or free_key(found["label"], taken, "check"),
            "label": found["label"],
            "type": found["type"],
            "options": found["options"] if has_options else [],
            "must": {"words": found["words"], "test": self._test(found)},
            "stops": found["stops"],
        }
        translations = {
            code: kept
            for code, words in self.translations().items()
            if (kept := {part: said for part, said in words.items() if has_options or part != "options"})
        }
        return {**item, "translations": translations} if translations else item

    @staticmethod
    def _test(found: dict[str, Any]) -> Json:
        match found["type"]:
            case ItemType.YES_NO if found["right_answer"]:
                return {"op": "eq", "value": found["right_answer"] == "yes"}
            case ItemType.NUMBER if found["limit"]:
                number = found["limit_value"]
                return {
                    "op": found["limit"],
                    "value": int(number) if number == number.to_integral_value() else float(number),
                }
            case ItemType.CHOICE | ItemType.ADDRESS_IN_AREA if found["fitting"]:
                return {"op": "in", "value": found["fitting"]}
            case _:
                return None


def _yes_no(value: Json) -> str:
    return "yes" if value is True else "no" if value is False else ""


def _shown(item: dict[str, Json]) -> dict[str, Any]:
    """Return a stored item as the form shows it."""
    must = item.get("must") or {}
    test = must.get("test") or {}
    value = test.get("value")
    values = value if isinstance(value, list) else [value]
    return {
        "label": item.get("label"),
        "type": item.get("type", ItemType.YES_NO),
        "options": item.get("options", []),
        "words": must.get("words"),
        "stops": item.get("stops", True),
        "right_answer": _yes_no(value) if item.get("type") == ItemType.YES_NO else "",
        "limit": test.get("op", "") if item.get("type") == ItemType.NUMBER else "",
        "limit_value": value if item.get("type") == ItemType.NUMBER else None,
        "fitting": [str(one) for one in values if one is not None]
        if item.get("type") in WITH_OPTIONS
        else [],
    }
