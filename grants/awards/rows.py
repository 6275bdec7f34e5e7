"""One application as the ranking shows it, and what may be done with it there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grants.applications.states import Status as ApplicationStatus

from .marks import Mark
from .states import CAN_OFFER_AGAIN, HOLDS_MONEY


@dataclass(slots=True)
class Row:
    """One application in the ranking. ``amount`` is what stands in its input.

    Of one's own nothing of its reviews is told, nor of one that the reader has yet to score (``is_unread``).
    """

    facts: Mapping[str, Any]
    mark: Mark
    amount: str
    is_ticked: bool
    is_own: bool
    is_low: bool
    fails_gate: bool
    error: str = ""
    is_unread: bool = False

    def __getitem__(self, name: str) -> Any:
        return self.facts[name]

    @property
    def hex(self) -> str:
        key: UUID = self.facts["id"]
        return key.hex

    @property
    def place(self) -> str:
        """Latitude and longitude, if they are known."""
        latitude, longitude = self.facts["latitude"], self.facts["longitude"]
        return "" if latitude is None or longitude is None else f"{latitude} {longitude}"

    @property
    def is_funded(self) -> bool:
        """Say whether an award for it stands."""
        return self.facts["award_status"] in HOLDS_MONEY

    @property
    def can_be_awarded(self) -> bool:
        return not self.is_own and is_awardable(self.facts["status"], self.facts["award_status"])

    @property
    def can_be_declined(self) -> bool:
        return not self.is_own and self.facts["status"] == ApplicationStatus.ELIGIBLE

    @property
    def can_be_undone(self) -> bool:
        return not self.is_own and self.facts["status"] == ApplicationStatus.UNFUNDED


def is_awardable(status: str, award_status: str) -> bool:
    """Say whether an application of these statuses may be offered money."""
    return status == ApplicationStatus.ELIGIBLE or (
        status == ApplicationStatus.AWARDED and award_status in CAN_OFFER_AGAIN
    )


OF_REVIEWS = ("assigned_count", "scored_count", "score_mean", "score_spread", "recommended_cents")


def without_reviews(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's facts without what its reviews said, for whoever applied, or has yet to score it."""
    return {**facts, **dict.fromkeys(OF_REVIEWS), "fails_gate": False}


def suggested_cents(facts: Mapping[str, Any]) -> int | None:
    """Return what to offer first: what reviewers recommend, at most what was asked for."""
    asked, recommended = facts["requested_cents"], facts["recommended_cents"]
    amounts: list[int] = [cents for cents in (asked, recommended) if cents]
    return min(amounts) if amounts else None
