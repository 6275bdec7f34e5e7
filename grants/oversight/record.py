"""One city as the Center sees it: facts, people, calls in numbers, and the state of its audit trail."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cities.access.models import Invitation, Membership
from cities.audit.models import Event, Seal, SignedHead
from cities.audit.sentences import sentence
from cities.audit.signing import is_signed
from cities.tenancy.models import City
from grants.cycles.models import Cycle
from grants.programs.people import Person, Waiting, people_of, waiting_in

from .figures import CityFigures, one_city

LATEST = 8
TOLD = tuple(model._meta.label_lower for model in (City, Membership, Invitation, Cycle))


@dataclass(frozen=True, slots=True)
class Trail:
    """The end of a city's audit chain: what is sealed, and what the Center keeps signed of it."""

    sealed_seq: int | None
    sealed_at: datetime | None
    events: int
    head_seq: int | None
    head_hash: str
    signed_at: datetime | None
    signature_holds: bool

    @property
    def unsealed(self) -> int:
        """Return how many deeds wait for their seal; they normally wait under a minute."""
        return self.events - (self.sealed_seq or 0)


@dataclass(frozen=True, slots=True)
class Deed:
    """One event of the city's trail as a sentence."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CityRecord:
    """Everything that a city's page at the Center shows."""

    figures: CityFigures
    people: list[Person]
    waiting: list[Waiting]
    trail: Trail
    deeds: list[Deed]


def city_record(city: City, now: datetime) -> CityRecord:
    """Read a city through the Center's door, in the same statements however much there is."""
    return CityRecord(
        one_city(city, now),
        people_of(city.pk),
        waiting_in(city.pk, now),
        trail_of(city.pk),
        deeds_of(city.pk),
    )


def trail_of(city_id: UUID) -> Trail:
    """Read the end of the chain and the last head that was signed."""
    seal = Seal.objects.filter(city_id=city_id).order_by("-seq").first()
    head = SignedHead.objects.filter(chain_of_id=city_id).order_by("-seq").first()
    return Trail(
        sealed_seq=seal.seq if seal else None,
        sealed_at=seal.sealed_at if seal else None,
        events=Event.objects.filter(city_id=city_id).count(),
        head_seq=head.seq if head else None,
        head_hash=head.hash if head else "",
        signed_at=head.signed_at if head else None,
        signature_holds=bool(head) and is_signed(city_id, head.seq, head.hash, head.signature),
    )


def deeds_of(city_id: UUID) -> list[Deed]:
    """Return the latest deeds about the city, its calls and its people, newest first.

    Deeds about applications stay with the city: the Center reads their counts.
    """
    events = Event.objects.filter(city_id=city_id, subject_type__in=TOLD).select_related("actor")
    return [
        Deed(sentence(event.tag, str(event.actor or event.actor_name), event.data), event.created_at)
        for event in events.order_by("-created_at", "-id")[:LATEST]
    ]
