"""Statuses of a document, and from which of them each action may start."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    WAITING = "waiting", _("Waits its turn")
    RUNNING = "running", _("Being made")
    FINISHED = "finished", _("Ready")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


UNDER_WAY = frozenset({Status.WAITING, Status.RUNNING})
CAN_CANCEL = UNDER_WAY
CAN_RETRY = frozenset({Status.FAILED, Status.CANCELLED})
