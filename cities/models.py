"""Gathers the rooms' models for Django."""

from .access.models import Invitation, Membership, User
from .audit.models import Event, Reading, Seal, SignedHead
from .documents.models import Document
from .machines.models import ApiToken
from .operations.models import BackupCheck
from .outbox.models import Message
from .places.models import Area
from .tenancy.models import City

__all__ = [
    "ApiToken",
    "Area",
    "BackupCheck",
    "City",
    "Document",
    "Event",
    "Invitation",
    "Membership",
    "Message",
    "Reading",
    "Seal",
    "SignedHead",
    "User",
]
