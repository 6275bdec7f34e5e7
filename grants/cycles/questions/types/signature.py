"""A typed name and a promise, by the applicant or a third person."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.cycles.questions.definition import Json, Kind, Question
from grants.cycles.questions.problems import Cleaned, Problem, is_typed, line_of, wrong_shape

from .base import AnswerType, PostedData, Reading, as_typed
from .choices import YesNo
from .dates import day_of, day_text

_AGREED = YesNo()


class Signature(AnswerType):
    """``{"name": ..., "agreed": true, "signed_on": "YYYY-MM-DD"}``.

    The day is set on signing from ``reading.today``; an earlier one (a paper signed before) may be given, a
    later one not.
    """

    kind = Kind.SIGNATURE
    parts = ("name", "agreed", "signed_on")

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        if isinstance(raw, str) or is_typed(raw):
            raw = {"name": raw}
        if raw is None:
            return Cleaned(None)
        if not isinstance(raw, dict) or not set(raw) <= set(self.parts):
            raise wrong_shape()
        name = line_of(raw.get("name"))
        agreed = _AGREED.clean(question, raw.get("agreed"), reading).value is True
        value: dict[str, Json] = {}
        if name:
            value["name"] = name
        if agreed:
            value["agreed"] = True
        if name and agreed:
            value |= _signed_on(line_of(raw.get("signed_on")), reading)
        return Cleaned(value or None)

    def parse(self, question: Question, data: PostedData, name: str) -> Json:
        del question
        return {part: data.get(f"{name}.{part}", "") for part in self.parts}

    def gaps(self, question: Question, value: Json) -> tuple[Problem, ...]:
        if self.is_empty(value):
            return super().gaps(question, value)
        if not value.get("name"):
            return (Problem(_("Type the full name of the person who signs."), "required", ("name",)),)
        if not value.get("agreed"):
            return (Problem(_("Check the box to sign."), "required", ("agreed",)),)
        return ()

    def needed(self, question: Question) -> str:
        del question
        return _("Type your full name and check the box to sign.")

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del question, currency
        if not isinstance(value, dict) or is_typed(value):
            return as_typed(value)
        name, day = str(value.get("name", "")), day_of(value.get("signed_on"))
        with override(language):
            if not value.get("agreed"):
                return _("%(name)s (not signed yet)") % {"name": name} if name else ""
            return _("Signed by %(name)s on %(day)s") % {"name": name, "day": day_text(day)} if day else name


def _signed_on(text: str, reading: Reading) -> dict[str, str]:
    given, today = day_of(text), reading.today
    day = min(given, today) if given and today else given or today
    return {"signed_on": day.isoformat()} if day else {}
