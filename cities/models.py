"""Gathers the rooms' models for Django."""

from .access.models import Invitation, Membership, User
from .audit.models import Event, Seal, SignedHead
from .outbox.models import Message
from .places.models import Area
from .tenancy.models import City

__all__ = ["Area", "City", "Event", "Invitation", "Membership", "Message", "Seal", "SignedHead", "User"]
