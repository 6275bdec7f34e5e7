"""Reads over cohorts and program grants: the Center's through its door, a city's own through the city's."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch
from django.http import Http404
from django.utils import timezone

from cities.tenancy.models import City
from cities.tenancy.prepared import Prepared, ask
from cities.tenancy.scopes import CENTER_ID

from .models import Cohort, CohortMember, GrantAcceptance, ProgramGrant, Tranche, TrancheReceipt


@dataclass(frozen=True, slots=True)
class Place:
    """A city's place in a cohort."""

    city: City
    joined_at: Any


_TENANT = Prepared(lambda key: City.objects.filter(pk=key))


def center_row() -> City:
    """Return the Center's own tenant row."""
    found: City = _TENANT.get(CENTER_ID)
    return found


def cities_by_name() -> list[tuple[str, str]]:
    """Return web name and name of every city."""

    def rows() -> Any:
        return City.objects.cities().order_by("name").values_list("slug", "name")

    return ask("cities by name", rows, {}, keep_plan=True)


def cohorts_with_counts() -> Any:
    """Return all cohorts with ``city_count``, newest first."""
    return Cohort.objects.annotate(city_count=Count("members")).order_by("-starts_on", "name")


def places(cohort: Cohort) -> list[Place]:
    """Return the cities of a cohort by name."""
    members = cohort.members.select_related("recipient").order_by("recipient__name")
    return [Place(member.recipient, member.joined_at) for member in members]


def cities_outside(cohort: Cohort) -> Any:
    """Return the cities that could still join the cohort."""
    inside = CohortMember.objects.filter(cohort=cohort).values("recipient_id")
    return City.objects.cities().exclude(pk__in=inside).order_by("name")


def city_or_404(name: str) -> City:
    """Return a city by its web name or its id. The table of cities is open to every door."""
    try:
        found = City.objects.cities().filter(pk=UUID(name)).first()
    except ValueError:
        found = City.objects.cities().filter(slug=name).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Received:
    """A tranche as the city sees it: sent, and confirmed or not."""

    tranche: Tranche
    receipt: TrancheReceipt | None


@dataclass(frozen=True, slots=True)
class Funding:
    """A program grant with the city's answer to it. Amounts are minor units of its currency."""

    grant: ProgramGrant
    acceptance: GrantAcceptance | None
    tranches: tuple[Received, ...]

    @property
    def unsent_cents(self) -> int:
        return int(self.grant.amount_cents - self.grant.sent_cents)

    @property
    def confirmed_cents(self) -> int:
        return sum(one.tranche.amount_cents for one in self.tranches if one.receipt)

    @property
    def unconfirmed(self) -> tuple[Received, ...]:
        return tuple(one for one in self.tranches if not one.receipt)

    @property
    def unconfirmed_cents(self) -> int:
        return sum(one.tranche.amount_cents for one in self.unconfirmed)

    @property
    def unconfirmed_since(self) -> date | None:
        """Return the day on which the oldest tranche was sent that is not confirmed."""
        return min((one.tranche.sent_on for one in self.unconfirmed), default=None)


def fundings_received() -> list[Funding]:
    """Return the open city's program grants, oldest first, with tranches and answers; four statements."""
    return _fundings(ProgramGrant.received, Tranche.received)


def fundings_given(**wanted: Any) -> list[Funding]:
    """Return the Center's program grants, newest first, with the cities' answers; four statements."""
    return _fundings(ProgramGrant.objects.filter(**wanted), Tranche.objects)[::-1]


def _fundings(grants: Any, tranches: Any) -> list[Funding]:
    rows = grants.select_related("recipient", "cohort", "created_by").prefetch_related(
        Prefetch("acceptances", GrantAcceptance.objects.select_related("accepted_by")),
        Prefetch("tranches", tranches.select_related("created_by").order_by("number")),
        Prefetch("tranches__receipts", TrancheReceipt.objects.select_related("confirmed_by")),
    )
    return [_funding(grant) for grant in rows.order_by("created_at", "id")]


def _funding(grant: ProgramGrant) -> Funding:
    received = tuple(
        Received(tranche, next(iter(tranche.receipts.all()), None)) for tranche in grant.tranches.all()
    )
    return Funding(grant, next(iter(grant.acceptances.all()), None), received)


def unconfirmed_tranches(days: int = 14) -> Any:
    """Return tranches that were sent ``days`` ago or earlier and are not confirmed, oldest first.

    For the Center's door; with ``program_grant`` and ``recipient`` at hand.
    """
    today = timezone.localdate(timezone=center_row().zone)
    return (
        Tranche.objects.filter(receipts__isnull=True, sent_on__lte=today - timedelta(days=days))
        .select_related("program_grant", "recipient")
        .order_by("sent_on", "id")
    )
