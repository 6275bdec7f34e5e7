"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "city:change": _("%(who)s changed the city’s settings."),
        "city:set-logo": _("%(who)s gave the city a new logo."),
        "city:remove-logo": _("%(who)s removed the city’s logo."),
    }
)
