"""What pages and actions read of applications."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from cities.tenancy.models import City
from cities.tenancy.prepared import Prepared
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.questions import (
    Answers,
    Budget,
    CompleteForm,
    FormDefinition,
    Frame,
    Json,
    Missing,
    Question,
    SectionProgress,
    Summary,
    SummaryKeys,
    answer_text,
    attachment_ids,
    evaluate,
    evaluate_answers,
    is_answered,
    missing,
    progress,
    summary,
    visible_answers,
    visible_keys,
    with_category_words,
)

from .conflicts import with_conflicts
from .models import Answer, Application, ApplicationQuerySet, Attachment
from .states import Status


def with_form(applications: ApplicationQuerySet | None = None) -> ApplicationQuerySet:
    """Applications with city, cycle and form version, in one statement."""
    rows = Application.objects.all() if applications is None else applications
    found: ApplicationQuerySet = rows.select_related("city", "cycle", "form_version")
    return found


class StandingAnswer(NamedTuple):
    """The newest version of an answer. A tuple, since each autosave reads all of them."""

    question: str
    version: int
    value: Json
    written_by_id: UUID | None = None
    written_at: datetime | None = None


_STANDING = Prepared(
    lambda application_id: (
        Answer.objects.filter(application_id=application_id)
        .order_by("question", "-version")
        .distinct("question")
        .values_list(*StandingAnswer._fields)
    )
)


def standing_answers(application_id: UUID) -> dict[str, StandingAnswer]:
    """Return the newest version of each answer, by question key."""
    return {row[0]: StandingAnswer._make(row) for row in _STANDING.all(application_id)}


def attachments_with_application() -> Any:
    """Attachments that are still there, each with its application and whom that is hidden from."""
    rows = Attachment.objects.filter(removed_at__isnull=True).select_related("application")
    return with_conflicts(rows, application="application_id")


_FILES = Prepared(
    lambda application_id: Attachment.objects.filter(
        application_id=application_id, removed_at__isnull=True
    ).order_by("created_at", "id")
)


def files_of(application_id: UUID) -> list[Attachment]:
    """Return the files that are still attached, oldest first."""
    return _FILES.all(application_id)


@dataclass(frozen=True, slots=True)
class Mine:
    """A person's applications, by what they can do with them."""

    drafts: list[Application]
    sent: list[Application]
    unsent: list[Application]
    """Drafts whose call has closed."""

    @property
    def is_empty(self) -> bool:
        return not (self.drafts or self.sent or self.unsent)


def my_applications(user: Any, now: datetime, most: int = 200) -> Mine:
    """Return one's own applications over all cities, flat columns and city only: fit for the person's door."""
    rows = list(Application.objects.of(user).select_related("city").order_by("-last_activity_at")[:most])
    drafts = [row for row in rows if row.status == Status.DRAFT]
    return Mine(
        drafts=sorted(
            (row for row in drafts if not row.closes_at or row.closes_at >= now),
            key=lambda row: row.closes_at or now,
        ),
        sent=[row for row in rows if row.status != Status.DRAFT],
        unsent=[row for row in drafts if row.closes_at and row.closes_at < now],
    )


@dataclass
class FilledForm:
    """An application's form with the answers that stand: what is asked, said, and left to do."""

    application: Application
    answers: dict[str, StandingAnswer] = field(default_factory=dict)

    @classmethod
    def of(cls, application: Application) -> FilledForm:
        """Read the answers of an application that came from :func:`with_form`."""
        return cls(application, standing_answers(application.pk))

    @property
    def city(self) -> City:
        return self.application.city

    @property
    def cycle(self) -> Cycle:
        return self.application.cycle

    @property
    def zone(self) -> ZoneInfo:
        return self.city.zone

    @property
    def currency(self) -> str:
        return self.city.currency

    @cached_property
    def definition(self) -> FormDefinition:
        """The form, whose budget table offers the kinds of cost in the call's own words of each language."""
        version = self.application.form_version
        return with_category_words(version.form, version.summary_keys.get("budget"), self.cycle.translations)

    @property
    def values(self) -> dict[str, Json]:
        return {key: answer.value for key, answer in self.answers.items()}

    @cached_property
    def budget(self) -> Budget:
        return Budget.from_json(self.cycle.budget).in_words(self.cycle.said)

    @cached_property
    def complete_form(self) -> CompleteForm:
        keys = self.application.form_version.summary_keys
        return CompleteForm(self.definition, keys.get("budget"), SummaryKeys.from_json(keys))

    def version_of(self, key: str) -> int:
        answer = self.answers.get(key)
        return answer.version if answer else 0

    def value_of(self, key: str) -> Json:
        answer = self.answers.get(key)
        return answer.value if answer else None

    def visible(self) -> frozenset[str]:
        return visible_keys(self.definition, self.values)

    @cached_property
    def files(self) -> list[Attachment]:
        """The files that are attached now, oldest first."""
        return files_of(self.application.pk)

    def say(self, answer: StandingAnswer) -> None:
        """Let this answer stand from now on."""
        self.answers[answer.question] = answer
        for name in ("_missing", "_findings"):
            self.__dict__.pop(name, None)

    def progress(self) -> tuple[SectionProgress, ...]:
        return progress(self.definition, self.values, self._missing)

    def missing(self) -> tuple[Missing, ...]:
        return self._missing

    # To look through all answers is most of the work of a submission; its answer looks again.
    @cached_property
    def _missing(self) -> tuple[Missing, ...]:
        return missing(self.definition, self.values, currency=self.currency)

    def findings(self) -> tuple[str, ...]:
        """Return what the cycle's money rules hold against these answers, as sentences."""
        return self._findings

    @cached_property
    def _findings(self) -> tuple[str, ...]:
        return tuple(finding.sentence for finding in self._evaluation() if finding.stops)

    def _evaluation(self) -> tuple[Any, ...]:
        frame = Frame(
            floor_cents=self.cycle.min_request_cents,
            cap_cents=self.cycle.max_request_cents,
            currency=self.currency,
        )
        evaluation = evaluate_answers(self.complete_form, self.budget, self.values, frame)
        if evaluation is None:
            asked = self.summary().amount_cents
            if asked is None:
                return ()
            evaluation = evaluate(
                Budget(), [], Frame(asked, None, frame.floor_cents, frame.cap_cents, currency=self.currency)
            )
        return tuple(evaluation.findings)

    def summary(self) -> Summary:
        form = self.complete_form
        return summary(
            form.definition, form.summary, self.values, budget=self.budget, budget_key=form.budget_key
        )

    def flat_columns(self) -> dict[str, Any]:
        """Return the columns that lists read, as these answers give them."""
        short, shown = self.summary(), self.visible()
        asked = [question for question in self.definition.questions if question.key in shown]
        return {
            "title": short.title[:200],
            "applicant_name": self._applicant_name()[:160],
            "group_name": short.group[:160],
            "neighborhood": short.neighborhood[:120],
            "category": short.category[:160],
            "place": short.place[:250],
            "latitude": short.lat,
            "longitude": short.lng,
            "requested_cents": short.amount_cents,
            "answered_count": sum(is_answered(question, self.value_of(question.key)) for question in asked),
            "question_count": len(asked),
            "file_count": len(self.attachment_ids()),
        }

    def _applicant_name(self) -> str:
        """Return the name that the form asks for, else the account's."""
        key = self.application.form_version.summary_keys.get("applicant")
        question = self.definition.question(key) if key else None
        said = answer_text(question, self.value_of(question.key)) if question else ""
        return said or self.application.applicant_name

    def attachment_ids(self) -> set[str]:
        """Return the ids of all files that the answers name."""
        return {
            one
            for question in self.definition.questions
            for one in attachment_ids(question, self.value_of(question.key))
        }

    def question(self, key: str) -> Question | None:
        return self.definition.question(key)

    def section_key_of(self, question_key: str | None) -> str:
        """Return the section that asks a question; empty for none."""
        section = self.definition.section_of(question_key) if question_key else None
        return section.key if section else ""


def answers_digest(form_version_id: UUID, answers: Answers, files: Mapping[str, str]) -> str:
    """Return the SHA-256, in hex, of what was sent: form version, visible answers and the files' own hashes.

    Canonical: JSON with sorted keys, no spaces, UTF-8. ``files`` maps attachment id to its SHA-256.
    """
    sent = {"form_version": str(form_version_id), "answers": dict(answers), "files": dict(files)}
    text = json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(form: FilledForm) -> str:
    """Recompute the hash of what an application says now; ``verify`` compares it with the stored one."""
    attached = {str(file.pk): file.sha256 for file in form.files}
    return digest_of_values(form.application.form_version, form.values, attached)


def digest_of_values(version: FormVersion, values: Answers, attached: Mapping[str, str]) -> str:
    """Hash what counts of these answers, with those of the attached files that they name."""
    counted = visible_answers(version.form, values)
    named = {
        one
        for question in version.form.questions
        for one in attachment_ids(question, counted.get(question.key))
    }
    return answers_digest(
        version.pk, counted, {key: sha256 for key, sha256 in attached.items() if key in named}
    )
