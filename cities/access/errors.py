"""Refusals about people and their roles."""

from cities.tenancy.errors import ConflictError, RuleError


class NoRoleError(RuleError):
    """No role was chosen, or one that doesn't exist here."""


class AlreadyMemberError(ConflictError):
    """The person has this role already, or was invited to it."""


class LastManagerError(RuleError):
    """A city keeps at least one manager."""


class InvitationGoneError(ConflictError):
    """The invitation was withdrawn, answered, or is too old."""


class WrongPersonError(RuleError):
    """The invitation was sent to another address."""

    status = 403


class NotMemberError(ConflictError):
    """The person holds no role here any more."""
