"""Deputies: named by a city that has too few people, approved or refused by the Center, ended by either."""

from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.memberships import roles_in
from cities.access.models import DESK_ROLES, Membership, Role, User
from cities.audit import trail
from cities.tenancy.actions import action
from grants.payments import notices
from grants.payments.errors import DeputyError, ReasonMissingError, WrongStatusError
from grants.payments.models import Deputy
from grants.payments.seats import forget_deputies

_UNCHECKED = ("city", "person", "nominated_by", "approved_by", "ended_by")


@action
def nominate_deputy(*, person_id: UUID, seat: str, reason: str, actor: User) -> Deputy:
    """Name somebody of the city's desk for a seat at payments. It counts once the Center has approved it.

    Raises ``DeputyError`` (no role at the desk), ``ReasonMissingError``.
    """
    if not Membership.objects.filter(user_id=person_id, role__in=DESK_ROLES, ended_at__isnull=True).exists():
        raise DeputyError(
            _(
                "A deputy needs a role at the city’s desk, such as viewer. Invite them on the team page first."
            ),
            field="person",
        )
    if not reason.strip():
        raise ReasonMissingError(
            _("Please say why a deputy is needed. The Center will read it."), field="reason"
        )
    deputy = Deputy(person_id=person_id, seat=seat, reason=reason.strip(), nominated_by=actor)
    deputy.full_clean(exclude=_UNCHECKED, validate_constraints=False)
    deputy.save(force_insert=True)

    trail.record(
        "deputy:nominate", actor=actor, subject=deputy, person=person_id, seat=seat, reason=deputy.reason
    )
    return deputy


@action
def approve_deputy(deputy_id: UUID, *, actor: User) -> Deputy:
    """Approve a deputy, as an officer of the Center, in the city's own scope. Locks the deputy, who is told.

    Raises ``WrongStatusError`` if it was answered already, ``DeputyError`` if the officer named them or is them.
    """
    deputy = _lock(deputy_id)
    if deputy.approved_at is not None:
        raise WrongStatusError(_("Somebody was faster: this deputy is approved already."))
    if actor.pk in {deputy.nominated_by_id, deputy.person_id}:
        raise DeputyError(_("Nobody approves a deputy that they named, or themselves."))
    deputy.approved_by, deputy.approved_at = actor, timezone.now()
    deputy.save(update_fields=["approved_by", "approved_at"])
    forget_deputies(deputy.person)

    trail.record("deputy:approve", actor=actor, subject=deputy, person=deputy.person_id, seat=deputy.seat)
    notices.deputy_answered(deputy, "approved", actor=actor)
    return deputy


@action
def end_deputy(deputy_id: UUID, *, reason: str = "", actor: User) -> Deputy:
    """End a deputy; refuse one who isn't approved yet, or as the city take the name back. What they did stays.

    Locks the deputy, who is told.

    Raises ``WrongStatusError`` if it has ended already.
    """
    deputy = _lock(deputy_id)
    tag = "deputy:end" if deputy.approved_at else "deputy:refuse"
    is_of_city = Role.MANAGER in roles_in(actor, deputy.city_id)
    deputy.ended_by, deputy.ended_at = actor, timezone.now()
    deputy.save(update_fields=["ended_by", "ended_at"])
    forget_deputies(deputy.person)

    trail.record(
        tag, actor=actor, subject=deputy, person=deputy.person_id, seat=deputy.seat, reason=reason.strip()
    )
    said = "ended" if deputy.approved_at else "withdrawn" if is_of_city else "refused"
    notices.deputy_answered(deputy, said, actor=actor, reason=reason.strip())
    return deputy


def _lock(deputy_id: UUID) -> Deputy:
    deputy: Deputy = (
        Deputy.objects.select_related("person", "nominated_by")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=deputy_id)
    )
    if deputy.ended_at is not None:
        raise WrongStatusError(_("Somebody was faster: this has ended already."))
    return deputy
