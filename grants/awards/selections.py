"""Ticked rows on their way to one decision about all of them: what will happen to how many, and what is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.tenancy.models import City
from grants.applications.desk.permissions import visible_to
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.cycles.funding.queries import Standing, standings
from grants.cycles.funding.turns import missing_sentence
from grants.cycles.models import Cycle
from grants.reviews.queries import unread_by

from .actions.awarding import ANSWER_DAYS, Chosen, standard_conditions
from .actions.declining import Declined
from .forms import OfferForm, ReasonsForm
from .picks import Picks, to_uuid
from .rows import is_awardable


@dataclass(frozen=True, slots=True)
class Line:
    """One ticked row: its amount or reason, and why it can't be decided so (empty if it can)."""

    application: Application
    cents: int = 0
    reason: str = ""
    obstacle: str = ""

    @property
    def mean(self) -> Decimal | None:
        """The mean score, as far as the person may read it."""
        row: Any = self.application
        return None if row.is_unread else row.score_mean

    @property
    def is_less(self) -> bool:
        asked = self.application.requested_cents
        return asked is not None and self.cents < asked


@dataclass
class Selection:
    """Base of both: which rows, where to go back to, and whether the person has confirmed."""

    data: QueryDict
    user: Any
    city: City
    lines: list[Line] = field(default_factory=list)

    @property
    def is_confirmed(self) -> bool:
        return "confirmed" in self.data

    @property
    def address(self) -> str:
        address = self.data.get("address", "")
        return address if address.startswith("?") else ""

    @property
    def willing(self) -> Sequence[Line]:
        return [line for line in self.lines if not line.obstacle]

    @property
    def left_out(self) -> Sequence[Line]:
        return [line for line in self.lines if line.obstacle]

    def _found(self, ids: Sequence[UUID]) -> list[Application]:
        rows = visible_to(self.user, self.city).filter(pk__in=ids).select_related("cycle").defer("search")
        return list(rows.annotate(is_unread=Q(pk__in=unread_by(self.user))).order_by("reference"))

    def _obstacle(self, application: Application, *, allowed: bool) -> str:
        if application.applicant_id == self.user.pk:
            return _("This is your own application. A colleague has to decide about it.")
        return "" if allowed else _("It is “%(status)s”.") % {"status": application.get_status_display()}


@dataclass
class Offers(Selection):
    """Ticked rows that are to get money. Once confirmed, ``offers`` names each row and its amount in one field."""

    form: OfferForm = field(default_factory=OfferForm)

    @property
    def picks(self) -> Picks:
        return Picks.of(self.data, self.city.currency)

    @property
    def cents(self) -> Mapping[UUID, int]:
        if not self.is_confirmed:
            return self.picks.cents
        pairs = (text.partition(":") for text in self.data.get("offers", "").split())
        return {
            key: int(cents)
            for name, _colon, cents in pairs
            if (key := to_uuid(name)) and cents.isdecimal() and len(cents) <= 15  # noqa: PLR2004  fits a bigint
        }

    def chosen(self) -> list[Chosen]:
        said = self.form.cleaned_data
        return [
            Chosen(key, cents, said["conditions"], said["answer_by_on"]) for key, cents in self.cents.items()
        ]

    def read(self) -> "Offers":
        """Look at the rows as they are now, and fill the form with what the call asks for."""
        cents = self.cents
        self.lines = [
            Line(
                row,
                cents[row.pk],
                obstacle=self._obstacle(row, allowed=is_awardable(row.status, row.award_status)),
            )
            for row in self._found(list(cents))
        ]
        if self.lines and not self.form.is_bound:
            terms = self.lines[0].application.cycle.award_terms
            self.form.initial = {
                "conditions": standard_conditions(terms),
                "answer_by_on": answer_by(self.city),
            }
        return self

    @property
    def cycle(self) -> Cycle:
        cycle: Cycle = self.lines[0].application.cycle
        return cycle

    @property
    def standing(self) -> Standing:
        return standings([self.cycle])[self.cycle.pk]

    @property
    def total_cents(self) -> int:
        return sum(line.cents for line in self.willing)

    @property
    def packed(self) -> str:
        """The willing rows with their amounts, as the confirmed form sends them."""
        return " ".join(f"{line.application.pk}:{line.cents}" for line in self.willing)

    def shortage(self, available_cents: int) -> str:
        """Say what is missing and whose turn it is; empty if there is enough."""
        missing = self.total_cents - available_cents
        return missing_sentence(self.cycle, missing) if missing > 0 else ""


def answer_by(city: City) -> date:
    return timezone.localdate(timezone=city.zone) + timedelta(days=ANSWER_DAYS)


@dataclass
class Refusals(Selection):
    """Ticked rows that get no money: one reason for all, or words of their own."""

    form: ReasonsForm = field(default_factory=ReasonsForm)

    @property
    def ids(self) -> list[UUID]:
        return Picks.of(self.data, self.city.currency).ids

    def own_reason(self, key: UUID) -> str:
        return self.data.get(f"reason-{key}", "").strip()[:2000]

    def chosen(self) -> list[Declined]:
        shared = self.form.cleaned_data["reason"].strip()
        return [Declined(key, self.own_reason(key) or shared) for key in self.ids]

    def read(self) -> "Refusals":
        """Look at the rows as they are now."""
        self.lines = [
            Line(
                row,
                reason=self.own_reason(row.pk),
                obstacle=self._obstacle(row, allowed=row.status == ApplicationStatus.ELIGIBLE),
            )
            for row in self._found(self.ids)
        ]
        return self
