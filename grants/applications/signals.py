"""News of this room, sent inside the transaction. Receivers call one action each."""

from django.dispatch import Signal

application_reopened = Signal()
"""The applicant changes what was sent. Keywords ``application`` (locked) and ``actor``."""
