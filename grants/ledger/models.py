"""The books: accounts, entries and their postings, balances, and the calls that moved money."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.constraints import SameCity
from cities.tenancy.models import TenantModel, TenantQuerySet

from .states import KINDS_OF_A_POOL, AccountKind, EntryKind


class Account(TenantModel):
    """One line of a tenant's books, for one subject in one currency. Append-only.

    ``subject_id`` is a program grant, the city itself, a cycle or an award, by ``kind``; ``pool_id`` is the
    cycle from whose pool the money came, where there is one.
    """

    kind = models.CharField(max_length=14, choices=AccountKind)
    subject_id = models.UUIDField()
    pool_id = models.UUIDField(null=True, blank=True)
    currency = models.CharField(max_length=3)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            # The subject first: every deed looks for all accounts of one.
            models.UniqueConstraint(fields=["city", "subject_id", "kind", "currency"], name="account_once"),
            models.CheckConstraint(
                name="account_kind_known", condition=Q(kind__in=sorted(AccountKind.values))
            ),
        ]
        indexes = [models.Index(fields=["city", "pool_id", "kind"], name="account_by_pool")]


class Balance(TenantModel):
    """What an account holds now, in minor units. Written by a trigger on postings only; the web role reads it.

    ``kind`` and ``pool_id`` are the account's, so that a pool of thousands of accounts is summed without looking each up.
    """

    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, related_name="balances"
    )
    kind = models.CharField(max_length=14, choices=AccountKind)
    pool_id = models.UUIDField(null=True, blank=True)
    cents = models.BigIntegerField(default=0)
    may_be_negative = models.BooleanField(default=False)

    class Meta:
        constraints = [
            SameCity("account"),
            models.UniqueConstraint(fields=["city", "account"], name="balance_once"),
            models.CheckConstraint(
                name="balance_not_negative",
                condition=Q(may_be_negative=True) | Q(cents__gte=0),
                violation_error_message=_("There is not enough money for this."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["city", "pool_id"], condition=Q(kind__in=KINDS_OF_A_POOL), name="balance_by_pool"
            )
        ]


class EntryQuerySet(TenantQuerySet["Entry"]):
    def about(self, subject_id: UUID) -> "EntryQuerySet":
        """Entries of one program grant, cycle, award, disbursement or receipt, oldest first."""
        return self.filter(subject_id=subject_id).order_by("posted_at", "id")


class Entry(TenantModel):
    """One event of money, made of postings that sum to zero. Append-only: mistakes are reversed.

    ``key`` makes it happen once per city. ``amount_cents`` is what it is about: its largest posting, since an award's
    money stands twice. ``transaction_id`` is set by a trigger: postings join their entry in
    its own database transaction only.
    """

    kind = models.CharField(max_length=14, choices=EntryKind)
    key = models.CharField(max_length=120)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    amount_cents = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    occurred_on = models.DateField()
    memo = models.CharField(max_length=200, blank=True)
    reverses = models.ForeignKey(
        "self", on_delete=models.PROTECT, db_constraint=False, null=True, blank=True, related_name="reversals"
    )
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60, blank=True)
    posted_at = models.DateTimeField(auto_now_add=True)
    transaction_id = models.BigIntegerField(editable=False, default=0)

    sides: tuple[tuple[UUID, int], ...] | None = None
    """Account and amount of each posting, on an entry that was written just now."""

    objects: ClassVar[Any] = EntryQuerySet.as_tenant_manager()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            SameCity("reverses"),
            models.UniqueConstraint(fields=["city", "key"], name="entry_key_once"),
            models.UniqueConstraint(
                fields=["city", "reverses"],
                name="entry_reversed_once",
                violation_error_message=_("This was reversed already."),
            ),
            models.CheckConstraint(name="entry_amount_positive", condition=Q(amount_cents__gt=0)),
            models.CheckConstraint(
                name="entry_has_actor", condition=Q(actor__isnull=False) ^ ~Q(actor_name="")
            ),
            models.CheckConstraint(name="entry_kind_known", condition=Q(kind__in=sorted(EntryKind.values))),
            models.CheckConstraint(
                name="entry_reversal_names_entry",
                condition=Q(kind="reversal", reverses__isnull=False)
                | (~Q(kind="reversal") & Q(reverses__isnull=True)),
            ),
            models.CheckConstraint(name="entry_reverses_another", condition=~Q(reverses=F("id"))),
        ]
        indexes = [
            models.Index(fields=["city", "subject_id", "posted_at"], name="entry_by_subject"),
            models.Index(fields=["city", "-posted_at", "-id"], name="entry_by_time"),
        ]


class Posting(TenantModel):
    """One side of an entry: so much onto (positive) or off (negative) an account, in minor units. Append-only."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, db_constraint=False, related_name="postings")
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, db_constraint=False, related_name="postings"
    )
    cents = models.BigIntegerField()

    class Meta:
        constraints = [
            SameCity("entry"),
            SameCity("account"),
            models.UniqueConstraint(fields=["city", "entry", "account"], name="posting_account_once"),
            models.CheckConstraint(name="posting_not_zero", condition=~Q(cents=0)),
        ]
        indexes = [models.Index(fields=["city", "account"], name="posting_by_account")]


class MoneyCall(TenantModel):
    """A call that moved money, or was refused, and what it was answered. Append-only.

    The same key with the same body is answered the same again; with another body it is refused.
    """

    key = models.CharField(max_length=80)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    deed = models.CharField(max_length=60)
    body_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "key"], name="moneycall_key_once")]
