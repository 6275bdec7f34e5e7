"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "project:open": _("%(who)s opened the project’s page with the award."),
        "project:publish": _("%(who)s showed the project to everybody."),
        "project:unpublish": _("%(who)s took the project off the public pages. %(reason)s"),
        "project:describe": _("%(who)s changed what the project’s public page says."),
        "project:status": _("%(who)s changed how far the project is."),
        "project:add-update": _("%(who)s told about the project."),
        "project:publish-update": _("%(who)s published an update."),
        "project:hide-update": _("%(who)s hid an update: %(reason)s"),
        "project:forget-updates": _("%(who)s took what was not published along with their account."),
        "project:remove-update": _("%(who)s took an update back."),
    }
)
