"""How the deeds of this room read in the audit trail. They stand with the application that they are about."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "review:assign": _("%(who)s asked %(names)s to review."),
        "review:hand-over": _("%(who)s gave the review of %(name)s to %(to)s."),
        "review:release": _("%(who)s took the review off %(name)s."),
        "review:open": _("%(who)s opened the file to review it, having no conflict of interest."),
        "review:submit": _("%(who)s sent a review."),
        "review:outdate": _(
            "The application was opened again. Reviews of what was sent before no longer count."
        ),
        "review:reopen": _("%(who)s opened a review again."),
        "conflict:declare": _("%(who)s noted a conflict of interest of %(name)s."),
        "conflict:lift": _("%(who)s lifted the conflict of interest of %(name)s."),
    }
)
