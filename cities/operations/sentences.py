"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "backup:create": _("%(who)s wrote %(name)s."),
        "backup:verify": _("%(who)s verified %(name)s and found %(breaks)s breaks."),
        "backup:drill": _("%(who)s restored %(name)s in a drill and found %(breaks)s breaks."),
    }
)
