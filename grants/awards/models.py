"""Awards: a city's promises of money."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.constraints import SameCity
from cities.tenancy.models import TenantModel, TenantQuerySet
from grants.applications.models import Application
from grants.cycles.models import Cycle
from grants.cycles.parts import PAYMENT_MODES

from .states import HOLDS_MONEY, Status


class AwardQuerySet(TenantQuerySet["Award"]):
    def holding_money(self) -> "AwardQuerySet":
        """Awards whose money is committed or was spent."""
        return self.filter(status__in=HOLDS_MONEY)

    def of(self, user: Any) -> "AwardQuerySet":
        return self.filter(applicant=user)


class Award(TenantModel):
    """A city's promise of money to one application.

    Amounts are minor units of the city's currency. ``status`` moves only through :mod:`grants.awards.actions`.
    ``applicant``, ``payee`` and ``signatory`` are the parties: none of them may request, approve or record a
    payment, nor decide about a receipt (triggers hold it). ``paid_cents`` and ``proved_cents`` repeat the ledger,
    as does ``released_cents``: what went back to the pool, as a return, at the award's end or with an offer that ended.
    An application has one award that stands; one that was declined or taken back may be followed by another.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, db_constraint=False, related_name="awards"
    )
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, db_constraint=False, related_name="awards")
    applicant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    signatory = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    payee = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    payee_name = models.CharField(_("payee"), max_length=160)
    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.OFFERED)
    amount_cents = models.PositiveBigIntegerField(_("amount"))
    requested_cents = models.PositiveBigIntegerField(null=True, blank=True)
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    payment_mode = models.CharField(_("how it is paid"), max_length=40, blank=True)
    starts_on = models.DateField(_("period of performance starts"), null=True, blank=True)
    ends_on = models.DateField(_("period of performance ends"), null=True, blank=True)
    answer_by_on = models.DateField(_("answer by"), null=True, blank=True)
    offered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_reason = models.TextField(max_length=1000, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    paid_cents = models.PositiveBigIntegerField(default=0)
    proved_cents = models.PositiveBigIntegerField(default=0)
    released_cents = models.PositiveBigIntegerField(default=0)
    disbursement_count = models.PositiveSmallIntegerField(default=0)
    receipt_count = models.PositiveSmallIntegerField(default=0)
    last_activity_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = AwardQuerySet.as_tenant_manager()

    class Meta:
        constraints = [
            SameCity("application"),
            SameCity("cycle"),
            models.UniqueConstraint(
                fields=["city", "application"],
                condition=Q(status__in=sorted(HOLDS_MONEY)),
                name="award_one_per_application",
                violation_error_message=_("This application has an award already."),
            ),
            models.CheckConstraint(
                name="award_amount_positive",
                condition=Q(amount_cents__gt=0),
                violation_error_message=_("An award is more than nothing."),
            ),
            models.CheckConstraint(name="award_status_known", condition=Q(status__in=sorted(Status.values))),
            models.CheckConstraint(
                name="award_paid_within_amount",
                condition=Q(paid_cents__lte=F("amount_cents")),
                violation_error_message=_("No more can be paid than was awarded."),
            ),
            models.CheckConstraint(
                name="award_proved_within_amount",
                condition=Q(proved_cents__lte=F("amount_cents")),
                violation_error_message=_("No more can be proved than was awarded."),
            ),
            models.CheckConstraint(
                name="award_released_within_amount",
                condition=Q(released_cents__lte=F("amount_cents") - F("paid_cents")),
                violation_error_message=_("No more can be paid or go back than was awarded."),
            ),
            models.CheckConstraint(
                name="award_accepted_is_signed",
                condition=~Q(status__in=["accepted", "completed"])
                | Q(signatory__isnull=False, answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="award_days_in_order",
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The period ends after it starts."),
            ),
        ]
        indexes = [
            models.Index(fields=["city", "cycle", "status"], name="award_by_cycle"),
            models.Index(fields=["city", "applicant"], name="award_by_applicant"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def payment_mode_word(self) -> str:
        """How it is paid, in words; empty where the call doesn't say."""
        return str(PAYMENT_MODES.get(self.payment_mode, self.payment_mode))

    @property
    def is_lapsed(self) -> bool:
        """Whether an offer's last day to answer is over: on the city's calendar, by the server's clock."""
        today = timezone.localdate(timezone=self.city.zone)
        return self.status == Status.OFFERED and self.answer_by_on is not None and today > self.answer_by_on

    @property
    def current_cents(self) -> int:
        """What still stands of the promise: paid, or to be paid."""
        return self.amount_cents - self.released_cents

    @property
    def unpaid_cents(self) -> int:
        """What is still to be paid: what the books hold as committed."""
        return self.current_cents - self.paid_cents

    @property
    def unproved_cents(self) -> int:
        """What was paid and no accepted receipt covers."""
        return max(self.paid_cents - self.proved_cents, 0)
