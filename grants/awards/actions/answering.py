"""Answer an offer, or take it back."""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.awards import notices
from grants.awards.errors import (
    AlreadyAnsweredError,
    AnswerDayError,
    NotTheApplicantError,
    OfferLapsedError,
    ReasonMissingError,
)
from grants.awards.models import Award
from grants.awards.money import release_lines
from grants.awards.payees import is_named
from grants.awards.signals import award_accepted, award_ended
from grants.awards.states import CAN_ACCEPT, CAN_DECLINE, CAN_EXTEND, CAN_RESCIND, HOLDS_MONEY, Status
from grants.cycles.actions.publishing import refuse_in_archived_call
from grants.ledger.models import Entry
from grants.ledger.posting import Deed, post
from grants.ledger.queries import told
from grants.ledger.states import EntryKind

from .deciding import require_answer_day, require_impartial


@action
def accept_award(award_id: UUID, *, payee_name: str, actor: User) -> Award:
    """Accept an offer as its applicant, who signs for it; ``payee_name`` is who gets the money.

    ``payee`` is the applicant's account if that is their own name or e-mail; a group or a sponsor has none.

    Locks the award, then its application. Raises ``NotTheApplicantError``, ``AlreadyAnsweredError`` (409),
    ``OfferLapsedError`` (409) after the last day to answer, in the city's time zone. Applicant, managers and finance are told; sends ``award_accepted``.
    """
    award = _lock(award_id)
    _require_applicant(award, actor)
    _require_status(award, CAN_ACCEPT)
    _require_in_time(award)

    award.status = Status.ACCEPTED
    award.signatory = actor
    award.payee_name = payee_name.strip()
    award.payee = actor if is_named(actor, payee_name) else None
    award.answered_at = award.last_activity_at = timezone.now()
    _save(award, "signatory", "payee_name", "payee")
    _follow(award, next_date_on=award.ends_on)

    trail.record(
        "award:accept",
        actor=actor,
        subject=award,
        awarded_cents=award.amount_cents,
        payee=award.payee_name,
        application=award.application_id,
    )
    notices.award_accepted(award)
    award_accepted.send(sender=Award, award=award)
    return award


@action
def decline_award(award_id: UUID, *, reason: str = "", actor: User) -> Award:
    """Say no to an offer as its applicant. The money is available again.

    Locks the award, its application, then the accounts. Raises ``NotTheApplicantError``,
    ``AlreadyAnsweredError`` (409). The city's managers are told; sends ``award_ended``.
    """
    award = _lock(award_id)
    _require_applicant(award, actor)
    _require_status(award, CAN_DECLINE)

    entry = _end(award, Status.DECLINED, reason, actor)
    _follow(award, next_date_on=None)

    _record("award:decline", award, actor, entry)
    notices.award_declined(award)
    award_ended.send(sender=Award, award=award)
    return award


@action
def rescind_award(award_id: UUID, *, reason: str, actor: User) -> Award:
    """Take an offer back before it is answered. The application waits for a decision again.

    Locks the call, the award, its application, then the accounts. Raises ``WrongStatusError`` in an archived call,
    ``AlreadyAnsweredError`` (409), ``ReasonMissingError``, ``OwnApplicationError``, ``ConflictOfInterestError``. The
    applicant is told why; sends ``award_ended``.
    """
    refuse_in_archived_call(awards=award_id)
    award = _lock(award_id)
    require_impartial(award.application, actor)
    _require_status(award, CAN_RESCIND)
    if not reason.strip():
        raise ReasonMissingError(_("Please give a reason. The applicant will read it."), field="reason")

    entry = _end(award, Status.RESCINDED, reason, actor)
    _follow(
        award,
        status=ApplicationStatus.ELIGIBLE,
        decided_at=None,
        next_date_on=award.application.cycle.decision_on,
    )

    _record("award:rescind", award, actor, entry)
    notices.award_rescinded(award)
    award_ended.send(sender=Award, award=award)
    return award


@action
def extend_offer(award_id: UUID, *, answer_by_on: date, actor: User) -> Award:
    """Give the applicant more time to answer: until the end of ``answer_by_on``, also when the old day is over.

    Locks the award, then its application. Raises ``AlreadyAnsweredError`` (409), ``AnswerDayError``,
    ``OwnApplicationError``, ``ConflictOfInterestError``. The applicant is told.
    """
    award = _lock(award_id)
    require_impartial(award.application, actor)
    _require_status(award, CAN_EXTEND)
    _require_later(award, answer_by_on)
    before, award.answer_by_on = award.answer_by_on, answer_by_on
    award.last_activity_at = timezone.now()
    _save(award, "answer_by_on")
    _follow(award, next_date_on=answer_by_on)

    trail.record(
        "award:extend",
        actor=actor,
        subject=award,
        application=award.application_id,
        before=before.isoformat() if before else None,
        after=answer_by_on.isoformat(),
    )
    notices.offer_extended(award)
    return award


def _lock(award_id: UUID) -> Award:
    """Lock an award, then its application, whose flat columns follow it."""
    award: Award = Award.objects.select_for_update(no_key=True).get(pk=award_id)
    award.application = (
        Application.objects.select_related("cycle", "applicant")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=award.application_id)
    )
    award.cycle = award.application.cycle
    return award


def _require_applicant(award: Award, actor: User) -> None:
    if award.applicant_id != actor.pk:
        raise NotTheApplicantError(_("Only the person who applied can answer this offer."))


def _require_status(award: Award, allowed: Collection[str]) -> None:
    if award.status not in allowed:
        raise AlreadyAnsweredError(
            _("This offer is already “%(status)s”."), status=award.get_status_display()
        )


def _require_in_time(award: Award) -> None:
    if award.is_lapsed:
        raise OfferLapsedError(
            _("The last day to answer this offer is over. Please call the city: it can give you more time.")
        )


def _require_later(award: Award, answer_by_on: date) -> None:
    require_answer_day(award.city, answer_by_on)
    if award.answer_by_on is not None and answer_by_on <= award.answer_by_on:
        raise AnswerDayError(
            _("The applicant has until then already. Please choose a later day."), field="answer_by_on"
        )


def _end(award: Award, status: Status, reason: str, actor: User) -> Entry:
    """End an offer and put its money back; returns the entry that did."""
    award.status = status
    award.answer_reason = reason.strip()
    award.released_cents = award.amount_cents
    award.answered_at = award.last_activity_at = timezone.now()
    _save(award, "answer_reason", "released_cents")
    deed = Deed(EntryKind.DEOBLIGATION, f"release:{award.pk}", award, actor, memo=award.reference)
    return post(deed, release_lines(award))


def _save(award: Award, *fields: str) -> None:
    award.full_clean(
        exclude=["application", "cycle", "applicant", "offered_by", "signatory", "payee", "city"]
    )
    award.save(update_fields=["status", "answered_at", "last_activity_at", *fields])


def _follow(award: Award, *, next_date_on: date | None, **columns: Any) -> None:
    """Keep the application's flat columns true: lists and the applicant's own page read those."""
    values = {
        "award_status": award.status,
        "awarded_cents": award.amount_cents if award.status in HOLDS_MONEY else None,
        "last_activity_at": timezone.now(),
        "next_date_on": next_date_on,
        **columns,
    }
    application = award.application
    for name, value in values.items():
        setattr(application, name, value)
    application.save(update_fields=list(values))


def _record(tag: str, award: Award, actor: User, entry: Entry) -> None:
    trail.record(
        tag,
        actor=actor,
        subject=award,
        application=award.application_id,
        awarded_cents=award.amount_cents,
        reason=award.answer_reason,
        **told(entry),
    )
