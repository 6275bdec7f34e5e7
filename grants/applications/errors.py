"""Refusals of this room. Each message is one sentence that a resident understands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from cities.interface.formats import moment
from cities.tenancy.errors import ConflictError, RuleError
from grants.cycles.models import Cycle
from grants.cycles.questions import Json, Missing, Problem


class NotOpenError(RuleError):
    """The call takes no applications now: not yet, or no longer."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.extra = {"code": "not_open"}

    @classmethod
    def of(cls, cycle: Cycle, now: datetime) -> "NotOpenError":
        """Say when ``cycle`` opens, or that it has closed, on the clocks of its city."""
        zone = cycle.city.timezone
        if cycle.opens_at and now < cycle.opens_at:
            return cls(
                _("This call opens on %(moment)s. Please come back then.")
                % {"moment": moment(cycle.opens_at, zone, style="long")}
            )
        if cycle.closes_at and now > cycle.closes_at:
            return DeadlinePassedError.at(cycle.closes_at, zone)
        return cls(_("This call does not take applications right now. Please call the city."))


class DeadlinePassedError(NotOpenError):
    """What reached the server after the close. The draft stays as it was."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.extra = {"code": "closed"}

    @classmethod
    def at(cls, closes_at: datetime, zone: str) -> "DeadlinePassedError":
        when = moment(closes_at, zone, style="long")
        return cls(
            _(
                "This call closed on %(moment)s. Nothing more can be saved or sent. Your draft is kept for you to read."
            )
            % {"moment": when}
        )


class NotEligibleError(RuleError):
    """An answer of the self-check ends the application. ``words`` are the rules that are not met."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__(
            _(
                "You can’t apply to this call, because of this rule: %(rules)s If you think that is wrong, please call us."
            ),
            rules=" ".join(words),
        )
        self.extra = {"code": "not_eligible", "rules": list(words)}


class WrongStatusError(ConflictError):
    """The application has moved on since this page was opened."""


class UnknownQuestionError(RuleError):
    """The form asks no such question."""

    status = 404

    def __init__(self, key: str) -> None:
        super().__init__(_("This form has no such question."), field=key)


class UnknownFileError(RuleError):
    """An answer names a file that isn't this question's (any more), or never was."""

    status = 404

    def __init__(self, key: str) -> None:
        super().__init__(
            _("A file in this answer is not here any more. Reload the page and add it again."), field=key
        )


class AnswerRefusedError(RuleError):
    """The answer can't be stored at all. ``value`` is what was typed, to be shown again."""

    def __init__(self, question: str, value: Json, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].sentence, field=question)
        self.value = value
        self.problems = tuple(problems)
        self.extra = {"code": "refused", "problems": problems_json(problems)}


class AnswerConflictError(ConflictError):
    """Somebody else saved this answer since the writer saw it. Both values are told; nothing is lost."""

    def __init__(self, question: str, *, yours: Json, theirs: "Standing") -> None:
        super().__init__(
            _("This answer was changed while you were writing. Choose which one to keep."), field=question
        )
        self.question = question
        self.yours = yours
        self.theirs = theirs
        self.extra = {
            "code": "conflict",
            "yours": yours,
            "theirs": theirs.value,
            "theirs_text": theirs.text,
            "yours_text": theirs.yours_text,
            "version": theirs.version,
            "written_by": theirs.written_by,
            "written_at": theirs.written_at.isoformat() if theirs.written_at else None,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """The answer that stands: what the second writer is told. The texts are both answers in words."""

    value: Json
    version: int
    written_by: str
    written_at: datetime | None
    text: str
    yours_text: str


class IncompleteError(RuleError):
    """Something is missing or wrong. ``missing`` holds the questions, ``findings`` the money rules."""

    def __init__(self, missing: Sequence[Missing], findings: Sequence[str]) -> None:
        super().__init__(_("Your application is not complete yet. Please look at what is left."))
        self.missing = tuple(missing)
        self.findings = tuple(findings)
        self.extra: dict[str, Any] = {
            "code": "incomplete",
            "missing": [
                {
                    "section": gap.section.key,
                    "question": gap.question.key,
                    "problems": problems_json(gap.problems),
                }
                for gap in missing
            ],
            "findings": list(findings),
        }


class FileRefusedError(RuleError):
    """A file that we don't take, with what to do instead."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.extra = {"code": "file_refused"}


class TooManyFilesError(FileRefusedError):
    """The question or the application holds as many files as it may."""


def problems_json(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [
        {"sentence": problem.sentence, "code": problem.code, "place": list(problem.place)}
        for problem in problems
    ]
