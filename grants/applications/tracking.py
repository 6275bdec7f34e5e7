"""Where an application stands and what comes next, with honest dates: what the applicant reads."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.interface.formats import money

from .models import Application
from .states import Status

DONE, CURRENT, UPCOMING, STOPPED = "done", "current", "upcoming", "stopped"

TONES = {
    Status.DRAFT: "waiting",
    Status.SUBMITTED: "info",
    Status.ELIGIBLE: "info",
    Status.INELIGIBLE: "danger",
    Status.WITHDRAWN: "neutral",
    Status.AWARDED: "success",
    Status.UNFUNDED: "neutral",
}


DECIDED = frozenset({Status.AWARDED, Status.UNFUNDED})

DECLINED, RESCINDED, COMPLETED = "declined", "rescinded", "completed"
ACCEPTED = frozenset({"accepted", COMPLETED})
"""Words of ``Application.award_status``, which a later room keeps true."""


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
        return [
            sent,
            Step(
                _("You took it back"),
                STOPPED,
                application.last_activity_at,
                _("The city will not consider it."),
            ),
        ]
    if application.status == Status.INELIGIBLE:
        return [
            sent,
            Step(
                _("The city checked it"),
                STOPPED,
                application.screened_at,
                _("It does not fit the rules of this call."),
            ),
        ]
    if application.status in DECIDED:
        return [sent, *_decided(application)]
    is_checked = application.status == Status.ELIGIBLE
    is_read = is_checked and 0 < application.assigned_count <= application.scored_count
    reading = DONE if is_read else CURRENT if is_checked else UPCOMING
    starts = _("This starts after the call closes.") if reading != DONE and cycle.is_open() else ""
    return [
        sent,
        _checking(application, is_checked=is_checked),
        Step(_("People read and score it"), reading, None, starts),
        _deciding(application, CURRENT if is_read else UPCOMING),
        Step(_("Projects start"), UPCOMING, cycle.project_starts_on),
    ]


def _deciding(application: Application, state: str) -> Step:
    decision_on = application.cycle.decision_on
    if application.award_status == RESCINDED:
        return Step(
            _("The city decides"), CURRENT, None, _("It took back its first offer, and decides again.")
        )
    return Step(
        _("The city decides"),
        state,
        decision_on,
        "" if decision_on else _("The city has not named a day yet."),
    )


def _decided(application: Application) -> list[Step]:
    read = [_checking(application, is_checked=True), Step(_("People read and score it"), DONE)]
    if application.status == Status.UNFUNDED:
        return [
            *read,
            Step(
                _("The city decided"),
                STOPPED,
                application.decided_at,
                _("There is no grant for it this time."),
            ),
        ]
    decided = Step(_("The city decided"), DONE, application.decided_at, _("Your project gets a grant."))
    return [*read, decided, *_granted(application)]


def _granted(application: Application) -> list[Step]:
    """Return the way from the offer to the last receipt, from the flat columns alone."""
    starts = Step(_("Projects start"), UPCOMING, application.cycle.project_starts_on)
    if application.award_status == DECLINED:
        return [Step(_("You said no to the grant"), STOPPED, None, _("The money goes to another project."))]
    if application.award_status not in ACCEPTED:
        answer = Step(
            _("You say yes or no"),
            CURRENT,
            application.next_date_on,
            _("The money is set aside for you. Please answer by then."),
        )
        return [
            answer,
            starts,
            Step(_("The city pays"), UPCOMING),
            Step(_("You show your receipts"), UPCOMING),
        ]
    return [Step(_("You said yes"), DONE), *_money(application)]


def _money(application: Application) -> list[Step]:
    is_over = application.award_status == COMPLETED
    if is_over and not application.paid_cents:
        return [Step(_("The city pays"), STOPPED, None, _("The grant ended before anything was paid."))]
    is_paid = is_over or application.paid_cents >= application.current_cents
    is_proved = is_over or application.proved_cents >= application.current_cents
    paid = proved = ""
    if application.paid_cents:
        paid = _so_far(application, application.paid_cents)
    elif not is_paid:
        paid = _("The city prepares the payment.")
    if application.proved_cents:
        proved = _so_far(application, application.proved_cents)
    elif not is_proved:
        proved = _("Keep every receipt. A photo is enough.")
    if application.released_cents:
        paid = f"{paid} {_went_back(application)}".strip()
    return [
        Step(_("The city pays"), DONE if is_paid else CURRENT, None, paid),
        Step(
            _("You show your receipts"),
            DONE if is_proved else CURRENT,
            None if is_proved else application.cycle.project_ends_on,
            proved,
        ),
    ]


def _so_far(application: Application, cents: int) -> str:
    currency = application.city.currency
    said = {
        "cents": money(cents, currency, short=True),
        "all": money(application.current_cents, currency, short=True),
    }
    return _("%(cents)s of %(all)s so far.") % said


def _went_back(application: Application) -> str:
    cents = money(application.released_cents, application.city.currency, short=True)
    return _("%(cents)s is back in the city’s pool.") % {"cents": cents}


AWARD_WORDS: dict[str, tuple[str, Any]] = {
    "offered": ("waiting", gettext_lazy("The city offers you a grant")),
    "accepted": ("success", gettext_lazy("The grant is yours")),
    "declined": ("neutral", gettext_lazy("You said no to the grant")),
    "completed": ("success", gettext_lazy("All done")),
}
ENDED_UNPAID = ("neutral", gettext_lazy("The grant ended"))


def standing(application: Application) -> tuple[str, Any]:
    """Return tone and words of where an application stands, as its applicant reads them; flat columns only."""
    if application.award_status == COMPLETED and not application.paid_cents:
        return ENDED_UNPAID
    if application.status == Status.AWARDED and application.award_status in AWARD_WORDS:
        return AWARD_WORDS[application.award_status]
    return TONES[Status(application.status)], application.get_status_display()


def award_path(application: Application) -> str:
    """Return where the applicant answers an offer, or sees the money; empty where there is none."""
    return f"/{application.city_slug}/awards/of/{application.pk}/" if application.award_status else ""


def _checking(application: Application, *, is_checked: bool) -> Step:
    label = _("The city checks that it fits the rules")
    if is_checked:
        return Step(label, DONE, application.screened_at, _("It fits. It goes on to the people who read it."))
    return Step(label, CURRENT, None, _("The city may call you if something is unclear."))
