"""What the tests of the Center's rooms share."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from unittest import mock

from cities.access.models import Membership, Role
from cities.audit import trail
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.ledger.queries import balance_of
from grants.programs.actions import create_cohort, join_cohort
from grants.programs.models import Cohort, CohortMember

NEVER = "00000000-0000-7000-8000-000000000000"


@contextmanager
def failing_at_the_last_write() -> Iterator[None]:
    """Refuse right after the audit event was written: the last write of every deed here but its letters."""

    written = trail._EVENT.write

    def fail(event):
        written(event)
        raise RuleError("The roof fell in.")

    with mock.patch.object(trail._EVENT, "write", fail):
        yield


def make_cohort(officer, name="2024–26", *cities, **facts):
    with center_scope(officer):
        cohort = create_cohort(
            actor=officer, name=name, starts_on=date(2024, 5, 6), grant_cents=10_000_000, **facts
        )
        for city in cities:
            join_cohort(cohort.pk, city_id=city.pk, actor=officer)
    return cohort


def members_of(cohort):
    with city_scope(CENTER_ID):
        found = CohortMember.objects.filter(cohort=cohort).order_by("recipient__slug")
        return list(found.values_list("recipient__slug", flat=True))


def cohorts():
    with city_scope(CENTER_ID):
        return list(Cohort.objects.order_by("name").values_list("name", flat=True))


def events(place_id=CENTER_ID):
    """The tags of a trail, oldest first."""
    with city_scope(place_id):
        return list(Event.objects.order_by("created_at", "id").values_list("tag", flat=True))


def roles_of(user, place_id):
    with city_scope(place_id):
        standing = Membership.objects.filter(user=user, ended_at__isnull=True)
        return {Role(role) for role in standing.values_list("role", flat=True)}


def letters(city_id=CENTER_ID):
    with city_scope(city_id):
        return sorted(Message.objects.values_list("kind", "recipient__email"))


def held(city_id, kind, subject):
    with city_scope(city_id):
        return balance_of(kind, subject)
