"""Refusals of this room. Each message is one sentence fit to show to the person who asked."""

from django.utils.translation import gettext_lazy as _

from cities.tenancy.errors import ConflictError, RuleError, database_sentences


class CantBeDecidedError(ConflictError):
    """The application's status doesn't allow this decision, or somebody was faster."""


class OwnApplicationError(RuleError):
    """Nobody decides about what they applied for themselves."""


class AmountError(RuleError):
    """The amount is nothing, more than was asked, or more than the call gives."""


class ReasonMissingError(RuleError):
    """An applicant who gets no money reads why."""


class AlreadyAnsweredError(ConflictError):
    """The offer doesn't stand any longer: it was answered, or taken back."""


class OfferLapsedError(ConflictError):
    """The last day to answer is over. The city can name a later day, or take the offer back."""


class AnswerDayError(RuleError):
    """A last day to answer lies ahead, within a year, and later than the one that stands."""


class NotTheApplicantError(RuleError):
    """Only the person who applied answers an offer."""


class ChosenTwiceError(RuleError):
    """The same application is named twice in one decision."""


database_sentences.update(
    {
        "award_frozen": _(
            "What was offered or answered stays as it was. Take the offer back and make a new one."
        ),
        "award_way": _("An award can’t change in this way."),
        "award_in_ledger": _("The books don’t hold the money of this award, so nothing was changed."),
        "award_party_had_seat": _("Who took part in a payment of this award can’t become a party of it."),
    }
)
