"""The room's events as a person reads them."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "member:invite": _("%(who)s invited somebody to the role “%(role)s”."),
        "member:withdraw-invitation": _("%(who)s withdrew an invitation to the role “%(role)s”."),
        "member:join": _("The role “%(role)s” was taken up, by way of %(who)s."),
        "member:end": _("%(who)s ended the role “%(role)s” of a member."),
    }
)
