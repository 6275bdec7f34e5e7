"""Promise money to applications."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.interface.formats import money
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.awards import notices
from grants.awards.errors import AmountError, CantBeDecidedError
from grants.awards.models import Award
from grants.awards.money import commitment_lines, require_available
from grants.awards.states import CAN_AWARD, CAN_OFFER_AGAIN, Status
from grants.cycles.actions.publishing import refuse_in_archived_call
from grants.ledger.posting import Deed, post
from grants.ledger.queries import told
from grants.ledger.states import EntryKind

from .deciding import lock_applications, named, require_answer_day, require_impartial

ANSWER_DAYS = 14


@dataclass(frozen=True, slots=True)
class Chosen:
    """An application that is to get so much, in minor units of the city's currency.

    ``conditions`` of ``None`` are those of the call's terms, empty ones are none; ``answer_by_on`` left empty is in two weeks.
    """

    application_id: UUID
    amount_cents: int
    conditions: str | None = None
    answer_by_on: date | None = None


@action
def award_application(
    application_id: UUID,
    *,
    amount_cents: int,
    conditions: str | None = None,
    answer_by_on: date | None = None,
    actor: User,
) -> Award:
    """Offer one application money; see :func:`award_applications`."""
    return award_applications([Chosen(application_id, amount_cents, conditions, answer_by_on)], actor=actor)[
        0
    ]


@action
def award_applications(chosen: Sequence[Chosen], *, actor: User) -> list[Award]:
    """Offer these applications money, all of them or none, and commit it in the books.

    Locks the calls, the applications in the order of their ids, then the available money. Raises ``WrongStatusError``
    in an archived call, ``CantBeDecidedError`` (409), ``OwnApplicationError``, ``ConflictOfInterestError``, ``AnswerDayError``,
    ``AmountError``, and ``NotEnoughError``, which says what is missing and whose turn it is. Each applicant is told.
    """
    wanted = {one.application_id: one for one in chosen}
    refuse_in_archived_call(pk__in=Application.objects.filter(pk__in=wanted).values("cycle"))
    applications = lock_applications([one.application_id for one in chosen])
    for application in applications:
        try:
            _require_awardable(application, wanted[application.pk], actor)
        except RuleError as refusal:
            raise named(refusal, application, among=len(applications)) from None
    require_available([(each.cycle, wanted[each.pk].amount_cents) for each in applications])
    return [_award(application, wanted[application.pk], actor) for application in applications]


def _require_awardable(application: Application, chosen: Chosen, actor: User) -> None:
    require_impartial(application, actor)
    is_open = application.status in CAN_AWARD or (
        application.status == ApplicationStatus.AWARDED and application.award_status in CAN_OFFER_AGAIN
    )
    if not is_open:
        raise CantBeDecidedError(
            _("This application is “%(status)s” now, so this can’t be decided. Look at it again."),
            status=application.get_status_display(),
        )
    if not application.applicant.is_active:
        raise CantBeDecidedError(
            _("Whoever applied has deleted their account, so nobody could accept an award.")
        )
    if chosen.answer_by_on is not None:
        require_answer_day(application.city, chosen.answer_by_on)
    _require_amount(application, chosen.amount_cents)


def _require_amount(application: Application, amount_cents: int) -> None:
    currency = application.city.currency
    if amount_cents <= 0:
        raise AmountError(_("An award is more than nothing."), field="amount_cents")
    for most, sentence in (
        (application.requested_cents, _("That is more than the %(most)s that were asked for.")),
        (application.cycle.max_request_cents, _("This call gives %(most)s at most.")),
    ):
        if most is not None and amount_cents > most:
            raise AmountError(sentence % {"most": money(most, currency)}, field="amount_cents")


def _award(application: Application, chosen: Chosen, actor: User) -> Award:
    award = Award(application=application, **_facts(application, chosen, actor))
    award.full_clean(exclude=["application", "cycle", "applicant", "offered_by", "city"])
    award.save(force_insert=True)
    entry = post(
        Deed(EntryKind.COMMITMENT, f"commitment:{award.pk}", award, actor, memo=award.reference),
        commitment_lines(award),
    )
    before = application.status
    _mark_awarded(application, award)

    trail.record(
        "award:offer",
        actor=actor,
        subject=award,
        application=application.pk,
        before=before,
        after=application.status,
        awarded_cents=award.amount_cents,
        requested_cents=award.requested_cents,
        **told(entry),
    )
    notices.award_offered(award)
    return award


def _facts(application: Application, chosen: Chosen, actor: User) -> dict[str, Any]:
    cycle = application.cycle
    today = timezone.localdate(timezone=application.city.zone)
    return {
        "city_id": application.city_id,
        "cycle": cycle,
        "applicant": application.applicant,
        "payee_name": application.group_name or application.applicant_name or application.applicant.name,
        "reference": application.reference,
        "title": application.display_title[:200],
        "amount_cents": chosen.amount_cents,
        "requested_cents": application.requested_cents,
        "conditions": standard_conditions(cycle.award_terms)
        if chosen.conditions is None
        else chosen.conditions.strip(),
        "payment_mode": (cycle.award_terms.get("payment_modes") or [""])[0][:40],
        "starts_on": cycle.project_starts_on,
        "ends_on": cycle.project_ends_on,
        "answer_by_on": chosen.answer_by_on or today + timedelta(days=ANSWER_DAYS),
        "offered_by": actor,
    }


def standard_conditions(terms: dict[str, Any]) -> str:
    """Return the conditions of a call's terms, one a line."""
    return "\n".join(str(one) for one in terms.get("conditions") or [])[:2000]


def _mark_awarded(application: Application, award: Award) -> None:
    application.status = ApplicationStatus.AWARDED
    application.award_status = Status.OFFERED
    application.awarded_cents = award.amount_cents
    application.decision_reason = ""
    application.decided_at = application.last_activity_at = timezone.now()
    application.next_date_on = award.answer_by_on
    fields = ["status", "award_status", "awarded_cents", "decision_reason", "decided_at", "last_activity_at"]
    application.save(update_fields=[*fields, "next_date_on"])
