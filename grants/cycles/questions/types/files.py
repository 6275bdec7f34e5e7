"""Uploads: an answer names attachments, it never holds their bytes."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from grants.cycles.questions.definition import Json, Kind, Question
from grants.cycles.questions.problems import MAX_ROWS_STORED, Cleaned, Problem, RefusedInputError, wrong_shape

from .base import AnswerType, PostedData, Reading


class File(AnswerType):
    """The ids of attachments, in order of upload. Whether they exist and belong here, the action checks."""

    kind = Kind.FILE

    def clean(self, question: Question, raw: Json, reading: Reading) -> Cleaned:
        del question, reading
        if raw is None or raw == "":
            return Cleaned(None)
        if isinstance(raw, str):
            raw = [raw]
        if not isinstance(raw, list):
            raise wrong_shape()
        if len(raw) > MAX_ROWS_STORED:
            raise RefusedInputError(Problem(_("These are too many files to save."), "too_many"))
        try:
            ids = [str(UUID(item)) for item in raw if item != ""]
        except (ValueError, AttributeError, TypeError) as error:
            raise wrong_shape() from error
        return Cleaned(list(dict.fromkeys(ids)) or None)

    def parse(self, question: Question, data: PostedData, name: str) -> Json:
        del question
        return data.getlist(name)

    def limits(self, question: Question, value: Json, reading: Reading) -> tuple[Problem, ...]:
        del reading
        count = len(value or [])
        if question.max is None or count <= question.max:
            return ()
        over = count - int(question.max)
        sentence = ngettext("Remove %(over)s file.", "Remove %(over)s files.", over) % {"over": over}
        return (Problem(sentence, "too_many"),)

    def gaps(self, question: Question, value: Json) -> tuple[Problem, ...]:
        if self.is_empty(value):
            return super().gaps(question, value)
        more = int(question.min or 0) - len(value)
        if more <= 0:
            return ()
        sentence = ngettext("Add %(more)s more file.", "Add %(more)s more files.", more) % {"more": more}
        return (Problem(sentence, "too_few"),)

    def needed(self, question: Question) -> str:
        least = int(question.min or 1)
        return ngettext("Add a file.", "Add %(least)s files.", least) % {"least": least}

    def text(self, question: Question, value: Json, *, currency: str, language: str) -> str:
        del question, currency
        count = len(value or [])
        if not count:
            return ""
        with override(language):
            return ngettext("%(count)s file", "%(count)s files", count) % {"count": count}
