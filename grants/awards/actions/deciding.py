"""What every decision about applications does first: lock the rows, check who decides and what may be decided."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from grants.applications.conflicts import require_no_conflict
from grants.applications.models import Application
from grants.applications.states import ON_THE_DESK
from grants.awards.errors import (
    AnswerDayError,
    CantBeDecidedError,
    ChosenTwiceError,
    OwnApplicationError,
)

ANSWER_DAYS_MOST = 366


def lock_applications(ids: Sequence[UUID]) -> list[Application]:
    """Lock applications of the open city in the order of their ids, each with its cycle and applicant.

    Two people who decide about the same rows wait for each other instead of deadlocking. Raises
    ``ChosenTwiceError``, and ``CantBeDecidedError`` if one of them isn't (or is no longer) on the desk.
    """
    if len(set(ids)) != len(ids):
        raise ChosenTwiceError(_("Nothing was changed: the same application is picked twice."))
    rows = Application.objects.filter(pk__in=ids, status__in=ON_THE_DESK).select_related("cycle", "applicant")
    locked = list(rows.select_for_update(no_key=True, of=("self",)).order_by("id"))
    if len(locked) != len(ids):
        raise CantBeDecidedError(_("Nothing was changed: one of the applications has left the desk."))
    return locked


def require_impartial(application: Application, actor: User) -> None:
    """Raise ``OwnApplicationError`` or ``ConflictOfInterestError``."""
    if application.applicant_id == actor.pk:
        raise OwnApplicationError(_("This is your own application. A colleague has to decide about it."))
    require_no_conflict(actor, application)


def require_answer_day(city: City, day: date) -> None:
    """Raise ``AnswerDayError`` unless the day lies ahead on the city's calendar, within a year."""
    today = timezone.localdate(timezone=city.zone)
    if day < today:
        raise AnswerDayError(_("This day is over. Please choose a day to come."), field="answer_by_on")
    if (day - today).days > ANSWER_DAYS_MOST:
        raise AnswerDayError(
            _("This is more than a year away. Please look at the year again."), field="answer_by_on"
        )


def require_status(application: Application, allowed: Collection[str]) -> None:
    """Raise ``CantBeDecidedError`` (409) unless the application may be decided about in this way now."""
    if application.status not in allowed:
        raise CantBeDecidedError(
            _("This application is “%(status)s” now, so this can’t be decided. Look at it again."),
            status=application.get_status_display(),
        )


def named(refusal: RuleError, application: Application, *, among: int) -> RuleError:
    """Let a refusal say which of several applications it is about, and that nothing was changed."""
    if among > 1:
        refusal.message = _("Nothing was changed, because of %(reference)s: %(sentence)s") % {
            "reference": application.reference,
            "sentence": refusal.message,
        }
    return refusal
