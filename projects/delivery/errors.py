"""Refusals of this room."""

from cities.tenancy.errors import ConflictError, RuleError


class WrongStatusError(ConflictError):
    """Somebody was faster, or the deed doesn't fit the status."""


class ReasonMissingError(RuleError):
    """An update is hidden, and a project taken off, with a reason that its author reads."""


class TooManyPhotosError(RuleError):
    """An update holds so many photos at most."""


class NotAPhotoError(RuleError):
    """Only photos are shown on a project's page."""


class DayError(RuleError):
    """The day is still to come, or lies long before the project."""


class NotYoursError(RuleError):
    """The lead tells about the project, and the author takes back what they told; nobody else does it for them."""


class OwnProjectError(RuleError):
    """Nobody decides about their own project."""
