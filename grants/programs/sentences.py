"""How the deeds of this room read in the audit trail."""

from django.utils.translation import gettext_lazy as _

from cities.audit.sentences import register

register(
    {
        "city:create": _("%(who)s made the city’s place here."),
        "cohort:create": _("%(who)s made the cohort “%(name)s”."),
        "cohort:change": _("%(who)s changed the cohort “%(name)s”."),
        "cohort:join": _("%(who)s added %(city)s to the cohort “%(name)s”."),
        "cohort:leave": _("%(who)s took %(city)s out of the cohort “%(name)s”."),
        "programgrant:create": _("%(who)s granted %(city)s the program grant %(reference)s."),
        "tranche:send": _("%(who)s sent %(city)s tranche %(number)s of %(reference)s."),
        "programgrant:accept": _("%(who)s accepted the program grant %(reference)s."),
        "tranche:confirm": _("%(who)s confirmed that tranche %(number)s of %(reference)s arrived."),
    }
)
