"""How decisions and awards look in lists: a word, a tone, an icon."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from grants.applications.states import Status as ApplicationStatus

from .states import Status


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    word: Any
    tone: str
    icon: str


AWARD_MARKS: dict[str, Mark] = {
    Status.OFFERED: Mark(_("Offered"), "waiting", "schedule"),
    Status.ACCEPTED: Mark(_("Accepted"), "success", "check_circle"),
    Status.DECLINED: Mark(_("Declined by the applicant"), "neutral", "do_not_disturb"),
    Status.RESCINDED: Mark(_("Taken back by the city"), "warning", "undo"),
    Status.COMPLETED: Mark(_("Completed"), "success", "verified"),
}
TO_DECIDE = Mark(_("To decide"), "info", "")
UNFUNDED = Mark(_("Not funded"), "neutral", "do_not_disturb")


def award_mark(status: str) -> Mark:
    return AWARD_MARKS[status]


def decision_mark(status: str, award_status: str) -> Mark:
    """Return the mark of an application in the ranking."""
    if status == ApplicationStatus.AWARDED and award_status in AWARD_MARKS:
        return AWARD_MARKS[award_status]
    return UNFUNDED if status == ApplicationStatus.UNFUNDED else TO_DECIDE
