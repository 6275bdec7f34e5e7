"""Refusals about people and their roles."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cities.tenancy.errors import ConflictError, RuleError, database_sentences

database_sentences["factor_reset_judge"] = _(
    "This person also works elsewhere. Only the Center can approve this."
)


class NoRoleError(RuleError):
    """No role was chosen, or one that doesn't exist here."""


class AlreadyMemberError(ConflictError):
    """The person has this role already, or was invited to it."""


class RolesChangedError(ConflictError):
    """Somebody else changed the person's roles since this page was opened."""

    def __init__(self, roles: Any) -> None:
        super().__init__(
            _(
                "Somebody else changed this person’s roles since you opened the page: they are %(roles)s now. "
                "Yours are not saved; if you save again, they replace those."
            ),
            field="roles",
            roles=", ".join(str(role.label) for role in roles),
        )


class LastManagerError(RuleError):
    """A city keeps at least one manager."""


class InvitationGoneError(ConflictError):
    """The invitation was withdrawn, answered, or is too old."""


class WrongPersonError(RuleError):
    """The invitation was sent to another address."""

    status = 403


class NotMemberError(ConflictError):
    """The person holds no role here any more."""


class OfficerExistsError(ConflictError):
    """The Center has an officer, so nobody needs to be appointed from outside."""


class ResetError(RuleError):
    """Whoever asked, is meant, or sees one city of several, approves no reset."""

    status = 403


class ResetAnsweredError(ConflictError):
    """Somebody was faster."""


class WorkOpenError(RuleError):
    """Something waits on this person that somebody else must take over first."""

    def __init__(self, message: Any, *, parts: Any, field: str | None = None, **values: Any) -> None:
        super().__init__(message, field=field, **values)
        work = [{"label": str(part.label), "count": part.total} for part in parts]
        self.extra = {"code": "work_open", "open_work": work}
