"""Save answers: one as a field is left, or those of a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from cities.access.models import User, display_name
from cities.tenancy.actions import action
from grants.applications.errors import (
    AnswerConflictError,
    AnswerRefusedError,
    Standing,
    UnknownFileError,
    UnknownQuestionError,
)
from grants.applications.models import Attachment
from grants.applications.queries import FilledForm
from grants.applications.states import CAN_EDIT
from grants.cycles.questions import Json, Problem, Question, answer_text, attachment_ids, clean

from .locking import lock_application, require_open, require_status
from .storing import NewAnswer, store_answers


@dataclass(frozen=True, slots=True)
class SavedAnswer:
    """What stands now: the canonical value, its version, and what is wrong with it (it is kept all the same)."""

    question: str
    value: Json
    version: int
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class PageSaved:
    """What became of each answer of a page. Whatever could be saved, was."""

    saved: dict[str, SavedAnswer] = field(default_factory=dict)
    conflicts: dict[str, AnswerConflictError] = field(default_factory=dict)
    refused: dict[str, AnswerRefusedError] = field(default_factory=dict)

    @property
    def has_trouble(self) -> bool:
        return bool(self.conflicts or self.refused)


@action
def save_answer(
    application_id: UUID,
    question: str,
    value: Json,
    *,
    version: int,
    actor: User,
    received_at: datetime | None = None,
) -> SavedAnswer:
    """Append the next version of one answer; ``version`` is the one that the writer saw (0: none yet).

    Sending the same value again is a success, whatever the version: a retry is safe. Locks the
    application. Raises ``AnswerConflictError`` with both values if somebody else was faster,
    ``AnswerRefusedError``, ``UnknownQuestionError``, ``UnknownFileError``, ``DeadlinePassedError``, ``WrongStatusError``.
    """
    now = received_at or timezone.now()
    form = _open_form(application_id, actor, now)
    saved, new = _decide(form, question, value, version, _today(form, now))
    store_answers(form, [new] if new else [], actor=actor, now=now)
    return saved


@action
def save_page(
    application_id: UUID,
    answers: Mapping[str, tuple[Json, int | None]],
    *,
    actor: User,
    received_at: datetime | None = None,
) -> PageSaved:
    """Save what a page posted: ``{question: (raw value, version the page showed)}``.

    Each answer stands for itself: one that somebody else changed, or that can't be stored, keeps no
    other from being saved. Locks the application. Raises what concerns the whole page only.
    """
    now = received_at or timezone.now()
    form = _open_form(application_id, actor, now)
    outcome, fresh = PageSaved(), []
    for key, (raw, version) in answers.items():
        try:
            saved, new = _decide(form, key, raw, -1 if version is None else version, _today(form, now))
        except AnswerConflictError as conflict:
            outcome.conflicts[key] = conflict
        except AnswerRefusedError as refusal:
            outcome.refused[key] = refusal
        else:
            outcome.saved[key] = saved
            fresh += [new] if new else []
    store_answers(form, fresh, actor=actor, now=now)
    return outcome


def _open_form(application_id: UUID, actor: User, now: datetime) -> FilledForm:
    application = lock_application(application_id, actor)
    require_status(application, CAN_EDIT)
    require_open(application, now)
    return FilledForm.of(application)


def _today(form: FilledForm, now: datetime) -> date:
    return now.astimezone(form.zone).date()


def _decide(
    form: FilledForm, key: str, raw: Json, version: int, today: date
) -> tuple[SavedAnswer, NewAnswer | None]:
    """Return what stands afterwards, and the version to append, if any."""
    question = form.question(key)
    if question is None:
        raise UnknownQuestionError(key)
    cleaned = clean(question, raw, today=today, currency=form.currency)
    if not cleaned.storable:
        raise AnswerRefusedError(key, cleaned.value, cleaned.problems)
    standing, value = form.value_of(key), cleaned.value
    if value == standing:
        return SavedAnswer(key, value, form.version_of(key), cleaned.problems), None
    if version != form.version_of(key):
        raise AnswerConflictError(key, yours=value, theirs=_standing(form, question, value))
    _require_own_files(form, question, value)
    saved = SavedAnswer(key, value, version + 1, cleaned.problems)
    return saved, NewAnswer(key, saved.version, value)


def _standing(form: FilledForm, question: Question, yours: Json) -> Standing:
    answer, language = form.answers.get(question.key), get_language() or "en"
    return Standing(
        value=form.value_of(question.key),
        version=form.version_of(question.key),
        written_by=_name(answer.written_by_id) if answer else "",
        written_at=answer.written_at if answer else None,
        text=answer_text(question, form.value_of(question.key), currency=form.currency, language=language),
        yours_text=answer_text(question, yours, currency=form.currency, language=language),
    )


def _name(person_id: UUID | None) -> str:
    person = User.objects.filter(pk=person_id).first() if person_id else None
    return display_name(person) if person else ""


def _require_own_files(form: FilledForm, question: Question, value: Json) -> None:
    """Refuse ids of files that aren't this question's: an answer can't point into another application."""
    named = attachment_ids(question, value)
    new = set(named) - set(attachment_ids(question, form.value_of(question.key)))
    if not new:
        return
    known = Attachment.objects.filter(
        application=form.application, question=question.key, removed_at__isnull=True, pk__in=new
    ).count()
    if known < len(new):
        raise UnknownFileError(question.key)
