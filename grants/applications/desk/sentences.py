"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "application:submit": _("%(who)s sent the application."),
        "application:withdraw": _("%(who)s took the application back."),
        "application:reopen": _("%(who)s opened the application again to change it."),
        "application:mark-eligible": _("%(who)s marked the application ready for review."),
        "application:mark-ineligible": _("%(who)s marked the application not eligible."),
        "application:undo-screening": _("%(who)s took the screening back."),
        "application:add-note": _("%(who)s wrote a note."),
    }
)
