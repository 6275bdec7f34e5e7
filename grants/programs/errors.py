"""Refusals at the Center. Each message is one sentence fit to show next to the field."""

from cities.tenancy.errors import ConflictError, RuleError


class SlugReservedError(RuleError):
    """The web name is an address of the site itself."""


class SlugTakenError(ConflictError):
    """Another city has this web name."""


class PlaceIncompleteError(RuleError):
    """A place on the map needs both numbers, each within its limits, or neither."""


class CohortNameTakenError(ConflictError):
    """There is a cohort of this name already."""


class AlreadyInCohortError(ConflictError):
    """The city has its place in this cohort."""


class NotInCohortError(ConflictError):
    """The city has no place in this cohort."""


class UnknownCohortError(RuleError):
    """There is no such cohort."""


class UnknownCityError(RuleError):
    """There is no such city."""


class LastOfficerError(RuleError):
    """The Center keeps at least one officer."""


class NotAnOfficerError(RuleError):
    """The actor lost the role a moment ago."""

    status = 403
