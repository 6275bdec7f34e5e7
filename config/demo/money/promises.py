"""Which applications got an award, and what became of the offer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from config.demo.written import Written
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.awards.models import Award
from grants.awards.states import Status
from grants.ledger.posting import Line
from grants.ledger.states import AccountKind, EntryKind

from .books import Books
from .people import Cast

DECLINED = (
    "More good projects came in than there is money for. The panel liked the neighbors behind this one, and asked for a clearer plan of who keeps it up.",
    "The budget leaves out the permit that this work needs. With it, the project is worth sending in again in the next round.",
    "The place is outside of the blocks that this round is for. The city’s parks team will be in touch about other help.",
)
CONDITIONS = (
    "",
    "",
    "Show the owner’s written permission before work begins.",
    "Ask the forestry office to mark the trees first.",
)


@dataclass(slots=True)
class Promises:
    """What was decided in one call, and the rows of it."""

    books: Books
    cast: Cast
    rows: Written
    rng: Random
    awards: list[Award] = field(default_factory=list)

    def offer(self, application: Application, at: datetime, cents: int | None = None) -> Award:
        """Offer one application money and commit it."""
        cycle, cast = application.cycle, self.cast
        award = Award(
            city_id=application.city_id,
            application=application,
            cycle=cycle,
            applicant=application.applicant,
            payee_name=application.group_name or application.applicant_name,
            reference=application.reference or "",
            title=application.title,
            amount_cents=cents or application.recommended_cents or application.requested_cents or 0,
            requested_cents=application.requested_cents,
            conditions=self.rng.choice(CONDITIONS),
            payment_mode=next(iter(cycle.award_terms.get("payment_modes") or ["reimbursement"])),
            starts_on=min(cycle.project_starts_on or at.date(), at.date()),
            ends_on=cycle.project_ends_on,
            answer_by_on=(at + timedelta(days=14)).date(),
            offered_by=cast.manager,
            offered_at=at,
            last_activity_at=at,
        )
        entry = self.books.post(
            EntryKind.COMMITMENT,
            f"commitment:{award.pk}",
            award,
            _committed(award, 1),
            actor=cast.manager,
            at=at,
            memo=award.reference,
        )
        before, application.status = application.status, ApplicationStatus.AWARDED
        application.decided_at = application.last_activity_at = at
        self._follow(award, application)
        self.rows.record(
            "award:offer", actor=cast.manager, subject=award, at=at, application=str(application.pk), before=str(before),
            after=str(application.status), awarded_cents=award.amount_cents, requested_cents=award.requested_cents, **self.books.told(entry),
        )  # fmt: skip
        self.awards.append(award)
        return award

    def accept(self, award: Award, at: datetime) -> None:
        award.status, award.signatory, award.answered_at, award.last_activity_at = (
            Status.ACCEPTED,
            award.applicant,
            at,
            at,
        )
        award.payee = None if award.application.group_name else award.applicant
        self._follow(award, award.application)
        self.rows.record(
            "award:accept", actor=award.applicant, subject=award, at=at, awarded_cents=award.amount_cents, payee=award.payee_name,
            application=str(award.application_id),
        )  # fmt: skip

    def decline(self, award: Award, at: datetime) -> None:
        """The applicant says no; the money is available again."""
        award.status, award.answered_at, award.last_activity_at = Status.DECLINED, at, at
        award.released_cents = award.amount_cents
        award.answer_reason = "We found help elsewhere and leave the money to others."
        entry = self.books.post(
            EntryKind.DEOBLIGATION,
            f"release:{award.pk}",
            award,
            _committed(award, -1),
            actor=award.applicant,
            at=at,
            memo=award.reference,
        )
        self._follow(award, award.application)
        award.application.awarded_cents = None
        self.rows.record(
            "award:decline", actor=award.applicant, subject=award, at=at, application=str(award.application_id),
            awarded_cents=award.amount_cents, reason=award.answer_reason, **self.books.told(entry),
        )  # fmt: skip

    def rescind(self, award: Award, at: datetime) -> None:
        """The city takes its offer back; the application waits for a decision again."""
        application = award.application
        award.status, award.answered_at, award.last_activity_at = Status.RESCINDED, at, at
        award.released_cents = award.amount_cents
        award.answer_reason = "The lot was sold last week. Please tell us where else the project could be."
        entry = self.books.post(
            EntryKind.DEOBLIGATION, f"release:{award.pk}", award, _committed(award, -1), actor=self.cast.manager, at=at, memo=award.reference
        )  # fmt: skip
        self._follow(award, application)
        application.status, application.decided_at, application.awarded_cents = (
            ApplicationStatus.ELIGIBLE,
            None,
            None,
        )
        application.next_date_on = None
        self.rows.record(
            "award:rescind", actor=self.cast.manager, subject=award, at=at, application=str(award.application_id),
            awarded_cents=award.amount_cents, reason=award.answer_reason, **self.books.told(entry),
        )  # fmt: skip

    def refuse(self, application: Application, at: datetime) -> None:
        """The city gives nothing, and says why."""
        before, application.status = application.status, ApplicationStatus.UNFUNDED
        application.decision_reason = self.rng.choice(DECLINED)
        application.decided_at = application.last_activity_at = at
        application.next_date_on = None
        self.rows.record(
            "application:decline", actor=self.cast.manager, subject=application, at=at, before=str(before), after=str(application.status),
            reason=application.decision_reason,
        )  # fmt: skip

    @staticmethod
    def _follow(award: Award, application: Application) -> None:
        application.award_status = award.status
        application.awarded_cents = award.amount_cents
        application.next_date_on = award.ends_on if award.status == Status.ACCEPTED else award.answer_by_on


def _committed(award: Award, sign: int, cents: int | None = None) -> list[Line]:
    amount = sign * (award.amount_cents if cents is None else cents)
    pool = award.cycle_id
    return [
        Line(AccountKind.AVAILABLE, pool, -amount, pool_id=pool),
        Line(AccountKind.COMMITTED, award.pk, amount, pool_id=pool),
        Line(AccountKind.OBLIGATED, award.pk, -amount, pool_id=pool),
        Line(AccountKind.TO_PROVE, award.pk, amount, pool_id=pool),
    ]


release_lines = _committed
