"""Statuses of an award, and from which of them each action may start."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.applications.states import Status as ApplicationStatus


class Status(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined by the applicant")
    RESCINDED = "rescinded", _("Taken back by the city")
    COMPLETED = "completed", _("Completed")


CAN_ACCEPT = frozenset({Status.OFFERED})
CAN_DECLINE = frozenset({Status.OFFERED})
CAN_RESCIND = frozenset({Status.OFFERED})
CAN_EXTEND = frozenset({Status.OFFERED})
CAN_DISBURSE = frozenset({Status.ACCEPTED})
CAN_PROVE = frozenset({Status.ACCEPTED})
CAN_RETURN = frozenset({Status.ACCEPTED})
CAN_COMPLETE = frozenset({Status.ACCEPTED})
CAN_REOPEN = frozenset({Status.COMPLETED})
HOLDS_MONEY = frozenset({Status.OFFERED, Status.ACCEPTED, Status.COMPLETED})

CAN_AWARD = frozenset({ApplicationStatus.ELIGIBLE})
CAN_TURN_DOWN = frozenset({ApplicationStatus.ELIGIBLE})
CAN_UNDO_DECLINE = frozenset({ApplicationStatus.UNFUNDED})
"""Statuses of an application from which the city decides about it."""

CAN_OFFER_AGAIN = frozenset({Status.DECLINED})
"""Statuses of an application's last award after which it may be offered money once more."""

RANKED = frozenset({ApplicationStatus.ELIGIBLE, ApplicationStatus.AWARDED, ApplicationStatus.UNFUNDED})
"""Statuses of an application that stand in the ranking."""
