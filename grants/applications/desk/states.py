"""From which statuses each deed of the desk may start."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.applications.states import Status


class Decision(models.TextChoices):
    """What screening says to an application; the values are the statuses that it leads to."""

    ELIGIBLE = Status.ELIGIBLE.value, _("Ready for review")
    INELIGIBLE = Status.INELIGIBLE.value, _("Not eligible")
    SUBMITTED = Status.SUBMITTED.value, _("Back to “submitted”")


CAN_DECIDE: dict[Decision, frozenset[Status]] = {
    Decision.ELIGIBLE: frozenset({Status.SUBMITTED, Status.INELIGIBLE}),
    Decision.INELIGIBLE: frozenset({Status.SUBMITTED, Status.ELIGIBLE}),
    Decision.SUBMITTED: frozenset({Status.ELIGIBLE, Status.INELIGIBLE}),
}
"""Statuses that a decision may change. Nothing is decided twice in the same way: the applicant is told each time."""

TAGS: dict[Decision, str] = {
    Decision.ELIGIBLE: "application:mark-eligible",
    Decision.INELIGIBLE: "application:mark-ineligible",
    Decision.SUBMITTED: "application:undo-screening",
}

TONES: dict[str, str] = {
    Status.SUBMITTED: "waiting",
    Status.ELIGIBLE: "success",
    Status.INELIGIBLE: "danger",
    Status.WITHDRAWN: "neutral",
    Status.AWARDED: "success",
    Status.UNFUNDED: "neutral",
}


def decisions_from(status: str) -> list[Decision]:
    """Return what may be decided about an application of this status."""
    return [decision for decision, starts in CAN_DECIDE.items() if status in starts]
