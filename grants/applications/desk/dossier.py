"""One application with everything that the desk needs to judge it, in few statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import get_language, gettext_lazy

from cities.audit.models import Event
from cities.audit.sentences import sentence
from cities.tenancy.prepared import ask
from grants.applications.conflicts import with_conflicts
from grants.applications.models import Application, ApplicationQuerySet, Attachment, Note
from grants.applications.own import kept_from_applicants
from grants.applications.queries import FilledForm, files_of, standing_answers, with_form
from grants.cycles.questions import (
    Evaluation,
    Frame,
    Json,
    Outcome,
    Question,
    Result,
    Section,
    ShownFile,
    State,
    attachment_ids,
    check,
    evaluate_answers,
    items_from_json,
)
from grants.cycles.questions.eligibility import NO, YES

from .actions import seen
from .files import shown_file
from .states import TONES, Decision, decisions_from


def applications_on_the_desk() -> ApplicationQuerySet:
    """What can be opened here, each with city, cycle, form, applicant and open conflicts, in one statement."""
    return _opened(Application.objects.on_the_desk())


def applications_once_on_the_desk() -> ApplicationQuerySet:
    """The same, and what an applicant has opened again since it was looked at."""
    return _opened(Application.objects.filter(reference__isnull=False))


def _opened(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    found: ApplicationQuerySet = with_conflicts(with_form(rows).select_related("applicant"))
    return found


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    question: Question
    value: Json
    files: list[ShownFile]


@dataclass(frozen=True, slots=True)
class ShownSection:
    section: Section
    questions: list[ShownQuestion]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline: a note in somebody's words, or a deed in ours (with the reason, if one was given)."""

    at: datetime
    who: str
    is_note: bool
    words: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class ShownOutcome:
    """One rule of the self-check, as the applicant answered it."""

    outcome: Outcome
    said: str
    tone: str
    word: Any


_OUTCOMES: dict[State, tuple[str, Any]] = {
    State.OK: ("success", gettext_lazy("Fits")),
    State.STOP: ("danger", gettext_lazy("Not met")),
    State.WARN: ("warning", gettext_lazy("Please look")),
    State.UNKNOWN: ("info", gettext_lazy("Please judge")),
    State.UNANSWERED: ("neutral", gettext_lazy("Not answered")),
}


def _said(outcome: Outcome) -> str:
    """Return the answer in words: the label of a choice, else as it was typed."""
    if outcome.answer is None:
        return ""
    spoken = (
        {True: YES, False: NO}.get(outcome.answer, outcome.answer)
        if isinstance(outcome.answer, bool)
        else outcome.answer
    )
    labels = {choice.value: str(choice.label) for choice in outcome.item.choices()}
    several = spoken if isinstance(spoken, list) else [spoken]
    return ", ".join(labels.get(str(one), str(one)) for one in several)


@dataclass
class Dossier:
    """An application that came from :func:`applications_on_the_desk`, opened; colleagues' notes only if it is said so.

    Of one's own (``is_own``) the timeline tells neither who reviews it nor who has a conflict of interest with it.
    """

    application: Application
    with_notes: bool = False
    is_own: bool = False

    @cached_property
    def form(self) -> FilledForm:
        return FilledForm(self.application, standing_answers(self.application.pk))

    @cached_property
    def files(self) -> list[Attachment]:
        return files_of(self.application.pk)

    @property
    def images(self) -> list[ShownFile]:
        """The photos that the answers name, for the strip at the top."""
        named = self.form.attachment_ids()
        slug = self.form.city.slug or ""
        return [
            shown_file(slug, file)
            for file in self.files
            if str(file.pk) in named and file.content_type.startswith("image/")
        ]

    @property
    def sections(self) -> list[ShownSection]:
        """Every section with the questions that were put to this applicant."""
        visible, files = self.form.visible(), self._files_by_id
        shown = []
        for section in self.form.definition.in_language(get_language() or "en").sections:
            questions = [
                ShownQuestion(
                    each,
                    value := self.form.value_of(each.key),
                    [files[key] for key in attachment_ids(each, value) if key in files],
                )
                for each in section.questions
                if each.key in visible
            ]
            if questions:
                shown.append(ShownSection(section, questions))
        return shown

    @cached_property
    def _files_by_id(self) -> dict[str, ShownFile]:
        slug = self.form.city.slug or ""
        return {str(file.pk): shown_file(slug, file) for file in self.files}

    @cached_property
    def budget(self) -> Evaluation | None:
        """Sums and ceilings of the budget table; ``None`` where the form has none."""
        form = self.form
        frame = Frame(
            floor_cents=form.cycle.min_request_cents,
            cap_cents=form.cycle.max_request_cents,
            currency=form.currency,
        )
        found: Evaluation | None = evaluate_answers(form.complete_form, form.budget, form.values, frame)
        return found

    @cached_property
    def eligibility(self) -> Result:
        """The self-check as the applicant answered it before applying."""
        return check(items_from_json(self.form.cycle.eligibility), self.application.eligibility_answers)

    @property
    def outcomes(self) -> list[ShownOutcome]:
        """Each rule of the self-check, what the applicant said, and how that stands."""
        return [ShownOutcome(one, _said(one), *_OUTCOMES[one.state]) for one in self.eligibility.outcomes]

    @property
    def seen(self) -> str:
        return seen(self.application.status, self.application.screened_at, self.application.submitted_at)

    @property
    def decisions(self) -> list[Decision]:
        return decisions_from(self.application.status)

    @property
    def tone(self) -> str:
        return TONES.get(self.application.status, "neutral")

    @cached_property
    def timeline(self) -> list[Entry]:
        """Notes and deeds in one line of time, newest first, in one statement."""
        key = {"application": self.application.pk}
        shape = ("timeline", self.with_notes, self.is_own)
        lines = ask(shape, self._lines, key, keep_plan=True)
        return [_entry(*row, currency=self.form.currency) for row in lines]

    def _lines(self) -> QuerySet[Any]:
        about = Q(subject_id=self.application.pk)
        if self.is_own:
            about &= ~kept_from_applicants()
        parts = [_deeds(_about_awards(self.application))]
        if self.with_notes:
            parts.append(_notes(self.application))
        return _deeds(about).union(*parts, all=True).order_by("-at")

    @property
    def place(self) -> dict[str, Any] | None:
        """Where it is, for the map."""
        application = self.application
        if application.latitude is None or application.longitude is None:
            return None
        marker = {
            "label": application.display_title,
            "latitude": application.latitude,
            "longitude": application.longitude,
            "text": application.place,
        }
        return {"markers": [marker]}


def _name(person: str, *fallback: F) -> Coalesce:
    named = NullIf(F(f"{person}__name"), Value(""))
    return Coalesce(named, F(f"{person}__email"), *fallback, output_field=CharField())


_COLUMNS = ("at", "who", "tag_or_note", "body")


def _about_awards(application: Application) -> Q:
    # An award belongs to a later room; it is reached through the application's relation. Not ORed with the application's
    # own deeds: an OR with a subquery reads every event of the city.
    return Q(subject_id__in=application.awards.values("pk"))


def _deeds(about: Q) -> QuerySet[Any]:
    # The note itself stands in the timeline; that it was written needs no second line.
    deeds = Event.objects.filter(about).order_by().exclude(tag="application:add-note")
    found: QuerySet[Any] = deeds.annotate(
        at=F("created_at"), who=_name("actor", F("actor_name")), tag_or_note=F("tag"), body=F("data")
    ).values_list(*_COLUMNS)
    return found


def _notes(application: Application) -> QuerySet[Any]:
    notes = Note.objects.filter(application=application).order_by()
    found: QuerySet[Any] = notes.annotate(
        at=F("created_at"), who=_name("author"), tag_or_note=Value(""), body=JSONObject(text="text")
    ).values_list(*_COLUMNS)
    return found


def _entry(at: datetime, who: str, tag: str, body: Mapping[str, Any], *, currency: str) -> Entry:
    if not tag:
        return Entry(at, who, is_note=True, words=str(body["text"]))
    return Entry(
        at,
        who,
        is_note=False,
        words=sentence(tag, who, body, currency=currency),
        quote=str(body.get("reason") or ""),
    )
