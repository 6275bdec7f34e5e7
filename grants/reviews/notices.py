"""What reviewers are told."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from cities.access.models import User
from cities.interface.formats import day
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from residents.notices.registry import Letter, letter, renders


def reviews_assigned(
    reviewer: User, *, count: int, calls: Sequence[str], due_on: date | None, batch: UUID
) -> None:
    """Ask a person to review: one letter for all that was assigned at once. It names no application."""
    enqueue(
        "reviews-assigned",
        key=f"reviews-assigned:{batch}:{reviewer.pk}",
        recipient=reviewer,
        count=count,
        calls=", ".join(calls),
        due_on=due_on.isoformat() if due_on else "",
    )


def reviews_outdated(reviewers: Sequence[User], *, call: str, event_id: UUID) -> None:
    """Tell people whose score counts no longer that the applicant changes what was sent. It names no application."""
    for reviewer in reviewers:
        enqueue(
            "reviews-outdated",
            key=f"reviews-outdated:{event_id}:{reviewer.pk}",
            recipient=reviewer,
            call=call,
        )


@renders("reviews-outdated")
def render_reviews_outdated(message: Message, _secret: str | None) -> Letter:
    return letter("grants/reviews/notices/outdated", message, path=f"/{message.city.slug}/review/")


@renders("reviews-assigned")
def render_reviews_assigned(message: Message, _secret: str | None) -> Letter:
    due_on = message.data["due_on"]
    return letter(
        "grants/reviews/notices/assigned",
        message,
        path=f"/{message.city.slug}/review/",
        due=day(date.fromisoformat(due_on)) if due_on else "",
    )
