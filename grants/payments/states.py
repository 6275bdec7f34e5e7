"""Statuses of disbursements and receipts, and from which of them each action may start."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    PAID = "paid", _("Paid")
    REFUSED = "refused", _("Refused")
    VOIDED = "voided", _("Voided")


CAN_APPROVE = frozenset({Status.REQUESTED})
CAN_REFUSE = frozenset({Status.REQUESTED, Status.APPROVED})
CAN_RECORD = frozenset({Status.APPROVED})
CAN_VOID = frozenset({Status.PAID})
UNDER_WAY = frozenset({Status.REQUESTED, Status.APPROVED})


class VoidCause(models.TextChoices):
    """Why the record of a payment is taken back."""

    NEVER_ARRIVED = "never_arrived", _("The money never arrived, like a lost check")
    WRONG_RECORD = "wrong_record", _("The money arrived, but the payment was recorded wrongly")


class Method(models.TextChoices):
    """How the money reaches the payee; no bank numbers are kept."""

    CHECK = "check", _("Check")
    TRANSFER = "transfer", _("Bank transfer")
    PURCHASE = "purchase", _("The city buys it")
    GIFT_CARD = "gift_card", _("Store gift card")
    PREPAID = "prepaid", _("Prepaid card")
    CASH = "cash", _("Cash")


class ReceiptStatus(models.TextChoices):
    SUBMITTED = "submitted", _("Waits for the city")
    ACCEPTED = "accepted", _("Accepted")
    PARTLY = "partly", _("Accepted in part")
    REFUSED = "refused", _("Not accepted")
    REMOVED = "removed", _("Taken back")


CAN_DECIDE_RECEIPT = frozenset({ReceiptStatus.SUBMITTED})
CAN_UNDO_RECEIPT = frozenset({ReceiptStatus.ACCEPTED, ReceiptStatus.PARTLY, ReceiptStatus.REFUSED})
CAN_REMOVE_RECEIPT = frozenset({ReceiptStatus.SUBMITTED, ReceiptStatus.REFUSED})


class Seat(models.TextChoices):
    """A seat at the table of a payment that a deputy can take."""

    APPROVER = "approver", _("Approves payments")
    FINANCE = "finance", _("Requests payments, or records them as paid")
