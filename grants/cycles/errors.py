"""Refusals of this room. Each sentence is shown to the manager who asked."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from cities.tenancy.errors import ConflictError, RuleError, database_sentences

RUBRIC_IN_USE = _(
    "Scores were sent by this rubric, so its points, questions and minimum stay as they are. You can change the words. "
    "To change more, open each sent review again first."
)


class WrongStatusError(RuleError):
    """The call is in a status from which this deed can't start."""


class IncompleteCycleError(RuleError):
    """The call can't be published yet. ``gaps`` holds one sentence per thing that is missing."""

    def __init__(self, gaps: Sequence[str]) -> None:
        super().__init__(_("This call can’t be published yet: %(gaps)s"), gaps=" ".join(gaps))
        self.gaps = tuple(gaps)
        self.extra = {"missing": list(gaps)}


class FormInUseError(RuleError):
    """People are answering the form already."""


class UndecidedError(RuleError):
    """Applications of the call still wait for the decision."""


class RubricInUseError(ConflictError):
    """Reviewers sent scores by the rubric already."""

    def __init__(self) -> None:
        super().__init__(RUBRIC_IN_USE, field="rubric")


class FormChangedError(ConflictError):
    """Somebody else saved the form since this page was opened."""


class PartChangedError(ConflictError):
    """Somebody else saved this part of the call since this page was opened."""


class InvalidPartError(RuleError):
    """A part of the call breaks a rule. ``place`` says where, as a path: ``categories.2.max_percent``."""

    def __init__(self, message: Any, *, part: str, place: str = "", **values: Any) -> None:
        super().__init__(message, field=part, **values)
        self.place = place
        self.extra = {"place": place} if place else {}


database_sentences["rubric_in_use"] = RUBRIC_IN_USE
