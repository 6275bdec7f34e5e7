"""The room's events as a person reads them."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "member:invite": _("%(who)s invited somebody to the role “%(role)s”."),
        "member:withdraw-invitation": _("%(who)s withdrew an invitation to the role “%(role)s”."),
        "member:join": _("The role “%(role)s” was taken up, by way of %(who)s."),
        "factor:ask-reset": _("%(who)s asked to take off a lost second step at sign-in."),
        "factor:approve-reset": _(
            "%(who)s approved: a lost second step was taken off, and %(sessions)s sessions ended."
        ),
        "factor:refuse-reset": _("%(who)s refused to take off a second step."),
        "member:hand-over": _("%(who)s handed the open work of a leaver over to %(name)s."),
        "member:leave-work": _(
            "%(who)s ended an access while nobody else worked here: %(pieces)s pieces of open work are left without anybody."
        ),
        "member:end": _("%(who)s ended the role “%(role)s” of a member."),
    }
)
