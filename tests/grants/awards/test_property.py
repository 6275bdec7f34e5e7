"""Whatever is awarded, declined, accepted and taken back: the pool's sum is what was allocated to it."""

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application
from grants.awards.actions import accept_award, award_application, decline_award, rescind_award
from grants.awards.models import Award
from grants.awards.states import HOLDS_MONEY, Status
from grants.ledger.models import Balance
from grants.ledger.queries import pool_totals
from tests.factories import FormVersionFactory, UserFactory, make_city
from tests.proving import EXAMPLES, count

from .factories import fund, make_application

POOL, ROWS = 250_000, 4
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["award", "accept", "decline", "rescind"]),
        st.integers(0, ROWS - 1),
        st.integers(-1, 160_000),
    ),
    max_size=14,
)


class UndoError(Exception):
    """Roll an example back."""


def act(deed, application, cents, manager):
    if deed == "award":
        award_application(application.pk, amount_cents=cents, actor=manager)
        return
    award = Award.objects.filter(application=application).order_by("-offered_at").first()
    if award is None:
        raise RuleError("There is no award.")
    if deed == "accept":
        accept_award(award.pk, payee_name="Rosa", actor=application.applicant)
    elif deed == "decline":
        decline_award(award.pk, actor=application.applicant)
    else:
        rescind_award(award.pk, reason="x", actor=manager)


def model(standing, deed, row, cents):
    """Carry out a deed in a plain model: ``{row: (status, cents)}``. Returns whether it is allowed."""
    status, held = standing.get(row, ("", 0))
    if deed == "award":
        taken = sum(amount for state, amount in standing.values() if state in HOLDS_MONEY)
        allowed = status not in HOLDS_MONEY and 0 < cents <= 150_000 and taken + cents <= POOL
        if allowed:
            standing[row] = (Status.OFFERED, cents)
        return allowed
    ends = {"accept": Status.ACCEPTED, "decline": Status.DECLINED, "rescind": Status.RESCINDED}
    if status != Status.OFFERED:
        return False
    standing[row] = (ends[deed], held)
    return True


@pytest.mark.django_db
@pytest.mark.property
@settings(
    max_examples=count(25, EXAMPLES),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(deeds=DEEDS)
def test_available_and_committed_stay_what_was_allocated(db, deeds):
    with pytest.raises(UndoError), transaction.atomic():
        city = make_city("tilden")
        with city_scope(city):
            version, manager = FormVersionFactory(), UserFactory()
            fund(version.cycle, POOL)
            rows = [make_application(form_version=version) for _ in range(ROWS)]
            standing = {}
            for deed, row, cents in deeds:
                allowed = model(standing, deed, row, cents)
                try:
                    act(deed, rows[row], cents, manager)
                except RuleError:
                    assert not allowed
                else:
                    assert allowed
            taken = sum(cents for status, cents in standing.values() if status in HOLDS_MONEY)
            totals = pool_totals([version.cycle.pk])[version.cycle.pk]
            to_prove = Balance.objects.filter(kind="to_prove").aggregate(cents=Sum("cents"))["cents"] or 0
            flat = sum(filter(None, Application.objects.values_list("awarded_cents", flat=True)))
        assert (totals["available"], totals.get("committed", 0)) == (POOL - taken, taken)
        assert to_prove == flat == taken
        raise UndoError
