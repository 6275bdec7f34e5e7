"""Who may do what with awards. A person with a conflict of interest sees neither the file nor its award."""

from typing import Any

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role, User
from grants.applications.conflicts import has_conflict
from grants.applications.models import Application

from .models import Award
from .states import CAN_ACCEPT, CAN_EXTEND, CAN_RESCIND


def can_see_awards(user: Any, city: Any) -> bool:
    """Everybody who works at the city's desk reads the ranking and the list of awards."""
    return is_desk(user, city.pk)


def can_decide_awards(user: Any, city: Any) -> bool:
    """Managers decide who gets money."""
    return Role.MANAGER in roles_in(user, city.pk)


def can_see_award(user: Any, award: Award) -> bool:
    """The applicant, and the city's desk unless a conflict of interest keeps a person away."""
    return award.applicant_id == user.pk or can_see_award_on_desk(user, award)


def can_see_award_on_desk(user: Any, award: Award) -> bool:
    return is_desk(user, award.city_id) and not has_conflict(user, award.application)


def can_answer_award(user: Any, award: Award) -> bool:
    """Only the person who applied answers. Whether the offer still stands, the action says."""
    return bool(award.applicant_id == user.pk)


def can_rescind_award(user: Any, award: Award) -> bool:
    """Managers take an offer back, but not one of their own or of somebody close to them."""
    return Role.MANAGER in roles_in(user, award.city_id) and not _is_party(user, award.application)


def can_extend_offer(user: Any, award: Award) -> bool:
    """Whoever may take an offer back may also give it more time."""
    return can_rescind_award(user, award)


def can_decide_award(user: Any, application: Application) -> bool:
    """Managers decide about one application, but not about their own or one of somebody close to them."""
    return Role.MANAGER in roles_in(user, application.city_id) and not _is_party(user, application)


def _is_party(user: Any, application: Application) -> bool:
    return application.applicant_id == user.pk or has_conflict(user, application)


def stands_to_answer(award: Award) -> bool:
    return award.status in CAN_ACCEPT


def stands_to_extend(award: Award) -> bool:
    return award.status in CAN_EXTEND


def stands_to_rescind(award: Award) -> bool:
    return award.status in CAN_RESCIND


def person(request: Any) -> User:
    """Return who asks, once a rule has let them in: somebody who signed in."""
    found: User = request.user
    return found
