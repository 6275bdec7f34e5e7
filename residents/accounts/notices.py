"""What a person is told about their own account."""

from cities.access.models import User
from cities.outbox.letters import enqueue
from cities.tenancy.models import new_id


def email_changed(user: User, former: str) -> None:
    """Tell the former address: whoever reads that mailbox must learn of a change they didn't make."""
    enqueue(
        "email-changed",
        key=f"email-changed:{new_id()}",
        subject_id=user.pk,
        address=former,
        language=user.language,
        # Enough to recognise it, not enough to write to it: the former mailbox may be somebody else's now.
        to=masked(user.email),
    )


def masked(email: str) -> str:
    """``ana.diaz@example.org`` → ``a…@example.org``."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}…@{domain}"


def account_deleted(user: User, former: str) -> None:
    """Tell the former address: whoever didn't ask for it must learn of it."""
    enqueue(
        "account-deleted",
        key=f"account-deleted:{user.pk}",
        subject_id=user.pk,
        address=former,
        language=user.language,
    )
