"""Statuses of an application, and from which of them each action may start."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    ELIGIBLE = "eligible", _("Ready for review")
    INELIGIBLE = "ineligible", _("Not eligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    AWARDED = "awarded", _("Awarded")
    UNFUNDED = "unfunded", _("Not funded")


CAN_EDIT = frozenset({Status.DRAFT})
CAN_SUBMIT = frozenset({Status.DRAFT})
CAN_WITHDRAW = frozenset({Status.SUBMITTED, Status.ELIGIBLE})
CAN_REOPEN = frozenset({Status.SUBMITTED, Status.ELIGIBLE, Status.INELIGIBLE, Status.WITHDRAWN})
CAN_SCREEN = frozenset({Status.SUBMITTED, Status.ELIGIBLE, Status.INELIGIBLE})
CAN_DECIDE = frozenset({Status.ELIGIBLE})
ON_THE_DESK = frozenset(
    {Status.SUBMITTED, Status.ELIGIBLE, Status.INELIGIBLE, Status.WITHDRAWN, Status.AWARDED, Status.UNFUNDED}
)
"""What city staff see; a draft is the resident's own."""
