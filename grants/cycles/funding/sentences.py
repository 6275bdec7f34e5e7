"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "cycle:allocate": _("%(who)s allocated %(amount)s to “%(name)s”."),
        "cycle:deallocate": _("%(who)s took %(amount)s back from “%(name)s”."),
    }
)
