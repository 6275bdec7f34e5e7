"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "disbursement:request": _("%(who)s requested the payment."),
        "disbursement:approve": _("%(who)s approved the payment."),
        "disbursement:refuse": _("%(who)s refused the payment: %(reason)s"),
        "disbursement:record-payment": _("%(who)s recorded the payment as paid, voucher %(voucher_number)s."),
        "disbursement:void": _("%(who)s voided the payment: %(reason)s"),
        "deputy:nominate": _("%(who)s named a deputy: %(reason)s"),
        "deputy:approve": _("%(who)s approved the deputy for the Center."),
        "deputy:refuse": _("%(who)s took back or refused the deputy. %(reason)s"),
        "deputy:end": _("%(who)s ended the deputy. %(reason)s"),
        "receipt:add": _("%(who)s added the receipt."),
        "receipt:accepted": _("%(who)s accepted the receipt."),
        "receipt:partly": _("%(who)s accepted a part of the receipt: %(reason)s"),
        "receipt:refused": _("%(who)s did not accept the receipt: %(reason)s"),
        "receipt:undo": _("%(who)s took the decision about the receipt back."),
        "receipt:remove": _("%(who)s took the receipt back."),
        "award:record-return": _("%(who)s recorded money that came back: %(reason)s"),
        "award:undo-return": _("%(who)s undid the record of money that came back: %(reason)s"),
        "award:complete": _("%(who)s completed the award."),
        "award:reopen": _("%(who)s opened the completed award again: %(reason)s"),
    }
)
