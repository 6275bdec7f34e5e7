"""Refusals of the ledger."""

from django.utils.translation import gettext_lazy as _

from cities.tenancy.errors import ConflictError, RuleError, database_sentences


class NotEnoughError(RuleError):
    """An account holds less than is asked of it."""


class KeyReusedError(RuleError):
    """The idempotency key was used before, for something else."""


class InProgressError(ConflictError):
    """The same call is being carried out right now."""


class AlreadyReversedError(ConflictError):
    """The entry was reversed before."""


database_sentences.update(
    {
        "append_only": _("What was recorded stays as it is. Mistakes are corrected by a new entry."),
        "entry_sums_to_zero": _("The two sides of this entry don’t match, so nothing was posted."),
        "entry_one_currency": _("An entry can’t mix currencies, so nothing was posted."),
        "reversal_mirrors_entry": _("This doesn’t mirror the entry that it reverses, so nothing was posted."),
        "posting_in_own_transaction": _("An entry can’t be added to later. Nothing was posted."),
        "posting_account_known": _("There is no such account in these books. Nothing was posted."),
    }
)
