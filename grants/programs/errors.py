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


class UnknownGrantError(RuleError):
    """There is no such program grant for this city."""


class UnknownTrancheError(RuleError):
    """There is no such tranche for this city."""


class ReferenceTakenError(ConflictError):
    """There is a program grant of this reference already."""


class ForeignCurrencyError(RuleError):
    """A city is granted money in its own currency."""


class MoreThanGrantedError(RuleError):
    """No more can be sent than was granted."""


class AlreadyAcceptedError(ConflictError):
    """The city accepted this program grant before."""


class NotAcceptedError(RuleError):
    """Money is confirmed once the program grant is accepted."""


class AlreadyConfirmedError(ConflictError):
    """The city confirmed this tranche before."""


class DayOutOfOrderError(RuleError):
    """Money arrives after it was sent, and neither lies in the future."""
