"""``manage.py verify``: what awards, payments and receipts repeat of the books is what the books say."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from cities.audit.verification import Findings, check, required_triggers
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope

required_triggers.add(("grants_disbursement", "keep_totals"))

_AWARDS = """
SELECT w.reference, w.status, w.amount_cents, w.paid_cents, w.proved_cents, w.released_cents,
       p.paid_cents, p.proved_cents, p.released_cents,
       coalesce(sum(b.cents) FILTER (WHERE a.kind = 'paid'), 0), coalesce(sum(b.cents) FILTER (WHERE a.kind = 'proved'), 0),
       coalesce(sum(b.cents) FILTER (WHERE a.kind = 'committed'), 0)
FROM grants_award w
JOIN grants_application p ON p.city_id = w.city_id AND p.id = w.application_id
LEFT JOIN grants_account a ON a.city_id = w.city_id AND a.subject_id = w.id
LEFT JOIN grants_balance b ON b.city_id = a.city_id AND b.account_id = a.id
WHERE w.city_id = %(city)s GROUP BY w.id, p.id ORDER BY w.reference
"""
_PAYMENTS = """
SELECT w.reference || '/' || d.number, d.status, d.amount_cents, d.currency, d.paid_on,
       e.amount_cents, e.currency, e.occurred_on, r.id IS NOT NULL
FROM grants_disbursement d
JOIN grants_award w ON w.city_id = d.city_id AND w.id = d.award_id
LEFT JOIN grants_entry e ON e.city_id = d.city_id AND e.kind = 'payment' AND e.subject_id = d.id
LEFT JOIN grants_entry r ON r.city_id = e.city_id AND r.reverses_id = e.id
WHERE d.city_id = %(city)s ORDER BY d.id
"""
_SEATS = """
SELECT w.reference || '/' || d.number FROM grants_disbursement d
JOIN grants_award w ON w.city_id = d.city_id AND w.id = d.award_id
WHERE d.city_id = %(city)s AND (
    d.requested_by_id = d.approved_by_id OR d.requested_by_id = d.recorded_by_id OR d.approved_by_id = d.recorded_by_id
    OR ARRAY[d.requested_by_id, d.approved_by_id, d.recorded_by_id] && ARRAY[w.applicant_id, w.payee_id, w.signatory_id])
"""
_RECEIPTS = """
SELECT r.id, coalesce(r.accepted_cents, 0), coalesce(sum(CASE WHEN v.id IS NULL THEN e.amount_cents ELSE 0 END), 0)
FROM grants_receipt r
LEFT JOIN grants_entry e ON e.city_id = r.city_id AND e.kind = 'substantiation' AND e.subject_id = r.id
LEFT JOIN grants_entry v ON v.city_id = e.city_id AND v.reverses_id = e.id
WHERE r.city_id = %(city)s GROUP BY r.id
"""

_RETURNS = """
SELECT r.id, r.amount_cents, r.returned_on, e.amount_cents, e.occurred_on
FROM grants_return r
LEFT JOIN grants_entry e ON e.city_id = r.city_id AND e.kind = 'return' AND e.subject_id = r.id
WHERE r.city_id = %(city)s ORDER BY r.id
"""
_TOTALS = """
SELECT c.slug, coalesce(t.method, d.method), coalesce(t.count, 0), coalesce(t.cents, 0), coalesce(d.count, 0), coalesce(d.cents, 0)
FROM (SELECT cycle_id, method, count, cents FROM grants_disbursementtotal WHERE city_id = %(city)s) t
FULL JOIN (
    SELECT w.cycle_id, d.method, count(*) AS count, sum(d.amount_cents) AS cents FROM grants_disbursement d
    JOIN grants_award w ON w.city_id = d.city_id AND w.id = d.award_id
    WHERE d.city_id = %(city)s GROUP BY w.cycle_id, d.method
) d ON d.cycle_id = t.cycle_id AND d.method = t.method
JOIN grants_cycle c ON c.city_id = %(city)s AND c.id = coalesce(t.cycle_id, d.cycle_id) ORDER BY 1, 2
"""


@check("awards against the ledger")
def awards_in_ledger(findings: Findings) -> None:
    """What an award and its application say is paid, proved and left to pay is what their accounts hold; an ended award holds nothing back."""
    for city in _cities():
        for row in _rows(city, _AWARDS):
            (
                reference,
                status,
                amount,
                paid,
                proved,
                released,
                flat_paid,
                flat_proved,
                flat_released,
                held_paid,
                held_proved,
                committed,
            ) = row
            findings.examined += 1
            place = f"{city.slug}, award {reference}"
            for word, said, flat, held in (
                ("paid", paid, flat_paid, held_paid),
                ("proved", proved, flat_proved, held_proved),
                ("released", released, flat_released, amount - held_paid - committed),
            ):
                if said != held:
                    findings.broke(place, f"says {said} is {word}, the books say {held}")
                # An application whose award was declined may have another one, which its columns are about.
                if flat != held and status in {"accepted", "completed"}:
                    findings.broke(place, f"its application says {flat} is {word}, the books say {held}")
            if status == "completed" and (committed or held_paid != held_proved):
                findings.broke(
                    place,
                    f"is completed with {committed} committed, {held_paid} paid and {held_proved} proved",
                )
            if held_paid + committed > amount:
                findings.broke(place, f"holds {held_paid + committed} of {amount}")


@check("payments against the ledger")
def payments_in_ledger(findings: Findings) -> None:
    """A payment is paid exactly if its entry stands in the books, and voided exactly if that is reversed."""
    for city in _cities():
        for reference, status, cents, currency, paid_on, posted, unit, posted_on, is_reversed in _rows(
            city, _PAYMENTS
        ):
            findings.examined += 1
            place = f"{city.slug}, payment {reference}"
            should = {"paid": (True, False), "voided": (True, True)}.get(status, (False, False))
            if (posted is not None, bool(is_reversed)) != should:
                findings.broke(place, f"is {status}, and the books say otherwise")
            elif posted is not None and (cents, currency, paid_on) != (posted, unit, posted_on):
                findings.broke(
                    place,
                    f"is of {cents} {currency} on {paid_on}, the books say {posted} {unit} on {posted_on}",
                )


@check("totals of payments")
def totals_of_payments(findings: Findings) -> None:
    """The kept totals are the payments of their call and method."""
    for city in _cities():
        for call, method, kept, kept_cents, count, cents in _rows(city, _TOTALS):
            findings.examined += 1
            if (kept, kept_cents) != (count, cents):
                findings.broke(
                    f"{city.slug}, payments of {call} by {method}",
                    f"kept as {kept} of {kept_cents} together, there are {count} of {cents}",
                )


@check("three people at a payment")
def three_people(findings: Findings) -> None:
    """Whoever requested, approved and recorded a payment are different people, and none a party of the award."""
    for city in _cities():
        for (reference,) in _rows(city, _SEATS):
            findings.broke(
                f"{city.slug}, payment {reference}", "two seats were taken by one person, or one by a party"
            )


@check("receipts against the ledger")
def receipts_in_ledger(findings: Findings) -> None:
    """What was accepted of a receipt is what stands in the books for it."""
    for city in _cities():
        for receipt, accepted, posted in _rows(city, _RECEIPTS):
            findings.examined += 1
            if accepted != posted:
                findings.broke(
                    f"{city.slug}, receipt {receipt}", f"says {accepted} is accepted, the books say {posted}"
                )


@check("returns against the ledger")
def returns_in_ledger(findings: Findings) -> None:
    """What a grantee gave back stands in the books, with its amount and day."""
    for city in _cities():
        for row, cents, day, posted, posted_on in _rows(city, _RETURNS):
            findings.examined += 1
            place = f"{city.slug}, return {row}"
            if posted is None:
                findings.broke(place, "has no entry in the books")
            elif (cents, day) != (posted, posted_on):
                findings.broke(place, f"is of {cents} on {day}, the books say {posted} on {posted_on}")


def _cities() -> Iterator[City]:
    yield from City.objects.cities().order_by("slug")


def _rows(city: City, statement: str) -> list[tuple[Any, ...]]:
    with city_scope(city), connection.cursor() as cursor:
        cursor.execute(statement, {"city": city.pk})
        return list(cursor.fetchall())
