"""Rows of one city's calls, gathered first and written together, table by table."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from cities.access.models import User
from cities.audit.models import Event
from cities.audit.trail import Actor
from grants.applications.models import Answer, Application, Attachment, Note, ReferenceCounter

from .rows import insert


@dataclass(slots=True)
class Written:
    """What is to be inserted in one city."""

    applications: list[Application] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    files: list[Attachment] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    counters: dict[int, int] = field(default_factory=dict)
    """The last number given per year."""

    def next_reference(self, application: Application, sent: datetime) -> str:
        """Count up as submitting does."""
        year = sent.astimezone(application.city.zone).year
        self.counters[year] = self.counters.get(year, 0) + 1
        return f"{application.city.reference_prefix}-{year}-{self.counters[year]:04d}"

    def record(
        self,
        tag: str,
        *,
        actor: Actor,
        subject: models.Model,
        at: datetime,
        tenant: UUID | None = None,
        **data: Any,
    ) -> None:
        """Note an audit event of the past, as ``trail.record`` would have written it then.

        ``tenant`` is whose trail it stands in, where that isn't the subject's own.
        """
        self.events.append(
            Event(
                city_id=tenant or subject.city_id,  # type: ignore[attr-defined]
                tag=tag,
                actor=actor if isinstance(actor, User) else None,
                actor_name="" if isinstance(actor, User) else actor.name,
                subject_type=subject._meta.label_lower,
                subject_id=subject.pk,
                data=data,
                created_at=at,
            )
        )

    def save(self, city_id: Any) -> None:
        """Insert everything, parents first."""
        counters = [
            ReferenceCounter(city_id=city_id, year=year, last=last) for year, last in self.counters.items()
        ]
        tables: Sequence[Sequence[models.Model]] = (
            self.applications, self.answers, self.files, self.notes, self.events, counters,
        )  # fmt: skip
        for rows in tables:
            insert(rows)
