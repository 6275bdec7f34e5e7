"""Statuses of a project and of what is told about it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")


class UpdateStatus(models.TextChoices):
    WAITING = "waiting", _("Waits for the city")
    PUBLISHED = "published", _("Published")
    HIDDEN = "hidden", _("Hidden")
    REMOVED = "removed", _("Taken back")


CAN_FINISH = frozenset({Status.PLANNED, Status.UNDER_WAY})
"""With its award; the desk may finish a stopped one, too."""
CAN_STOP = frozenset({Status.PLANNED, Status.UNDER_WAY, Status.STOPPED})
CAN_PUBLISH = frozenset({UpdateStatus.WAITING, UpdateStatus.HIDDEN})
CAN_HIDE = frozenset({UpdateStatus.WAITING, UpdateStatus.PUBLISHED})
CAN_REMOVE = frozenset({UpdateStatus.WAITING, UpdateStatus.HIDDEN})
CAN_BE_SENT_AGAIN = frozenset({UpdateStatus.WAITING, UpdateStatus.PUBLISHED})
"""What is sent once more is still the same; of what was hidden or taken back, it is told anew."""
