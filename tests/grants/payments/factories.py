"""An award with its money in the books, as accepting one leaves it, and people for the three seats."""

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from cities.access.models import Role
from cities.audit import trail
from cities.audit.trail import SEEDER
from cities.tenancy.actions import action
from cities.tenancy.models import City, new_id
from grants.applications.states import Status as ApplicationStatus
from grants.applications.uploads import StoredFile
from grants.applications.uploads.keeping import thumbnail_key
from grants.awards.models import Award
from grants.awards.money import release_lines
from grants.awards.states import Status
from grants.ledger.posting import Deed, Line, post
from grants.ledger.queries import told
from grants.ledger.states import AccountKind, EntryKind
from grants.payments.actions import (
    NewReceipt,
    add_receipt,
    approve_disbursement,
    record_payment,
    request_disbursement,
)
from tests.factories import ApplicationFactory, make_member

POOL = 2_400_000


@action
def fund(cycle: Any, cents: int = POOL) -> None:
    """Money into a cycle's pool, as receipt and allocation leave it."""
    entry = post(
        Deed(EntryKind.ALLOCATION, f"fund:{new_id()}", cycle, SEEDER),
        [
            Line(AccountKind.FUNDING, cycle.city_id, -cents),
            Line(AccountKind.AVAILABLE, cycle.pk, cents, pool_id=cycle.pk),
        ],
    )
    trail.record("cycle:allocate", actor=SEEDER, subject=cycle, **told(entry))


@action
def commit(award: Award) -> None:
    cents, pool = award.amount_cents, award.cycle_id
    entry = post(
        Deed(EntryKind.COMMITMENT, f"commitment:{award.pk}", award, SEEDER),
        [
            Line(AccountKind.AVAILABLE, pool, -cents, pool_id=pool),
            Line(AccountKind.OBLIGATED, award.pk, -cents, pool_id=pool),
            Line(AccountKind.COMMITTED, award.pk, cents, pool_id=pool),
            Line(AccountKind.TO_PROVE, award.pk, cents, pool_id=pool),
        ],
    )
    trail.record("award:offer", actor=SEEDER, subject=award, **told(entry))


@action
def release(award: Award) -> None:
    """Put the money of an offer that ended back, as declining it does."""
    entry = post(Deed(EntryKind.DEOBLIGATION, f"release:{award.pk}", award, SEEDER), release_lines(award))
    Award.objects.filter(pk=award.pk).update(released_cents=award.amount_cents)
    trail.record("award:decline", actor=SEEDER, subject=award, **told(entry))


@action
def make_award(amount_cents: int = 185_300, status: Status = Status.ACCEPTED, **fields: Any) -> Award:
    """An accepted award in the open city, its money committed from a funded pool."""
    who = {"applicant": fields.pop("applicant")} if "applicant" in fields else {}
    application = fields.pop("application", None) or ApplicationFactory(
        submitted=True,
        status=ApplicationStatus.AWARDED,
        award_status=status,
        awarded_cents=amount_cents,
        **who,
    )
    fund(application.cycle)
    award = Award(
        application=application,
        cycle=application.cycle,
        applicant=application.applicant,
        payee_name=fields.pop("payee_name", "Riverbend CDC"),
        reference=application.reference,
        title=application.title,
        status=status,
        amount_cents=amount_cents,
        **fields,
    )
    if status in {Status.ACCEPTED, Status.COMPLETED}:
        award.signatory = fields.get("signatory") or application.applicant
        award.answered_at = timezone.now() - timedelta(days=30)
    award.save(force_insert=True)
    commit(award)
    if status in {Status.DECLINED, Status.RESCINDED}:
        release(award)
    return award


def make_trio(city: City, word: str = "") -> tuple[Any, Any, Any]:
    """Three people for the three seats: finance, approver, and a second one of finance."""
    return (
        make_member(city, Role.FINANCE, name=f"Fay {word}".strip()),
        make_member(city, Role.APPROVER, name=f"Ada {word}".strip()),
        make_member(city, Role.FINANCE, name=f"Rex {word}".strip()),
    )


def requested(award: Award, actor: Any, cents: int = 60_000, **fields: Any) -> Any:
    fields = {"payee_name": "Riverbend CDC", "method": "check", "purpose": "Advance", **fields}
    return request_disbursement(award.pk, amount_cents=cents, actor=actor, **fields)


def paid(award: Award, trio: tuple[Any, Any, Any], cents: int = 60_000, **fields: Any) -> Any:
    """A payment that went all its way."""
    disbursement = requested(award, trio[0], cents, **fields)
    approve_disbursement(disbursement.pk, actor=trio[1])
    accepted_on = timezone.localdate(award.answered_at, timezone=award.city.zone)
    paid_on = max(yesterday(), accepted_on)
    return record_payment(disbursement.pk, paid_on=paid_on, voucher_number="CHK-1001", actor=trio[2])


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def stored(word: str = "receipt") -> StoredFile:
    """A picture that lies in the storage already."""
    key = default_storage.save(f"attachments/{new_id().hex}", ContentFile(word.encode()))
    default_storage.save(thumbnail_key(key), ContentFile(word.encode()))
    return StoredFile(key, f"{word}.jpg", "image/jpeg", len(word), f"{abs(hash(word)):064x}"[:64], 600, 800)


def receipt_of(award: Award, cents: int = 10_000, *, actor: Any = None, word: str = "", **said: Any) -> Any:
    """A receipt that waits for the city."""
    said = {
        "vendor": "Hill Hardware",
        "bought_on": yesterday(),
        "what": "Lumber",
        "category": "Supplies",
        **said,
    }
    picture = stored(word or new_id().hex)
    return add_receipt(
        award.pk, NewReceipt(amount_cents=cents, **said), picture, actor=actor or award.applicant
    )
