"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "award:offer": _("%(who)s offered an award of %(awarded_cents)s."),
        "award:accept": _("%(who)s accepted the award of %(awarded_cents)s. It is paid to %(payee)s."),
        "award:decline": _("%(who)s declined the award. %(awarded_cents)s are available again."),
        "award:extend": _("%(who)s gave the applicant until %(after)s to answer."),
        "award:rescind": _("%(who)s took the award back. %(awarded_cents)s are available again."),
        "application:decline": _("%(who)s decided that the application gets no money."),
        "application:undo-decline": _("%(who)s took back the decision to give no money."),
    }
)
