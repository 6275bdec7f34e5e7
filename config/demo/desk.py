"""What city staff did with the applications: screening, reasons, notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from cities.access.models import Role, User
from grants.applications.desk.states import TAGS, Decision
from grants.applications.models import Application, Note
from grants.applications.states import Status
from grants.payments.models import Deputy

from .moments import between
from .schedule import Plan
from .telling import INELIGIBLE, NOTES
from .written import Written

NOTED_SHARE = 0.35

OUTCOMES = {
    "open": ((Status.SUBMITTED, 50), (Status.ELIGIBLE, 34), (Status.INELIGIBLE, 10), (Status.WITHDRAWN, 6)),
    "closed": ((Status.SUBMITTED, 14), (Status.ELIGIBLE, 70), (Status.INELIGIBLE, 11), (Status.WITHDRAWN, 5)),
    "archived": ((Status.ELIGIBLE, 81), (Status.INELIGIBLE, 13), (Status.WITHDRAWN, 6)),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The people at a city's desk."""

    people: tuple[User, ...]
    """Who screens, the manager first."""
    members: tuple[tuple[User, Role], ...] = ()
    deputy: Deputy | None = None

    def handle(
        self,
        rng: Random,
        application: Application,
        rows: Written,
        plan: Plan,
        *,
        now: datetime,
        status: Status | None,
    ) -> None:
        """Decide what became of a submitted application, and write what was said about it."""
        sent = application.submitted_at
        assert sent  # noqa: S101  only what was sent comes here
        phase = "archived" if plan.is_archived else "closed" if plan.is_over else "open"
        outcomes, weights = zip(*OUTCOMES[phase], strict=True)
        chosen = status or rng.choices(outcomes, weights=weights)[0]
        later = between(rng, sent, min(now, sent + timedelta(days=12)))
        if chosen == Status.WITHDRAWN:
            _withdraw(application, rows, later)
        elif chosen != Status.SUBMITTED and (status or now - sent > timedelta(hours=20)):
            self._screen(rng, application, rows, Status(chosen), later)
        if rng.random() < NOTED_SHARE:
            self._note(rng, application, rows, between(rng, sent, min(now, sent + timedelta(days=9))))

    def _screen(
        self, rng: Random, application: Application, rows: Written, status: Status, at: datetime
    ) -> None:
        application.status = status
        application.screened_at = application.last_activity_at = at
        if status == Status.INELIGIBLE:
            application.screening_reason = rng.choice(INELIGIBLE)
            application.next_date_on = None
        rows.record(
            TAGS[Decision(status)],
            actor=rng.choice(self.people),
            subject=application,
            at=at,
            before=str(Status.SUBMITTED),
            after=str(status),
            reason=application.screening_reason,
        )

    def _note(self, rng: Random, application: Application, rows: Written, at: datetime) -> None:
        for text in rng.sample(NOTES, rng.choice((1, 1, 1, 2, 2, 3))):
            author = rng.choice(self.people)
            note = Note(
                city_id=application.city_id, application=application, author=author, text=text, created_at=at
            )
            rows.notes.append(note)
            rows.record("application:add-note", actor=author, subject=application, at=at, note=str(note.pk))
            application.note_count += 1
            at += timedelta(minutes=rng.randint(1, 30))


def _withdraw(application: Application, rows: Written, at: datetime) -> None:
    application.status = Status.WITHDRAWN
    application.last_activity_at = at
    application.next_date_on = None
    rows.record(
        "application:withdraw",
        actor=application.applicant,
        subject=application,
        at=at,
        before=str(Status.SUBMITTED),
        hash=application.answers_hash,
    )
