"""One payment followed all the way down: award, application, seats, books, trail, receipts, and the Center's money."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import Http404

from cities.audit.models import Event, Seal
from cities.audit.sentences import sentence
from grants.applications.desk.dossier import Dossier, applications_on_the_desk
from grants.ledger.models import Entry, Posting
from grants.payments.models import Disbursement, Receipt
from grants.payments.states import ReceiptStatus, Status
from grants.programs.models import Tranche

from .disbursements import columns, marks_of
from .marks import Mark

MOST_EVENTS = 200
PEOPLE = ("requested_by", "approved_by", "recorded_by", "ended_by")


@dataclass(frozen=True, slots=True)
class Told:
    """One event of the trail as a sentence, with its seal (``None`` while it waits)."""

    event: Event
    words: str
    seal: Seal | None


@dataclass(frozen=True, slots=True)
class Posted:
    """One entry of the books with its sides."""

    entry: Entry
    sides: list[Posting]


@dataclass(frozen=True, slots=True)
class Followed:
    """Everything that the Center's page of one payment shows. Amounts are minor units of its currency."""

    disbursement: Disbursement
    marks: list[Mark]
    unproved_cents: int
    dossier: Dossier
    receipts: list[Receipt]
    siblings: list[Disbursement]
    books: list[Posted]
    trail: list[Told]
    tranches: list[Tranche]

    @property
    def proved_cents(self) -> int:
        """Return the part of the payment that receipts cover, or that came back."""
        is_paid = self.disbursement.status == Status.PAID
        return self.disbursement.amount_cents - self.unproved_cents if is_paid else 0


def disbursements_everywhere() -> Any:
    """Return payments of all cities with all that their page names."""
    return Disbursement.objects.select_related("award", "award__cycle", "award__signatory", "city", *PEOPLE)


def receipts_everywhere() -> Any:
    """Return receipts of all cities that were not taken back."""
    return Receipt.objects.exclude(status=ReceiptStatus.REMOVED).select_related("award", "city")


def follow(disbursement: Disbursement, today: date) -> Followed:
    """Read all that stands behind a payment, through the Center's door, in a fixed number of statements."""
    line = columns(Disbursement.objects.filter(pk=disbursement.pk), today).get()
    award = disbursement.award
    receipts = list(
        Receipt.objects.filter(award=award)
        .select_related("award", "city", "uploaded_by", "decided_by", "possible_duplicate_of__award")
        .order_by("-uploaded_at", "-id")
    )
    siblings = list(award.disbursements.order_by("number"))
    for row in siblings:
        row.award = award
    # Also what came back, and receipts that were taken back: else the books of the award would not add up.
    rows = [*siblings, *receipts, *award.returns.all()]
    about = [award.pk, award.application_id, *(row.pk for row in rows)]
    application = applications_on_the_desk().filter(pk=award.application_id).first()
    if application is None:
        raise Http404
    return Followed(
        disbursement,
        marks_of(line),
        line["unproved_cents"],
        Dossier(application),
        [row for row in receipts if row.status != ReceiptStatus.REMOVED],
        siblings,
        _books(disbursement.city_id, about),
        _trail(disbursement, about),
        list(
            Tranche.objects.filter(recipient=disbursement.city_id)
            .select_related("program_grant")
            .prefetch_related("receipts")
            .order_by("-sent_on", "-id")
        ),
    )


def _books(city_id: UUID, about: list[UUID]) -> list[Posted]:
    rows = Entry.objects.filter(city_id=city_id, subject_id__in=about).select_related("actor")
    entries = rows.prefetch_related("postings__account").order_by("posted_at", "id")
    return [Posted(entry, sorted(entry.postings.all(), key=lambda side: side.cents)) for entry in entries]


def _trail(disbursement: Disbursement, about: list[UUID]) -> list[Told]:
    rows = Event.objects.filter(Q(city_id=disbursement.city_id), subject_id__in=about).select_related("actor")
    events = list(rows.order_by("-created_at", "-id")[:MOST_EVENTS])
    seals = {seal.event_id: seal for seal in Seal.objects.filter(event__in=[event.pk for event in events])}
    return [Told(event, _words(event, disbursement.currency), seals.get(event.pk)) for event in events]


def _words(event: Event, currency: str) -> str:
    return sentence(event.tag, str(event.actor or event.actor_name), event.data, currency=currency)
