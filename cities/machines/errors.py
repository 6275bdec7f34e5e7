"""Refusals about tokens: when one is made, and when one is used."""

from cities.tenancy.errors import ConflictError, RuleError


class NoPlaceError(RuleError):
    """The person holds no role in that place (any more)."""


class NoSecondFactorError(RuleError):
    """Whoever has a desk makes tokens only in a session with a second factor."""

    status = 403


class TooManyTokensError(ConflictError):
    """There is an end to what one can keep an eye on."""


class TooLongError(RuleError):
    """A token lasts a year at most."""


class TokenRefusedError(RuleError):
    """A token was used where it opens nothing. ``code`` says why, for machines."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code
