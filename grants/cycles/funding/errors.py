"""Refusals of allocating. Each message says what is there instead."""

from cities.tenancy.errors import RuleError


class UnknownCycleError(RuleError):
    """There is no such call in this city."""


class CycleArchivedError(RuleError):
    """A call that was put away gets no money."""


class NotReceivedError(RuleError):
    """More is to be allocated than was received and is not allocated yet."""


class NotAvailableError(RuleError):
    """More is to be taken back than the call has available."""
