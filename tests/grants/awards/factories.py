"""Applications that wait for a decision, money to promise, and awards. Made in the scope that the test opened."""

from typing import Any

from cities.access.models import Membership, Role
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.scopes import current_city_id
from grants.applications.models import Application
from grants.awards.actions import accept_award, award_application
from grants.awards.models import Award
from grants.cycles.models import Cycle
from grants.ledger.models import Entry
from grants.ledger.posting import Deed, Line, post
from grants.ledger.queries import told
from grants.ledger.states import AccountKind, EntryKind
from tests.factories import ApplicationFactory, UserFactory


@action
def fund(cycle: Cycle, cents: int = 1_000_000) -> Entry:
    """Put so much into a cycle's pool, straight from a source of the books, and tell the trail."""
    city_id, actor = current_city_id(), UserFactory()
    lines = [
        Line(AccountKind.FUNDING, city_id, -cents),
        Line(AccountKind.AVAILABLE, cycle.pk, cents, pool_id=cycle.pk),
    ]
    entry = post(Deed(EntryKind.ALLOCATION, f"fund:{actor.pk}", cycle, actor), lines)
    trail.record("cycle:allocate", actor=actor, subject=cycle, **told(entry))
    return entry


def make_application(**fields: Any) -> Application:
    """An application that is ready for a decision."""
    fields.setdefault("status", "eligible")
    application: Application = ApplicationFactory(submitted=True, applicant_name="Rosa Vega", **fields)
    return application


def make_award(
    *,
    amount_cents: int = 120_000,
    is_accepted: bool = False,
    application: Application | None = None,
    **fields: Any,
) -> Award:
    """An award that was really offered, with its money in the books; ``fields`` are the application's."""
    application = application or make_application(**fields)
    fund(application.cycle, amount_cents)
    award = award_application(application.pk, amount_cents=amount_cents, actor=UserFactory())
    if is_accepted:
        award = accept_award(award.pk, payee_name="Rosa Vega", actor=application.applicant)
    return award


def make_colleague(*roles: Role) -> Any:
    """A person who holds these roles in the city that is open."""
    person = UserFactory()
    for role in roles:
        Membership.objects.create(user=person, role=role)
    return person
