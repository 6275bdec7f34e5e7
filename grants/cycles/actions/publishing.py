"""Open a call to residents, take it back, put it away."""

from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from grants.cycles import states
from grants.cycles.applied import OFFERED, RUNNING
from grants.cycles.errors import FormInUseError, IncompleteCycleError, UndecidedError, WrongStatusError
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.readiness import gaps
from grants.cycles.states import Status


@action
def publish_cycle(cycle_id: UUID, *, actor: Actor) -> Cycle:
    """Let residents see the call; from its opening to its close they can apply.

    Locks the cycle. Raises ``WrongStatusError``, or ``IncompleteCycleError`` with all that is missing.
    """
    cycle = _locked(cycle_id)
    if cycle.status not in states.CAN_PUBLISH:
        raise WrongStatusError(
            _("This call is already %(status)s."), status=cycle.get_status_display().lower()
        )
    now = timezone.now()
    missing = gaps(cycle, applied_with(cycle), now)
    if missing:
        raise IncompleteCycleError([gap.sentence for gap in missing])
    return _move(cycle, Status.PUBLISHED, "cycle:publish", actor=actor, published_at=now)


@action
def withdraw_publication(cycle_id: UUID, *, actor: Actor) -> Cycle:
    """Make a published call a draft again, as long as nobody has begun to apply.

    Locks the cycle. Raises ``WrongStatusError``, or ``FormInUseError`` while applications exist.
    """
    cycle = _locked(cycle_id)
    if cycle.status not in states.CAN_WITHDRAW:
        raise WrongStatusError(_("Only a published call can be taken back."))
    refuse_while_applications_exist(
        cycle,
        _(
            "This call can’t be taken back, because people have begun to apply (%(count)s so far). You can archive it after its close, once every application is decided."
        ),
    )
    return _move(cycle, Status.DRAFT, "cycle:withdraw", actor=actor, published_at=None)


@action
def archive_cycle(cycle_id: UUID, *, actor: Actor) -> Cycle:
    """Put a call away: residents no longer see it, its applications stay. Nothing can be changed afterwards.

    Locks the cycle. Raises ``WrongStatusError`` when it is archived already or open right now, ``UndecidedError``
    while applications wait for the decision or offers for an answer: an archived call stands on no list of what is to
    do, and an offer can't be taken back in it.
    """
    cycle = _locked(cycle_id)
    if cycle.status not in states.CAN_ARCHIVE:
        raise WrongStatusError(
            _("This call is already %(status)s."), status=cycle.get_status_display().lower()
        )
    if cycle.is_open():
        raise WrongStatusError(_("This call is open. Wait for its close, or set an earlier one first."))
    if waiting := still_waiting(cycle):
        raise UndecidedError(waiting)
    return _move(cycle, Status.ARCHIVED, "cycle:archive", actor=actor)


def refuse_in_archived_call(**which: Any) -> None:
    """Raise ``WrongStatusError`` if an application would wait for a decision or an answer again in a call that is put away.

    ``which`` finds calls by what belongs to them. Locks them, so ask before their applications are locked: whoever
    archives one meanwhile waits, and counts these applications.
    """
    cycles = Cycle.objects.select_for_update(no_key=True, of=("self",)).filter(**which).order_by("pk")
    if any(cycle.status == Status.ARCHIVED for cycle in cycles):
        raise WrongStatusError(
            _("The call is archived, so none of its applications can wait for a decision or an answer again.")
        )


def still_waiting(cycle: Cycle) -> str:
    """Return in a sentence how many applications wait for the decision, or else offers for an answer; empty if none."""
    waiting = Count("pk", filter=Q(status__in=RUNNING))
    offers = Count("pk", filter=Q(award_status=OFFERED))
    found = cycle.applications.aggregate(waiting=waiting, offers=offers)
    if found["waiting"]:
        sentence = ngettext(
            "%(count)s application of this call still waits for a decision. Decide on it first, then archive the call.",
            "%(count)s applications of this call still wait for a decision. Decide on them first, then archive the call.",
            found["waiting"],
        )
        return sentence % {"count": found["waiting"]}
    if found["offers"]:
        sentence = ngettext(
            "%(count)s offer of this call isn’t answered yet. Wait for the answer or take it back first, then archive the call.",
            "%(count)s offers of this call aren’t answered yet. Wait for the answers or take them back first, then archive the call.",
            found["offers"],
        )
        return sentence % {"count": found["offers"]}
    return ""


def refuse_while_applications_exist(cycle: Cycle, sentence: Any) -> None:
    """Raise ``FormInUseError`` if anybody has begun to apply. The cycle must be locked by the caller."""
    count = cycle.applications.count()
    if count:
        raise FormInUseError(sentence, count=count)


def applied_with(cycle: Cycle) -> FormVersion | None:
    """Return the form that people apply with."""
    return cycle.forms.filter(is_applied_with=True).first()


def _locked(cycle_id: UUID) -> Cycle:
    cycle: Cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle_id)
    return cycle


def _move(cycle: Cycle, status: Status, tag: str, *, actor: Actor, **values: object) -> Cycle:
    before = cycle.status
    cycle.status = status
    for field, value in values.items():
        setattr(cycle, field, value)
    cycle.full_clean()
    cycle.save(update_fields=["status", *values])
    audit.record(tag, actor=actor, subject=cycle, before=before, after=str(status))
    return cycle
