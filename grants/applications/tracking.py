"""Where an application stands and what comes next, with honest dates: what the applicant reads."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from .models import Application
from .states import ON_THE_DESK, Status

DONE, CURRENT, UPCOMING, STOPPED = "done", "current", "upcoming", "stopped"

TONES = {
    Status.DRAFT: "waiting",
    Status.SUBMITTED: "info",
    Status.ELIGIBLE: "info",
    Status.INELIGIBLE: "danger",
    Status.WITHDRAWN: "neutral",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the tracker. ``on`` is when it happened or is due; ``None`` where nobody knows yet."""

    label: str
    state: str
    on: datetime | date | None = None
    words: str = ""


def steps(application: Application) -> list[Step]:
    """Return the way of a submitted application, from sending to the project."""
    cycle = application.cycle
    sent = Step(_("You sent it"), DONE, application.submitted_at)
    if application.status == Status.WITHDRAWN:
        return [sent, Step(_("You took it back"), STOPPED, application.last_activity_at, _("The city will not consider it."))]
    if application.status == Status.INELIGIBLE:
        return [sent, Step(_("The city checked it"), STOPPED, application.screened_at, application.screening_reason)]
    is_checked = application.status == Status.ELIGIBLE
    return [
        sent,
        _checking(application, is_checked=is_checked),
        Step(_("People read and score it"), CURRENT if is_checked else UPCOMING, None, _("This starts after the call closes.")),
        Step(_("The city decides"), UPCOMING, cycle.decision_on, "" if cycle.decision_on else _("The city has not named a day yet.")),
        Step(_("Projects start"), UPCOMING, cycle.project_starts_on),
    ]


def _checking(application: Application, *, is_checked: bool) -> Step:
    label = _("The city checks that it fits the rules")
    if is_checked:
        return Step(label, DONE, application.screened_at, _("It fits. It goes on to the people who read it."))
    return Step(label, CURRENT, None, _("The city may call you if something is unclear."))


def can_be_read(application: Application) -> bool:
    """Say whether there is something sent to read."""
    return application.status in ON_THE_DESK
