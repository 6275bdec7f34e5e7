"""News of this room, sent inside the transaction. Receivers call one action each."""

from django.dispatch import Signal

award_accepted = Signal()
"""The applicant said yes. Keyword ``award``."""

award_completed = Signal()
"""All paid money is proved and the award ended. Keywords ``award`` and ``actor``."""

award_ended = Signal()
"""The offer was declined or taken back and its money is available again. Keyword ``award``."""
