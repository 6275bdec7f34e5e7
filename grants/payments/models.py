"""Money paid and proved: disbursements, deputies who help with them, receipts, money returned."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.constraints import SameCity
from cities.tenancy.models import TenantModel, TenantQuerySet
from grants.awards.models import Award
from grants.cycles.models import Cycle

from .states import UNDER_WAY, Method, ReceiptStatus, Seat, Status


class DisbursementQuerySet(TenantQuerySet["Disbursement"]):
    def under_way(self) -> "DisbursementQuerySet":
        return self.filter(status__in=UNDER_WAY)


class Disbursement(TenantModel):
    """One payment on an award: requested, approved and recorded as paid by three different people.

    None of them is a party of the award; what was requested is never changed (a trigger holds both). A paid one has
    its entry in the ledger, which a deferred trigger demands.
    """

    award = models.ForeignKey(
        Award, on_delete=models.PROTECT, db_constraint=False, related_name="disbursements"
    )
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED)
    amount_cents = models.PositiveBigIntegerField(_("amount"))
    currency = models.CharField(max_length=3)
    payee_name = models.CharField(_("payee"), max_length=160)
    method = models.CharField(_("method"), max_length=10, choices=Method)
    purpose = models.CharField(_("what it is for"), max_length=200, blank=True)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    voucher_number = models.CharField(_("voucher or check number"), max_length=60, blank=True)
    voucher_key = models.GeneratedField(
        expression=Lower("voucher_number"), output_field=models.CharField(max_length=60), db_persist=True
    )
    """What two voucher numbers are compared by. Kept, since under row-level security no index serves ``lower()``."""
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    """Why it was refused or voided, and by whom (``ended_by``)."""

    objects: ClassVar[Any] = DisbursementQuerySet.as_tenant_manager()

    class Meta:
        constraints = [
            SameCity("award"),
            models.UniqueConstraint(fields=["city", "award", "number"], name="disbursement_number_once"),
            models.CheckConstraint(
                name="disbursement_amount_positive",
                condition=Q(amount_cents__gt=0),
                violation_error_message=_("A payment is more than nothing."),
            ),
            models.CheckConstraint(
                name="disbursement_status_known", condition=Q(status__in=sorted(Status.values))
            ),
            models.CheckConstraint(
                name="disbursement_approver_is_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                violation_error_message=_("Whoever requested a payment can’t approve it."),
            ),
            models.CheckConstraint(
                name="disbursement_recorder_is_a_third",
                condition=Q(recorded_by__isnull=True)
                | (~Q(recorded_by=F("requested_by")) & ~Q(recorded_by=F("approved_by"))),
                violation_error_message=_("Whoever requested or approved a payment can’t record it as paid."),
            ),
            models.CheckConstraint(
                name="disbursement_approved_by_somebody",
                condition=~Q(status__in=["approved", "paid", "voided"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="disbursement_paid_by_somebody",
                condition=~Q(status__in=["paid", "voided"])
                | Q(
                    recorded_by__isnull=False,
                    recorded_at__isnull=False,
                    paid_on__isnull=False,
                    voucher_number__gt="",
                ),
                violation_error_message=_("A paid disbursement has a day and a voucher number."),
            ),
            models.CheckConstraint(
                name="disbursement_ended_has_reason",
                condition=~Q(status__in=["refused", "voided"])
                | Q(ended_by__isnull=False, ended_at__isnull=False, reason__gt=""),
                violation_error_message=_("Please give a reason."),
            ),
        ]
        indexes = [
            models.Index(fields=["city", "award"], name="disbursement_by_award"),
            models.Index(fields=["city", "status", "-requested_at", "-id"], name="disbursement_queue"),
            models.Index(fields=["city", "-requested_at", "-id"], name="disbursement_of_city"),
            models.Index(fields=["-requested_at", "-id"], name="disbursement_by_time"),
            models.Index(
                fields=["city", "status"],
                include=["award", "requested_by", "approved_by", "amount_cents"],
                name="disbursement_under_way",
                condition=Q(status__in=sorted(UNDER_WAY)),
            ),
            models.Index(
                fields=["city", "voucher_key"], name="disbursement_voucher", condition=Q(status="paid")
            ),
        ]

    @property
    def reference(self) -> str:
        """What people call it: ``BAL-2026-0042/1``."""
        return f"{self.award.reference}/{self.number}"


class DisbursementTotal(TenantModel):
    """How many payments of one call were ever requested by one method, and their sum in minor units.

    Written by a trigger as payments are inserted; the web role reads it. None is ever deleted, and what a payment
    is of stays as it was, so these are the payments of the city, whatever became of them.
    """

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    method = models.CharField(max_length=10, choices=Method)
    count = models.PositiveIntegerField()
    cents = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            SameCity("cycle"),
            models.UniqueConstraint(fields=["city", "cycle", "method"], name="disbursementtotal_once"),
        ]


class Deputy(TenantModel):
    """Somebody who takes a seat at a payment where a city has too few people; nominated there, approved by the Center."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField(max_length=10, choices=Seat)
    reason = models.CharField(_("why a deputy is needed"), max_length=300)
    nominated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deputies"
        constraints = [
            models.UniqueConstraint(
                fields=["city", "person", "seat"],
                condition=Q(ended_at__isnull=True),
                name="deputy_open_once",
                violation_error_message=_("This person is a deputy for this seat already."),
            ),
            models.CheckConstraint(
                name="deputy_approved_by_another",
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("nominated_by")) & ~Q(approved_by=F("person"))),
                violation_error_message=_("Nobody approves a deputy that they named, or themselves."),
            ),
        ]


class Receipt(TenantModel):
    """A photographed receipt: what was bought, and how much of it the city accepts as proof.

    The picture is stored re-encoded and private. ``possible_duplicate_of`` names an earlier receipt with the same picture, or
    the same shop, day and amount.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, db_constraint=False, related_name="receipts")
    status = models.CharField(max_length=10, choices=ReceiptStatus, default=ReceiptStatus.SUBMITTED)
    vendor = models.CharField(_("shop"), max_length=120)
    bought_on = models.DateField(_("bought on"))
    amount_cents = models.PositiveBigIntegerField(_("total"))
    what = models.CharField(_("what you bought"), max_length=200, blank=True)
    category = models.CharField(_("budget line"), max_length=80, blank=True)
    accepted_cents = models.PositiveBigIntegerField(null=True, blank=True)
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    file = models.FileField(max_length=200)
    file_name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    possible_duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, db_constraint=False, null=True, blank=True, related_name="+"
    )
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            SameCity("award"),
            SameCity("possible_duplicate_of"),
            models.CheckConstraint(
                name="receipt_amount_positive",
                condition=Q(amount_cents__gt=0),
                violation_error_message=_("A receipt is about more than nothing."),
            ),
            models.CheckConstraint(
                name="receipt_status_known", condition=Q(status__in=sorted(ReceiptStatus.values))
            ),
            models.CheckConstraint(
                name="receipt_accepted_within_amount",
                condition=Q(accepted_cents__isnull=True) | Q(accepted_cents__lte=F("amount_cents")),
                violation_error_message=_("No more can be accepted than the receipt says."),
            ),
            models.CheckConstraint(
                name="receipt_decided_by_another",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("uploaded_by")),
                violation_error_message=_("Whoever sent a receipt can’t decide about it."),
            ),
            models.CheckConstraint(
                name="receipt_decision_is_whole",
                condition=Q(status__in=["submitted", "removed"])
                | Q(status="accepted", accepted_cents=F("amount_cents"), decided_by__isnull=False)
                | Q(
                    status="partly",
                    accepted_cents__gt=0,
                    accepted_cents__lt=F("amount_cents"),
                    reason__gt="",
                    decided_by__isnull=False,
                )
                | Q(status="refused", accepted_cents=0, reason__gt="", decided_by__isnull=False),
                violation_error_message=_("Please give a reason. The grantee will read it."),
            ),
        ]
        indexes = [
            models.Index(fields=["city", "award"], name="receipt_by_award"),
            models.Index(fields=["city", "status", "uploaded_at"], name="receipt_queue"),
            models.Index(fields=["city", "sha256"], name="receipt_by_picture"),
        ]

    @property
    def is_slip(self) -> bool:
        """Whether it was taken back before anybody decided about it."""
        return self.status == ReceiptStatus.REMOVED and self.decision_count == 0

    @property
    def outside_period(self) -> str:
        """Say ``before`` or ``after`` if it was bought outside of the award's period of performance."""
        if self.award.starts_on and self.bought_on < self.award.starts_on:
            return "before"
        return "after" if self.award.ends_on and self.bought_on > self.award.ends_on else ""


class Return(TenantModel):
    """Money that a grantee gave back to the city."""

    award = models.ForeignKey(Award, on_delete=models.PROTECT, db_constraint=False, related_name="returns")
    amount_cents = models.PositiveBigIntegerField(_("amount"))
    returned_on = models.DateField(_("returned on"))
    reference = models.CharField(_("voucher or check number"), max_length=60)
    reason = models.CharField(_("reason"), max_length=300)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            SameCity("award"),
            models.CheckConstraint(
                name="return_amount_positive",
                condition=Q(amount_cents__gt=0),
                violation_error_message=_("A return is more than nothing."),
            ),
        ]
        indexes = [models.Index(fields=["city", "award"], name="return_by_award")]
