"""The sheets of a call's workbook, row by row."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cities.documents.job import Job
from cities.documents.writers import Cell, Cents, Workbook
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from grants.cycles.models import Cycle
from grants.reviews.queries import unread_by

from .models import Disbursement, Receipt
from .report import Rows, left_out_words
from .states import Method, ReceiptStatus, Status

CHUNK = 1000
"""Rows that are fetched at a time through the server's cursor."""


def write_sheets(book: Workbook, job: Job, cycle: Cycle, rows: Rows) -> None:
    """Write what the workbook is, then a sheet for each kind of row."""
    currency = job.place.currency
    book.facts(_("About"), job.title, _about(job, cycle, rows))
    applications = _applications(
        job.follow(rows.applications.order_by("submitted_at", "pk").iterator(CHUNK)), currency, job.requester
    )
    book.sheet(_("Applications"), _application_headings(), applications, widths=(16, 34, 24, 24, 20, 20))
    awards = rows.awards.select_related("application").order_by("reference", "pk")
    book.sheet(
        _("Awards"),
        _award_headings(),
        _awards(job.follow(awards.iterator(CHUNK)), currency),
        widths=(16, 34, 24, 26),
    )
    paid = rows.disbursements.select_related("award", "requested_by", "approved_by", "recorded_by").order_by(
        "requested_at", "pk"
    )
    book.sheet(
        _("Payments"),
        _payment_headings(),
        _payments(job.follow(paid.iterator(CHUNK))),
        widths=(18, 16, 16, 26),
    )
    receipts = rows.receipts.select_related("award", "decided_by").order_by("uploaded_at", "pk")
    book.sheet(
        _("Receipts"),
        _receipt_headings(),
        _receipts(job.follow(receipts.iterator(CHUNK)), currency),
        widths=(16, 16, 24),
    )


def _about(job: Job, cycle: Cycle, rows: Rows) -> list[tuple[str, Cell]]:
    facts: list[tuple[str, Cell]] = [
        (_("City"), job.place.name),
        (_("Call"), cycle.name),
        (_("As of"), job.as_of),
        (_("Times are those of"), job.place.timezone),
        (_("Currency"), job.place.currency),
        (_("Asked for by"), str(job.requester)),
    ]
    return [*facts, (_("Left out"), left_out_words(rows.left_out))] if rows.left_out else facts


def _application_headings() -> list[str]:
    return [
        _("Reference"), _("Project"), _("Applicant"), _("Group"), _("Neighborhood"), _("Category"), _("Status"), _("Asked for"),
        _("Sent"), _("Scores"), _("Mean score"), _("Spread"), _("Recommended"), _("Awarded"), _("Paid"), _("Proved"), _("Back in the pool"),
        _("Reason"),
    ]  # fmt: skip


def _applications(rows: Iterator[Application], currency: str, requester: Any) -> Iterator[list[Cell]]:
    unread = set(unread_by(requester).values_list("application", flat=True))
    for row in rows:
        scores: list[Cell] = [
            row.scored_count,
            row.score_mean,
            row.score_spread,
            _cents(row.recommended_cents, currency),
        ]
        if row.applicant_id == requester.pk or row.pk in unread:
            # Nobody reads what reviewers said of their own application, nor before their own scores are in.
            scores = [None] * len(scores)
        yield [
            row.reference, row.title, row.applicant_name, row.group_name, row.neighborhood, row.category,
            str(ApplicationStatus(row.status).label), _cents(row.requested_cents, currency), row.submitted_at, *scores,
            _cents(None if row.awarded_cents is None else row.current_cents, currency), _cents(row.paid_cents, currency),
            _cents(row.proved_cents, currency), _cents(row.released_cents, currency), row.decision_reason or row.screening_reason,
        ]  # fmt: skip


def _award_headings() -> list[str]:
    return [
        _("Reference"), _("Project"), _("Applicant"), _("Paid to"), _("Status"), _("Asked for"), _("Awarded"), _("Paid"), _("Proved"),
        _("Paid, not proved"), _("Back in the pool"), _("Offered"), _("Answered"), _("Starts"), _("Ends"), _("Conditions"),
    ]  # fmt: skip


def _awards(rows: Iterator[Award], currency: str) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.reference, row.title, row.application.applicant_name, row.payee_name, str(AwardStatus(row.status).label),
            _cents(row.requested_cents, currency), _cents(row.current_cents, currency), _cents(row.paid_cents, currency),
            _cents(row.proved_cents, currency), _cents(row.unproved_cents, currency), _cents(row.released_cents, currency), row.offered_at, row.answered_at, row.starts_on,
            row.ends_on, row.conditions,
        ]  # fmt: skip


def _payment_headings() -> list[str]:
    return [
        _("Payment"), _("Award"), _("Status"), _("Paid to"), _("Amount"), _("Method"), _("What it is for"), _("Requested by"),
        _("Requested"), _("Approved by"), _("Approved"), _("Recorded by"), _("Paid on"), _("Voucher or check number"), _("Reason"),
    ]  # fmt: skip


def _payments(rows: Iterator[Disbursement]) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.reference, row.award.reference, str(Status(row.status).label), row.payee_name, Cents(row.amount_cents, row.currency),
            str(Method(row.method).label), row.purpose, str(row.requested_by), row.requested_at, _name(row.approved_by),
            row.approved_at, _name(row.recorded_by), row.paid_on, row.voucher_number, row.reason,
        ]  # fmt: skip


def _receipt_headings() -> list[str]:
    return [
        _("Award"), _("Status"), _("Shop"), _("Bought on"), _("Total"), _("Accepted"), _("What you bought"), _("Budget line"),
        _("Sent"), _("Decided by"), _("Decided"), _("Reason"), _("Fingerprint (SHA-256)"),
    ]  # fmt: skip


def _receipts(rows: Iterator[Receipt], currency: str) -> Iterator[list[Cell]]:
    for row in rows:
        yield [
            row.award.reference, str(ReceiptStatus(row.status).label), row.vendor, row.bought_on, _cents(row.amount_cents, currency),
            _cents(row.accepted_cents, currency), row.what, row.category, row.uploaded_at, _name(row.decided_by), row.decided_at,
            row.reason, row.sha256,
        ]  # fmt: skip


def _cents(amount: int | None, currency: str) -> Cents | None:
    return None if amount is None else Cents(amount, currency)


def _name(person: Any) -> str:
    return str(person) if person else ""
