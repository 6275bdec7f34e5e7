"""The chart of accounts and the kinds of entries."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountKind(models.TextChoices):
    """What an account holds. Each has a subject: a program grant, the city itself, a cycle, or an award."""

    APPROPRIATION = "appropriation", _("Appropriated by the Center")
    GRANTED = "granted", _("Granted, not sent yet")
    SENT = "sent", _("Sent to the city")

    FUNDING = "funding", _("Program grant accepted")
    RECEIVABLE = "receivable", _("Accepted, not received yet")
    UNALLOCATED = "unallocated", _("Received, not allocated")
    AVAILABLE = "available", _("Available to award")
    COMMITTED = "committed", _("Awarded, not paid yet")
    PAID = "paid", _("Paid")
    OBLIGATED = "obligated", _("Obligated to the grantee")
    TO_PROVE = "to_prove", _("Awarded, not proved yet")
    PROVED = "proved", _("Proved by receipts")


SOURCES = frozenset({AccountKind.APPROPRIATION, AccountKind.FUNDING, AccountKind.OBLIGATED})
"""Where money comes from: these fall below zero. All others may not (a CHECK on the balance holds it)."""

KINDS_OF_A_POOL = (AccountKind.AVAILABLE, AccountKind.COMMITTED, AccountKind.PAID, AccountKind.PROVED)
"""What a cycle's pool stands at: what may be awarded yet, and what became of the rest."""


class EntryKind(models.TextChoices):
    """What happened to the money."""

    GRANT = "grant", _("Program grant")
    TRANCHE = "tranche", _("Tranche sent")
    ACCEPTANCE = "acceptance", _("Program grant accepted")
    RECEIPT = "receipt", _("Tranche received")
    ALLOCATION = "allocation", _("Allocated to a cycle")
    DEALLOCATION = "deallocation", _("Taken back from a cycle")
    COMMITMENT = "commitment", _("Award committed")
    PAYMENT = "payment", _("Payment")
    SUBSTANTIATION = "substantiation", _("Receipt accepted")
    RETURN = "return", _("Money returned")
    DEOBLIGATION = "deobligation", _("De-obligated")
    REVERSAL = "reversal", _("Reversal")
