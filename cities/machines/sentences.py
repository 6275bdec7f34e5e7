"""The room's events as a person reads them."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "token:make": _("%(who)s made an API token (%(scope)s)."),
        "token:revoke": _("%(who)s revoked an API token."),
    }
)
