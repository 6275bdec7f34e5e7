"""What is refused about documents."""

from cities.tenancy.errors import ConflictError, RuleError


class UnknownKindError(RuleError):
    """Nobody registered such a kind here, or the person may not have it made."""


class TooManyError(RuleError):
    """Somebody waits for so many documents already that one more would only make all of them later."""

    status = 429


class EndedError(ConflictError):
    """The document is made, failed or cancelled already."""


class UnderWayError(ConflictError):
    """The document is still being made, or is there."""


class StoppedError(Exception):
    """The document was cancelled, or another worker has it now. Never shown."""
