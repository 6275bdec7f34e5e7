"""What each deed locks first: the award, then its payment or receipt, then (by posting) the accounts."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from cities.access.models import User
from cities.tenancy.prepared import Prepared, kept_cursor
from grants.applications.conflicts import require_none
from grants.applications.models import Application
from grants.awards.models import Award
from grants.ledger.posting import Line, lock_accounts
from grants.ledger.states import AccountKind
from grants.payments.models import Disbursement, Receipt


def _with_award(rows: Any) -> Any:
    # PostgreSQL locks a row's tables in the order of ``of``, and reads again what it had to wait for.
    rows = rows.select_related("award__city", "award__applicant")
    return rows.select_for_update(no_key=True, of=("award", "self"))


_DISBURSEMENT = Prepared(lambda key: _with_award(Disbursement.objects.filter(pk=key)))
_RECEIPT = Prepared(lambda key: _with_award(Receipt.objects.filter(pk=key)))

# Row-level security holds for both halves. The award is locked, so nobody else is at its application's sums.
_KEEP_SUMS = f"""
WITH application AS (
    UPDATE {Application._meta.db_table}
    SET paid_cents = %(paid)s, proved_cents = %(proved)s, released_cents = %(released)s, last_activity_at = %(now)s
    WHERE id = %(application)s AND city_id = %(city)s
)
UPDATE {Award._meta.db_table}
SET paid_cents = %(paid)s, proved_cents = %(proved)s, released_cents = %(released)s,
    disbursement_count = %(disbursements)s, receipt_count = %(receipts)s, last_activity_at = %(now)s
WHERE id = %(award)s AND city_id = %(city)s
"""  # noqa: S608  only names of our own tables are put in


def lock_award(award_id: UUID) -> Award:
    """Lock and return an award of the open city."""
    award: Award = (
        Award.objects.select_related("city").select_for_update(no_key=True, of=("self",)).get(pk=award_id)
    )
    return award


def lock_disbursement(disbursement_id: UUID) -> Disbursement:
    """Lock a payment and its award, the award first. Both are on the returned row, with city and applicant."""
    disbursement: Disbursement = _DISBURSEMENT.get(disbursement_id)
    return disbursement


def lock_receipt(receipt_id: UUID) -> Receipt:
    """Lock a receipt and its award, the award first. Both are on the returned row, with city and applicant."""
    receipt: Receipt = _RECEIPT.get(receipt_id)
    return receipt


def lock_awards_of_copies(receipt_id: UUID) -> list[UUID]:
    """Lock the awards of a receipt and of those that look like it, in the order of their ids, and return these."""
    copies = Receipt.objects.filter(Q(pk=receipt_id) | Q(possible_duplicate_of=receipt_id))
    awards = Award.objects.filter(pk__in=copies.values("award")).order_by("pk")
    return list(awards.select_for_update(no_key=True).values_list("pk", flat=True))


def require_no_conflict(actor: User, award: Award) -> None:
    """Raise ``ConflictOfInterestError`` if the actor declared one with the award's application."""
    require_none(actor, award.application_id)


def line(kind: AccountKind, award: Award, cents: int) -> Line:
    """So much onto or off one of the award's accounts; the pool is its cycle."""
    return Line(kind, award.pk, cents, pool_id=award.cycle_id)


def held(award: Award) -> dict[AccountKind, int]:
    """Lock the award's own accounts and return what they hold, in minor units."""
    kinds = (AccountKind.COMMITTED, AccountKind.PAID, AccountKind.TO_PROVE, AccountKind.PROVED)
    found = lock_accounts([line(kind, award, 0) for kind in kinds])
    return {kind: found[kind, award.pk] for kind in kinds}


def keep_sums(award: Award, *, paid_cents: int = 0, proved_cents: int = 0, released_cents: int = 0) -> None:
    """Add to what the award and its application repeat of the books, and note the activity."""
    award.paid_cents += paid_cents
    award.proved_cents += proved_cents
    award.released_cents += released_cents
    award.last_activity_at = timezone.now()
    with kept_cursor() as cursor:
        cursor.execute(
            _KEEP_SUMS,
            {
                "paid": award.paid_cents,
                "proved": award.proved_cents,
                "released": award.released_cents,
                "disbursements": award.disbursement_count,
                "receipts": award.receipt_count,
                "now": award.last_activity_at,
                "award": award.pk,
                "application": award.application_id,
                "city": award.city_id,
            },
        )


def today(award: Award) -> date:
    """Return the day that it is in the award's city."""
    return timezone.localdate(timezone=award.city.zone)
