"""Refusals of this room. Each message is one sentence fit to show to the person who asked."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from cities.tenancy.errors import ConflictError, RuleError

from .rubric import Problem


class NotInReviewError(RuleError):
    """The application isn't in review: not screened yet, decided, or taken back."""


class NoRubricError(RuleError):
    """The call says nothing that could be scored."""


class CantReviewError(RuleError):
    """Somebody can't review an application: its applicant, one with a conflict, one without a role."""


class AlreadyAssignedError(ConflictError):
    """The person reviews this application already."""


class WrongReviewStatusError(ConflictError):
    """The review has moved on since this page was opened."""


class NotOpenedError(RuleError):
    """The reviewer hasn't said yet whether they have a conflict of interest."""


class NothingPickedError(RuleError):
    """A bulk deed without applications or without people."""


class SheetConflictError(ConflictError):
    """The sheet was saved elsewhere since the writer saw it; ``version`` is the one that stands."""

    def __init__(self, version: int) -> None:
        super().__init__(_("This score sheet was changed in another window. Look at it again, then go on."))
        self.version = version
        self.extra = {"code": "conflict", "version": version}


class SheetIncompleteError(RuleError):
    """Something on the sheet is missing or out of range."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(_("The score sheet is not complete yet. Please look at what is left."))
        self.problems = tuple(problems)
        self.extra: dict[str, Any] = {
            "code": "incomplete",
            "problems": [{"place": problem.place, "sentence": problem.sentence} for problem in problems],
        }


class AlreadyLiftedError(ConflictError):
    """The conflict doesn't stand any more."""
