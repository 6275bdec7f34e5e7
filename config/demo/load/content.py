"""One load application after another, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from cities.access.models import User
from cities.tenancy.models import City, new_id
from config.demo.moments import begun_before, between
from config.demo.money.slips import Slip
from config.demo.neighborhoods import Neighborhood
from config.demo.people import FIRST, LAST
from config.demo.telling import INELIGIBLE, NOTES
from config.demo.written import Written
from grants.applications.desk.states import TAGS, Decision
from grants.applications.models import Application, Attachment, Note
from grants.applications.queries import answers_digest
from grants.applications.states import Status
from grants.applications.uploads import StoredFile
from grants.cycles.models import Cycle, FormVersion

from .bodies import Body
from .founding import NO_PASSWORD, Funder
from .money import Decisions, Quota, Treasury

STATUSES = (Status.DRAFT, Status.SUBMITTED, Status.ELIGIBLE, Status.INELIGIBLE, Status.WITHDRAWN)
WEIGHTS = (11, 39, 42, 5, 3)
LAST_BYTE = 0xFF


@dataclass(slots=True)
class Batch:
    """Some applications of one city. Their answers are kept as JSON and taken apart by the database."""

    rows: Written
    decisions: Decisions
    users: list[User] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stock:
    """What all load cities draw on: stored pictures, ready-made applications, the Center's money, and the time of the run."""

    photo: StoredFile
    slip: Slip
    bodies: Sequence[Body]
    now: datetime
    quota: Quota
    funder: Funder


@dataclass(slots=True)
class LoadCall:
    """The call of one load city."""

    city: City
    cycle: Cycle
    form: FormVersion
    areas: Sequence[Neighborhood]
    desk: User
    stock: Stock
    treasury: Treasury
    rng: Random
    number: int
    """The last reference number given."""

    def batch(self, first: int, count: int) -> Batch:
        """Return applications ``first`` to ``first + count`` of the city."""
        rows = Written()
        batch = Batch(rows, Decisions(self.treasury, rows, self.rng))
        for place in range(first, first + count):
            self.stock.quota.owed += self.stock.quota.per_application
            self._write(batch, place)
        return batch

    def _write(self, batch: Batch, place: int) -> None:
        rng, body = self.rng, self.rng.choice(self.stock.bodies)
        status = rng.choices(STATUSES, weights=WEIGHTS)[0]
        sent = self.stock.now - (self.stock.now - self.opens_at) * rng.random() ** 2
        begun = begun_before(rng, sent, self.opens_at)
        user = self._user(place, begun)
        application = self._application(user, body, begun)
        said = self._said(body, application, user)
        files = self._photos(application, said, begun) if rng.random() < 0.6 else []  # noqa: PLR2004
        application.answered_count += bool(files)
        application.file_count = len(files)
        application.last_activity_at = sent
        if status == Status.DRAFT:
            del said["promise"]
            application.answered_count -= 1
        else:
            hashes = {str(file.pk): file.sha256 for file in files}
            application.answers_hash = answers_digest(self.form.pk, said, hashes)
            self._send(batch, application, Status(status), sent)
        batch.users.append(user)
        batch.rows.applications.append(application)
        batch.rows.files += files
        batch.answers.append(self._answer_row(application, user, said))

    @property
    def opens_at(self) -> datetime:
        assert self.cycle.opens_at  # noqa: S101  a load call is dated
        return self.cycle.opens_at

    def _user(self, place: int, begun: datetime) -> User:
        name = f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"
        address = f"resident{place}@{self.city.slug}.example"
        return User(email=address, name=name, password=NO_PASSWORD, date_joined=begun)

    def _application(self, user: User, body: Body, begun: datetime) -> Application:
        columns = {**body.flat, "applicant_name": user.name}
        return Application(
            id=_spaced_id(),
            city=self.city,
            cycle=self.cycle,
            form_version=self.form,
            applicant=user,
            cycle_name=self.cycle.name,
            city_name=self.city.name,
            city_slug=self.city.slug or "",
            closes_at=self.cycle.closes_at,
            created_at=begun,
            last_activity_at=begun,
            **columns,
        )

    def _said(self, body: Body, application: Application, user: User) -> dict[str, Any]:
        longitude, latitude = self.areas[body.area].somewhere(self.rng)
        application.latitude, application.longitude = latitude, longitude
        site = {**body.answers["site"], "lat": latitude, "lng": longitude}
        signature = {**body.answers["promise"], "name": user.name}
        return {
            **body.answers,
            "contact_name": user.name,
            "email": user.email,
            "site": site,
            "promise": signature,
        }

    def _photos(self, application: Application, said: dict[str, Any], at: datetime) -> list[Attachment]:
        """Return one to three file rows. All name the same stored picture."""
        files = [
            Attachment(
                id=UUID(int=application.pk.int | number),
                city=self.city,
                application=application,
                question="photos",
                file=self.stock.photo.key,
                name=f"IMG_{number:04d}.jpg",
                content_type=self.stock.photo.content_type,
                size_bytes=self.stock.photo.size_bytes,
                sha256=self.stock.photo.sha256,
                width=self.stock.photo.width,
                height=self.stock.photo.height,
                uploaded_by=application.applicant,
                created_at=at,
            )
            for number in range(1, self.rng.randint(1, 3) + 1)
        ]
        said["photos"] = [str(file.pk) for file in files]
        return files

    def _send(self, batch: Batch, application: Application, status: Status, sent: datetime) -> None:
        self.number += 1
        application.reference = f"{self.city.reference_prefix}-{self.cycle.year}-{self.number:04d}"
        application.status = status
        application.submitted_at = sent
        application.next_date_on = self.cycle.decision_on
        batch.rows.record(
            "application:submit",
            actor=application.applicant,
            subject=application,
            at=sent,
            reference=application.reference,
            hash=application.answers_hash,
            requested_cents=application.requested_cents,
            submitted_at=sent.isoformat(),
        )
        self._decide(batch, application, status, sent)

    def _decide(self, batch: Batch, application: Application, status: Status, sent: datetime) -> None:
        at = between(self.rng, sent, min(self.stock.now, sent + timedelta(days=9)))
        before = str(Status.SUBMITTED)
        if status in {Status.INELIGIBLE, Status.WITHDRAWN}:
            application.next_date_on = None
        if status == Status.WITHDRAWN:
            application.last_activity_at = at
            batch.rows.record("application:withdraw", actor=application.applicant, subject=application, at=at, before=before, hash=application.answers_hash)  # fmt: skip
        elif status != Status.SUBMITTED:
            application.screened_at = application.last_activity_at = at
            application.screening_reason = self.rng.choice(INELIGIBLE) if status == Status.INELIGIBLE else ""
            batch.rows.record(TAGS[Decision(status)], actor=self.desk, subject=application, at=at, before=before, after=str(status), reason=application.screening_reason)  # fmt: skip
        if self.rng.random() < 0.15:  # noqa: PLR2004
            self._note(batch, application, at)
        if status == Status.ELIGIBLE:
            batch.decisions.decide(application, at)

    def _note(self, batch: Batch, application: Application, at: datetime) -> None:
        note = Note(
            city=self.city,
            application=application,
            author=self.desk,
            text=self.rng.choice(NOTES),
            created_at=at,
        )
        batch.rows.notes.append(note)
        batch.rows.record(
            "application:add-note", actor=self.desk, subject=application, at=at, note=str(note.pk)
        )
        application.note_count = 1

    def _answer_row(self, application: Application, user: User, said: dict[str, Any]) -> dict[str, Any]:
        """Return an application's answers; every tenth has an earlier version of its description."""
        earlier = {"description": said["description"].split(". ")[0] + "."} if self.rng.random() < 0.1 else {}  # noqa: PLR2004
        return {
            "id": application.pk,
            "by": user.pk,
            "at": application.created_at,
            "said": said,
            "earlier": earlier,
        }


def _spaced_id() -> UUID:
    """Return an id whose last byte is zero, so that ids of its parts can be counted up from it."""
    return UUID(int=new_id().int & ~LAST_BYTE)
