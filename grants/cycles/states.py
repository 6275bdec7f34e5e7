"""Statuses of a cycle, and from which of them each action may start."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    ARCHIVED = "archived", _("Archived")


CAN_CHANGE = frozenset({Status.DRAFT, Status.PUBLISHED})
CAN_PUBLISH = frozenset({Status.DRAFT})
CAN_WITHDRAW = frozenset({Status.PUBLISHED})
CAN_ARCHIVE = frozenset({Status.DRAFT, Status.PUBLISHED})
