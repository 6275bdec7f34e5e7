"""Statuses of a review, and from which of them each action may start."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    ASSIGNED = "assigned", _("To do")
    SUBMITTED = "submitted", _("Done")
    RECUSED = "recused", _("Conflict of interest")
    RELEASED = "released", _("Taken off")
    OUTDATED = "outdated", _("About an earlier version")


CAN_SCORE = frozenset({Status.ASSIGNED})
CAN_SUBMIT = frozenset({Status.ASSIGNED})
CAN_REOPEN = frozenset({Status.SUBMITTED})
CAN_RELEASE = frozenset({Status.ASSIGNED})
CAN_OUTDATE = frozenset({Status.ASSIGNED, Status.SUBMITTED})
CAN_RECUSE = frozenset({Status.ASSIGNED, Status.SUBMITTED})
COUNTS = frozenset({Status.ASSIGNED, Status.SUBMITTED})
"""Reviews that a reviewer has; the rest is history."""
