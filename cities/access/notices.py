"""What people are told about their roles."""

from collections.abc import Collection

from cities.outbox.letters import enqueue
from cities.tenancy.models import City, new_id

from .models import FactorReset, Invitation, Role, User


def invited(
    invitations: list[Invitation], city: City, token: str, *, actor: User, language: str, days: int
) -> None:
    """One letter with one link. The link lets its bearer in, so it is encrypted until it is sent."""
    first = invitations[0]
    enqueue(
        "invitation",
        key=f"invitation:{first.pk}",
        subject_id=first.pk,
        address=first.email,
        language=language,
        secret_body=f"/accounts/invitations/{token}/",
        city=city.name,
        inviter=str(actor),
        roles=[invitation.role for invitation in invitations],
        days=days,
    )


def roles_changed(member: User, city: City, roles: Collection[Role]) -> None:
    """Tell a member what they may do now; no roles: their access has ended."""
    enqueue(
        "roles-changed",
        key=f"roles-changed:{new_id()}",
        subject_id=member.pk,
        recipient=member,
        city=city.name,
        slug=city.slug or "",
        roles=[str(role) for role in roles],
    )


def factor_reset_asked(reset: FactorReset) -> None:
    """Tell the person at once: whoever didn't lose anything must be able to say so before it happens."""
    enqueue(
        "factor-reset-asked",
        key=f"factor-reset-asked:{reset.pk}",
        subject_id=reset.pk,
        recipient=reset.person,
    )


def factor_reset_for_center(reset: FactorReset, officers: Collection[User]) -> None:
    """Tell officers of a question that only they can answer. It names nobody: who opens it stands in the read log."""
    for officer in officers:
        enqueue(
            "factor-reset-for-center",
            key=f"factor-reset-for-center:{reset.pk}:{officer.pk}",
            subject_id=reset.pk,
            recipient=officer,
            place=reset.city.name,
        )


def factor_reset_done(reset: FactorReset) -> None:
    enqueue(
        "factor-reset-done", key=f"factor-reset-done:{reset.pk}", subject_id=reset.pk, recipient=reset.person
    )


def work_handed_over(successor: User, leaver: User, count: int) -> None:
    """Tell the successor whose work is theirs now."""
    enqueue(
        "work-handed-over",
        key=f"work-handed-over:{new_id()}",
        subject_id=leaver.pk,
        recipient=successor,
        leaver=str(leaver),
        count=count,
    )
