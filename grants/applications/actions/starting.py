"""Start an application."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from cities.access.actions import take_name
from cities.access.models import User
from cities.tenancy.actions import action
from grants.applications.errors import NotEligibleError, NotOpenError
from grants.applications.models import Application
from grants.applications.queries import FilledForm
from grants.applications.states import Status
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.questions import Json, Result, State, check, items_from_json


@action
def start_application(
    cycle_id: UUID,
    *,
    actor: User,
    eligibility_answers: Mapping[str, Json] | None = None,
    applicant_name: str = "",
    another: bool = False,
    received_at: datetime | None = None,
) -> Application:
    """Start a draft, or return the person's newest one in this cycle.

    Where ``another`` is asked for only one without answers is returned: it was asked for twice, its answer lost.
    An account without a name, as one opened by a code, takes the applicant's: letters greet by it.
    Locks the person's own row, so that two clicks start one draft, then the call. Raises ``NotOpenError``, and
    ``NotEligibleError`` where an answer of the self-check ends the application.
    """
    now = received_at or timezone.now()
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    # Whoever takes the call back or changes its form counts the drafts first: this one must not slip in between.
    cycle = (
        Cycle.objects.published()
        .select_related("city")
        .select_for_update(no_key=True, of=("self",))
        .get(pk=cycle_id)
    )
    drafts = Application.objects.of(actor).filter(cycle=cycle, status=Status.DRAFT).order_by("-created_at")
    draft: Application | None = (drafts.filter(answers__isnull=True) if another else drafts).first()
    if draft is not None:
        return draft
    if not cycle.is_open(now):
        raise NotOpenError.of(cycle, now)
    name = " ".join(applicant_name.split())
    started = _new_draft(cycle, actor, checked(cycle, eligibility_answers or {}), name)
    take_name(person, name)
    return started


def checked(cycle: Cycle, answers: Mapping[str, Json]) -> dict[str, Json]:
    """Return the self-check's answers as they were understood. Raises ``NotEligibleError``."""
    result: Result = check(items_from_json(cycle.eligibility), answers)
    language = get_language() or "en"
    if result.stopped:
        raise NotEligibleError(
            [
                outcome.item.words_in(language) or outcome.item.label_in(language)
                for outcome in result.outcomes
                if outcome.state == State.STOP
            ]
        )
    return {outcome.item.key: outcome.answer for outcome in result.outcomes if outcome.answer is not None}


def _new_draft(cycle: Cycle, actor: User, eligibility: dict[str, Json], name: str) -> Application:
    application = Application(
        cycle=cycle,
        form_version=FormVersion.objects.get(cycle=cycle, is_applied_with=True),
        applicant=actor,
        applicant_name=name[:160] or actor.name,
        language=(get_language() or "en").split("-")[0],
        cycle_name=cycle.name,
        city=cycle.city,
        city_name=cycle.city.name,
        city_slug=cycle.city.slug or "",
        closes_at=cycle.closes_at,
        eligibility_answers=eligibility,
    )
    for column, value in FilledForm(application).flat_columns().items():
        setattr(application, column, value)
    application.full_clean(exclude=["applicant", "form_version", "cycle", "city"])
    application.save(force_insert=True)
    return application
