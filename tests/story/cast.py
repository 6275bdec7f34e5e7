"""Who takes part from the first tranche to the last receipt, each in a browser of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cities.access.models import Role, User
from cities.tenancy.models import City
from tests.factories import UserFactory, make_member, make_officer
from tests.story.arriving import arrive
from tests.story.visitor import Visitor

HOME = "/marlow-falls/"
STAFF = f"{HOME}staff/"


@dataclass(frozen=True, slots=True)
class Cast:
    """Some at a desk, most on a phone; the treasurer without scripts."""

    officer: Visitor
    auditor: Visitor
    manager: Visitor
    finance: Visitor
    approver: Visitor
    treasurer: Visitor
    outsider: Visitor
    torn: Visitor
    resident: Visitor
    neighbor: Visitor
    anybody: Visitor


def gather(
    visit: Callable[..., Visitor], city: City, *, officer: Visitor, manager: Visitor, neighbor: User
) -> Cast:
    """Bring those who are not there yet. ``neighbor`` is the other applicant."""

    def come(name: str, *roles: Role, width: int = 360, **how: Any) -> Visitor:
        return arrive(visit(width=width, **how), make_member(city, *roles, name=name))

    def come_home(user: User) -> Visitor:
        return arrive(visit(width=360), user, second_factor=False)

    auditor = make_officer(Role.AUDITOR, email="alma@center.example", name="Alma Prior")
    return Cast(
        officer=officer,
        auditor=arrive(visit(width=1280), auditor),
        manager=manager,
        finance=come("Fay Quint", Role.FINANCE, Role.APPROVER, width=1280),
        approver=come("Ada Boone", Role.APPROVER),
        treasurer=come("Rex Hale", Role.FINANCE, javascript=False),
        outsider=come("Rita Moss", Role.REVIEWER),
        torn=come("Stan Rhee", Role.STAFF, width=1280),
        resident=come_home(User.objects.get(email="odessa@example.org")),
        neighbor=come_home(neighbor),
        anybody=visit(width=360),
    )


def new_neighbor() -> User:
    return UserFactory(email="nadia@example.org", name="Nadia Bloom")
