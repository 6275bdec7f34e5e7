"""Refusals of the desk. Each message is one sentence fit to show to the person who asked."""

from cities.tenancy.errors import ConflictError, RuleError


class SeenOtherwiseError(ConflictError):
    """The application has changed since it was looked at."""


class CantBeDecidedError(RuleError):
    """The application's status doesn't allow this decision."""


class OwnApplicationError(RuleError):
    """Nobody screens what they applied for themselves."""


class ReasonMissingError(RuleError):
    """An applicant who is turned away reads why."""
