"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by code; mail goes through the outbox."""


class FactorAdapter(DefaultMFAAdapter):
    """Second factors of staff."""
