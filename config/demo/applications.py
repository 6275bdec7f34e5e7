"""Applications of a demo call, in every status, as people would have written them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from cities.access.models import User
from cities.tenancy.models import City
from grants.applications.models import Answer, Application
from grants.applications.queries import FilledForm, StandingAnswer, answers_digest
from grants.applications.states import Status
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.questions import Budget, visible_answers

from .answers import ELIGIBLE, Setting, answers
from .calls import category_of
from .cities import DemoCity
from .desk import Desk
from .moments import begun_before, between, sent_moments
from .neighborhoods import Neighborhood
from .people import Person
from .photos import attach_photos
from .projects import IDEAS
from .schedule import SHOWCASE, Plan
from .written import Written

Json = Any

REWRITTEN_SHARE = 0.3
PHOTOGRAPHED_SHARE = 0.4
PHOTOGRAPHED = {SHOWCASE: 18}
"""How many applications of a call have photos at most; three elsewhere."""
OPEN_DRAFTS, OLD_DRAFTS = 0.2, 0.1


@dataclass(slots=True)
class Call:
    """One call and all that its applications are made from. ``now`` is when the demo is dated."""

    place: DemoCity
    city: City
    plan: Plan
    cycle: Cycle
    form: FormVersion
    areas: Sequence[Neighborhood]
    desk: Desk
    rng: Random
    now: datetime
    rows: Written
    used: Counter[str] = field(default_factory=Counter)
    photographed: int = 0

    @property
    def until(self) -> datetime:
        """The last moment at which anybody can have sent something."""
        assert self.cycle.closes_at  # noqa: S101  a demo call is dated
        return min(self.cycle.closes_at, self.now)

    @property
    def opens_at(self) -> datetime:
        assert self.cycle.opens_at  # noqa: S101
        return self.cycle.opens_at

    @property
    def next_date_on(self) -> date | None:
        """What applicants wait for: the decision, unless its day has passed."""
        decision_on = self.cycle.decision_on
        return decision_on if decision_on and decision_on >= self.now.date() else None

    @property
    def photos_left(self) -> bool:
        return self.photographed < PHOTOGRAPHED.get(self.place.slug, 3)


@dataclass(frozen=True, slots=True)
class Applicant:
    """A person with their account."""

    person: Person
    user: User


def fill_call(call: Call, applicants: Iterator[Applicant], helpers: Sequence[Person]) -> None:
    """Write the call's applications into ``call.rows``."""
    count = call.plan.applications
    drafts = round(count * (OLD_DRAFTS if call.plan.is_over else OPEN_DRAFTS))
    sent = sent_moments(call.rng, count - drafts, call.opens_at, call.until, call.city.zone)
    for moment in sent:
        submitted(call, next(applicants), helpers, moment)
    for _ in range(drafts):
        draft(call, next(applicants), helpers)


def submitted(
    call: Call,
    applicant: Applicant,
    helpers: Sequence[Person],
    sent: datetime,
    *,
    status: Status | None = None,
) -> Application:
    """Write one application that was sent at ``sent``, and what became of it."""
    begun = begun_before(call.rng, sent, call.opens_at)
    application, said = _begin(call, applicant, helpers, begun)
    if call.photos_left and call.rng.random() < PHOTOGRAPHED_SHARE:
        said |= attach_photos(
            call.rng, application, _idea_scene(call, said), call.rows.files, at=begun, most=3
        )
        call.photographed += 1
    form = _answer(call, application, said, begun, sent)
    named = form.attachment_ids()
    application.answers_hash = answers_digest(
        application.form_version_id,
        visible_answers(form.definition, form.values),
        {str(file.pk): file.sha256 for file in call.rows.files if str(file.pk) in named},
    )
    application.reference = call.rows.next_reference(application, sent)
    application.status = Status.SUBMITTED
    application.submitted_at = application.last_activity_at = sent
    application.next_date_on = call.next_date_on
    call.rows.record(
        "application:submit",
        actor=applicant.user,
        subject=application,
        at=sent,
        reference=application.reference,
        hash=application.answers_hash,
        requested_cents=application.requested_cents,
        submitted_at=sent.isoformat(),
    )
    call.desk.handle(call.rng, application, call.rows, call.plan, now=call.now, status=status)
    return application


def draft(
    call: Call, applicant: Applicant, helpers: Sequence[Person], *, begun: datetime | None = None
) -> Application:
    """Write one application that was begun and not sent."""
    begun = begun or between(call.rng, call.opens_at, call.until - (call.until - call.opens_at) * 0.02)
    application, said = _begin(call, applicant, helpers, begun)
    asked = [question.key for question in call.form.form.questions]
    reached = asked[: call.rng.randint(2, len(asked) - 3)]
    last = min(call.until, begun + timedelta(minutes=call.rng.randint(4, 60)))
    kept = {key: said[key] for key in reached if key in said and call.rng.random() < 0.94}  # noqa: PLR2004
    _answer(call, application, kept, begun, last)
    application.last_activity_at = last
    return application


def _begin(
    call: Call, applicant: Applicant, helpers: Sequence[Person], begun: datetime
) -> tuple[Application, dict[str, Json]]:
    setting = _setting(call, applicant, helpers, begun)
    application = Application(
        city=call.city,
        cycle=call.cycle,
        form_version=call.form,
        applicant=applicant.user,
        applicant_name=applicant.person.name,
        language=setting.language,
        cycle_name=call.cycle.name,
        city_name=call.city.name,
        city_slug=call.city.slug or "",
        closes_at=call.cycle.closes_at,
        eligibility_answers={item["key"]: ELIGIBLE[item["key"]](setting) for item in call.cycle.eligibility},
        created_at=begun,
        last_activity_at=begun,
    )
    call.rows.applications.append(application)
    said = answers(call.rng, setting)
    said["project_title"] = _unused(call, said["project_title"], setting)
    return application, said


def _setting(call: Call, applicant: Applicant, helpers: Sequence[Person], begun: datetime) -> Setting:
    rng = call.rng
    idea = rng.choice(IDEAS[call.plan.kind])
    call.used[f"idea {idea.kind}"] += 1
    speaks = applicant.person.language
    return Setting(
        city=call.place,
        kind=call.plan.kind,
        budget=Budget.from_json(call.cycle.budget),
        floor=call.plan.floor * 100,
        cap=call.plan.cap * 100,
        starts_on=call.cycle.project_starts_on or call.now.date(),
        signed_on=begun.astimezone(call.city.zone).date(),
        person=applicant.person,
        helpers=tuple(rng.sample(helpers, 4)),
        idea=idea,
        area=rng.choices(call.areas, weights=range(len(call.areas) + 3, 3, -1))[0],
        language=speaks,
        repeats=call.used[f"idea {idea.kind}"] - 1,
    )


def _unused(call: Call, title: str, setting: Setting) -> str:
    """Return a title that nobody else in the call has, as far as the area's name helps."""
    if call.used[title] and setting.area.name not in title:
        title = f"{title} {'en' if setting.language == 'es' else 'in'} {setting.area.name}"[:80]
    call.used[title] += 1
    return title


def _answer(
    call: Call, application: Application, said: dict[str, Json], begun: datetime, done: datetime
) -> FilledForm:
    """Write the answers that the form asks for, some of them in two versions, and the flat columns."""
    questions = [q.key for q in call.form.form.questions if said.get(q.key) is not None]
    standing: dict[str, StandingAnswer] = {}
    for number, key in enumerate(questions, start=1):
        at = begun + (done - begun) * (number / (len(questions) + 2))
        versions = _versions(call.rng, said[key])
        for version, value in enumerate(versions, start=1):
            answer = Answer(
                city_id=application.city_id,
                application=application,
                question=key,
                version=version,
                value=value,
                written_by=application.applicant,
                written_at=at + (done - at) * 0.4 * (version - 1),
            )
            call.rows.answers.append(answer)
            standing[key] = StandingAnswer(key, version, value)
    form = FilledForm(application, standing)
    for column, value in form.flat_columns().items():
        setattr(application, column, value)
    return form


def _versions(rng: Random, value: Json) -> list[Json]:
    """Return what was written first, if it was rewritten, and what stands."""
    if isinstance(value, str) and ". " in value and rng.random() < REWRITTEN_SHARE:
        return [value.split(". ")[0] + ".", value]
    return [value]


def _idea_scene(call: Call, said: dict[str, Json]) -> str:
    ideas = IDEAS[call.plan.kind]
    return next((i.scene for i in ideas if category_of(call.plan.kind, i.kind) == said["category"]), "lot")
