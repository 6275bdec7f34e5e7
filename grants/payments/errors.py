"""Refusals of payments and proof, and what the database says when it refuses."""

from django.utils.translation import gettext_lazy as _

from cities.tenancy.errors import ConflictError, RuleError, database_sentences


class WrongStatusError(ConflictError):
    """The payment, receipt or award has moved on since this page was opened."""


class SeatTakenError(RuleError):
    """Three different people sit at a payment, and none of them is a party of the award."""


class TooMuchError(RuleError):
    """More than what is left to pay, to prove or to give back."""


class DayError(RuleError):
    """A day that can't be."""


class ReasonMissingError(RuleError):
    """A refusal or a correction without a reason."""


class DeputyError(RuleError):
    """Somebody who can't be a deputy."""


class NotSettledError(RuleError):
    """The award can't be completed yet."""


database_sentences.update(
    {
        "disbursement_not_by_party": _(
            "The applicant, the payee and whoever signed the award can’t request, approve or record its payments."
        ),
        "disbursement_frozen": _(
            "What was requested, approved or recorded stays as it is. Refuse or void this payment, and request another."
        ),
        "disbursement_way": _("This payment has moved on. Please look at it again."),
        "disbursement_in_ledger": _(
            "A payment is paid or voided together with its entry in the books. Nothing was changed."
        ),
        "receipt_in_ledger": _(
            "A receipt is accepted, or waits again, together with its entry in the books. Nothing was changed."
        ),
        "return_in_ledger": _("Money comes back together with its entry in the books. Nothing was changed."),
        "proof_not_by_party": _(
            "The applicant, the payee and whoever signed the award can’t decide about its receipts or returns."
        ),
        "return_not_by_recorder": _(
            "Whoever recorded a payment of this award can’t record that its money came back."
        ),
        "award_party_had_seat": _(
            "Somebody who requested, approved or recorded a payment of this award can’t become its payee or sign it."
        ),
    }
)
