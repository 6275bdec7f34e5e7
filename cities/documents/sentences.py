"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "document:request": _("%(who)s asked for “%(title)s”."),
        "document:cancel": _("%(who)s cancelled “%(title)s”."),
        "document:retry": _("%(who)s asked for “%(title)s” again."),
        "document:finish": _("“%(title)s” was made. SHA-256: %(sha256)s."),
        "document:fail": _("“%(title)s” could not be made. %(reason)s"),
        "document:remove": _("“%(title)s” was removed: reports are kept for 90 days."),
    }
)
