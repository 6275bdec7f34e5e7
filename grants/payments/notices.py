"""What a grantee is told about the money of an award, a requester about a refusal, and a deputy about their seat."""

from datetime import date
from typing import Any
from uuid import UUID

from cities.access.models import User
from cities.interface.formats import day, money
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from grants.applications.conflicts import without_conflict
from grants.awards.models import Award
from residents.notices.registry import Letter, letter, renders

from .models import Deputy, Disbursement, Receipt, Return
from .seats import may_sit
from .states import Seat

LETTERS = "grants/payments/notices"


def payment_made(disbursement: Disbursement) -> None:
    """Tell the grantee that money went out, to whom, how and when."""
    _tell_about_payment("payment-made", disbursement)


def payment_voided(disbursement: Disbursement) -> None:
    """Tell the grantee that a payment they were told of did not happen, and why."""
    _tell_about_payment("payment-voided", disbursement)


def payment_misrecorded(disbursement: Disbursement) -> None:
    """Tell the grantee that a payment they have was recorded wrongly and is recorded again."""
    _tell_about_payment("payment-misrecorded", disbursement)


def payment_refused(disbursement: Disbursement) -> None:
    """Tell whoever requested a payment that it was refused, by whom and why; nobody of their own deed, or without the seat."""
    award, person = disbursement.award, disbursement.requested_by
    if disbursement.ended_by == person or not may_sit(person, award.city_id, Seat.FINANCE):
        return
    for recipient in without_conflict([person], award.application_id):
        enqueue(
            "payment-refused",
            key=f"payment-refused:{disbursement.pk}",
            subject_id=disbursement.pk,
            recipient=recipient,
            reference=disbursement.reference,
            title=award.title,
            cents=disbursement.amount_cents,
            payee=disbursement.payee_name,
            reason=disbursement.reason,
            who=str(disbursement.ended_by),
        )


def receipt_decided(receipt: Receipt, *, event_id: UUID) -> None:
    """Tell the grantee what the city said to a receipt, once per decision."""
    enqueue(
        "receipt-decided",
        key=f"receipt-decided:{event_id}",
        subject_id=receipt.award_id,
        recipient=receipt.award.applicant,
        status=receipt.status,
        vendor=receipt.vendor,
        amount_cents=receipt.amount_cents,
        accepted_cents=receipt.accepted_cents,
        reason=receipt.reason,
        **_about(receipt.award),
    )


def receipt_undone(receipt: Receipt, *, event_id: UUID) -> None:
    """Tell the grantee that what the city said to a receipt doesn't hold any more, and that it is looked at again."""
    enqueue(
        "receipt-undone",
        key=f"receipt-undone:{event_id}",
        subject_id=receipt.award_id,
        recipient=receipt.award.applicant,
        vendor=receipt.vendor,
        amount_cents=receipt.amount_cents,
        **_about(receipt.award),
    )


def return_recorded(row: Return) -> None:
    """Tell the grantee that the city has what they gave back."""
    _tell_about_return("return-recorded", row, reason=row.reason)


def return_undone(row: Return, *, reason: str) -> None:
    """Tell the grantee that a return they were told of doesn't count, and why."""
    _tell_about_return("return-undone", row, reason=reason)


def award_completed(award: Award, *, released_cents: int, event_id: UUID) -> None:
    """Tell the grantee that all is done, and thank them; or that it ended before anything was paid."""
    enqueue(
        "award-completed",
        key=f"award-completed:{event_id}",
        subject_id=award.pk,
        recipient=award.applicant,
        released_cents=released_cents,
        **_about(award),
    )


def deputy_answered(deputy: Deputy, said: str, *, actor: User, reason: str = "") -> None:
    """Tell the deputy, and whoever named them, that it was ``approved``, ``refused``, ``withdrawn`` or ``ended``; not who did so."""
    for person in {deputy.person, deputy.nominated_by} - {actor}:
        enqueue(
            "deputy-answered",
            key=f"deputy-{said}:{deputy.pk}:{person.pk}",
            subject_id=deputy.pk,
            recipient=person,
            said=said,
            seat=deputy.seat,
            name=str(deputy.person),
            is_own=person == deputy.person,
            reason=reason,
        )


def _tell_about_payment(kind: str, disbursement: Disbursement) -> None:
    award = disbursement.award
    enqueue(
        kind,
        key=f"{kind}:{disbursement.pk}",
        subject_id=award.pk,
        recipient=award.applicant,
        cents=disbursement.amount_cents,
        payee=disbursement.payee_name,
        method=disbursement.method,
        purpose=disbursement.purpose,
        paid_on=disbursement.paid_on.isoformat() if disbursement.paid_on else "",
        reason=disbursement.reason,
        **_about(award),
    )


def _tell_about_return(kind: str, row: Return, *, reason: str) -> None:
    enqueue(
        kind,
        key=f"{kind}:{row.pk}",
        subject_id=row.award_id,
        recipient=row.award.applicant,
        cents=row.amount_cents,
        returned_on=row.returned_on.isoformat(),
        voucher=row.reference,
        reason=reason,
        **_about(row.award),
    )


def award_reopened(award: Award, *, reason: str, event_id: UUID) -> None:
    """Tell the grantee that a completed grant is open again, and why."""
    enqueue(
        "award-reopened",
        key=f"award-reopened:{event_id}",
        subject_id=award.pk,
        recipient=award.applicant,
        reason=reason,
        **_about(award),
    )


def _about(award: Award) -> dict[str, Any]:
    """Return all that every letter says of the award, so that writing it asks the database nothing."""
    return {
        "reference": award.reference,
        "title": award.title,
        "awarded_cents": award.current_cents,
        "paid_total_cents": award.paid_cents,
        "proved_total_cents": award.proved_cents,
        "unproved_cents": award.unproved_cents,
        "unpaid_cents": award.unpaid_cents,
    }


@renders("payment-made")
def payment_made_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("payment_made", message)


@renders("payment-voided")
def payment_voided_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("payment_voided", message)


@renders("payment-misrecorded")
def payment_misrecorded_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("payment_misrecorded", message)


@renders("payment-refused")
def payment_refused_letter(message: Message, _secret: str | None) -> Letter:
    return letter(
        f"{LETTERS}/payment_refused",
        message,
        path=f"/{message.city.slug}/staff/payments/{message.subject_id}/",
        amount=money(message.data["cents"], message.city.currency),
    )


@renders("receipt-decided")
def receipt_decided_letter(message: Message, _secret: str | None) -> Letter:
    return _letter(f"receipt_{message.data['status']}", message)


@renders("receipt-undone")
def receipt_undone_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("receipt_undone", message)


@renders("return-recorded")
def return_recorded_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("return_recorded", message)


@renders("return-undone")
def return_undone_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("return_undone", message)


@renders("award-completed")
def award_completed_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("award_completed" if message.data["paid_total_cents"] else "award_ended", message)


@renders("award-reopened")
def award_reopened_letter(message: Message, _secret: str | None) -> Letter:
    return _letter("award_reopened", message)


@renders("deputy-answered")
def deputy_answered_letter(message: Message, _secret: str | None) -> Letter:
    data = message.data
    return letter(
        f"{LETTERS}/deputy_{data['said']}",
        message,
        path=f"/{message.city.slug}/staff/payments/",
        seat=Seat(data["seat"]).label,
    )


def _letter(name: str, message: Message) -> Letter:
    data, currency = message.data, message.city.currency
    amounts = {
        key.removesuffix("_cents"): money(cents, currency)
        for key, cents in data.items()
        if key.endswith("_cents") and cents is not None
    }
    return letter(
        f"{LETTERS}/{name}",
        message,
        path=f"/{message.city.slug}/awards/{message.subject_id}/",
        amount=money(data.get("cents", data.get("amount_cents", 0)), currency),
        paid_on=_day(data, "paid_on"),
        returned_on=_day(data, "returned_on"),
        in_all=amounts,
    )


def _day(data: dict[str, Any], name: str) -> str:
    return day(date.fromisoformat(data[name])) if data.get(name) else ""
