"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "cycle:import": _("%(who)s made the call “%(name)s” from a file."),
        "cycle:create": _("%(who)s made the call “%(name)s”."),
        "cycle:copy": _("%(who)s copied an earlier call to “%(name)s”."),
        "cycle:change": _("%(who)s changed name, dates or money of the call."),
        "cycle:change-form": _("%(who)s changed the application form."),
        "cycle:change-eligibility": _("%(who)s changed the self-check."),
        "cycle:change-budget": _("%(who)s changed the budget rules."),
        "cycle:change-attachments": _("%(who)s changed the papers to have ready."),
        "cycle:change-rubric": _("%(who)s changed the rubric."),
        "cycle:change-award-terms": _("%(who)s changed the award terms."),
        "cycle:change-translations": _("%(who)s changed the call’s words in other languages."),
        "cycle:publish": _("%(who)s published the call."),
        "cycle:withdraw": _("%(who)s took the call back."),
        "cycle:archive": _("%(who)s archived the call."),
    }
)
