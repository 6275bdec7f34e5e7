"""What the Center runs: cohorts of cities, the grants they get and the money sent; and the cities' answers to it."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.constraints import SameCity
from cities.tenancy.managers import RecipientManager
from cities.tenancy.models import City, TenantModel, TenantQuerySet


class Cohort(TenantModel):
    """A group of cities that the Center funds together, for example “2024–26”. Lies in the Center's tenant."""

    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("starts"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    grant_cents = models.PositiveBigIntegerField(
        _("grant per city"), default=0, help_text=_("Minor units of US dollars.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "name"],
                name="cohort_name_once",
                violation_error_message=_("There is a cohort of this name already."),
            ),
            models.CheckConstraint(
                name="cohort_days_in_order",
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gt=models.F("starts_on")),
                violation_error_message=_("A cohort ends after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CohortMember(TenantModel):
    """A city's place in a cohort. Lies in the Center's tenant and names the city as ``recipient``."""

    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, db_constraint=False, related_name="members")
    recipient = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            SameCity("cohort"),
            models.UniqueConstraint(fields=["city", "cohort", "recipient"], name="cohortmember_once"),
        ]


class ProgramGrant(TenantModel):
    """What the Center grants to one city. Lies in the Center's tenant; the recipient reads it."""

    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, db_constraint=False, related_name="grants", null=True, blank=True
    )
    recipient = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("reference"), max_length=40)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    amount_cents = models.PositiveBigIntegerField(_("amount"))
    currency = models.CharField(max_length=3)
    starts_on = models.DateField(_("starts"))
    ends_on = models.DateField(_("ends"))
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    sent_cents = models.PositiveBigIntegerField(default=0)
    """Kept by :func:`.actions.send_tranche`; the ledger knows the same."""

    objects: ClassVar[Any] = TenantQuerySet.as_tenant_manager()
    received: ClassVar[Any] = RecipientManager()

    class Meta:
        constraints = [
            SameCity("cohort"),
            models.UniqueConstraint(fields=["recipient", "id"], name="programgrant_recipient"),
            models.UniqueConstraint(
                fields=["city", "reference"],
                name="programgrant_reference_once",
                violation_error_message=_("There is a program grant of this reference already."),
            ),
            models.CheckConstraint(
                name="programgrant_amount_positive",
                condition=models.Q(amount_cents__gt=0),
                violation_error_message=_("A grant is more than nothing."),
            ),
            models.CheckConstraint(
                name="programgrant_sent_within_amount",
                condition=models.Q(sent_cents__lte=models.F("amount_cents")),
                violation_error_message=_("No more can be sent than was granted."),
            ),
            models.CheckConstraint(
                name="programgrant_days_in_order",
                condition=models.Q(ends_on__gt=models.F("starts_on")),
                violation_error_message=_("A grant ends after it starts."),
            ),
        ]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="programgrant_by_recipient")]

    def __str__(self) -> str:
        return self.reference


class Tranche(TenantModel):
    """Money that the Center sent to a city. Lies in the Center's tenant; the recipient reads it. Never changed."""

    program_grant = models.ForeignKey(
        ProgramGrant, on_delete=models.PROTECT, db_constraint=False, related_name="tranches"
    )
    recipient = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    amount_cents = models.PositiveBigIntegerField(_("amount"))
    currency = models.CharField(max_length=3)
    sent_on = models.DateField(_("sent on"))
    bank_reference = models.CharField(_("bank reference"), max_length=60)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = TenantQuerySet.as_tenant_manager()
    received: ClassVar[Any] = RecipientManager()

    class Meta:
        constraints = [
            SameCity("program_grant"),
            SameCity("program_grant", by="recipient", of="recipient"),
            models.UniqueConstraint(fields=["recipient", "id"], name="tranche_recipient"),
            models.UniqueConstraint(fields=["city", "program_grant", "number"], name="tranche_number_once"),
            models.CheckConstraint(
                name="tranche_amount_positive",
                condition=models.Q(amount_cents__gt=0),
                violation_error_message=_("A tranche is more than nothing."),
            ),
        ]
        indexes = [models.Index(fields=["recipient", "-sent_on"], name="tranche_by_recipient")]


class GrantAcceptance(TenantModel):
    """A city's yes to a program grant, given by its finance. Lies in the city's tenant."""

    program_grant = models.ForeignKey(
        ProgramGrant, on_delete=models.PROTECT, db_constraint=False, related_name="acceptances"
    )
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            SameCity("program_grant", of="recipient"),
            models.UniqueConstraint(
                fields=["city", "program_grant"],
                name="grantacceptance_once",
                violation_error_message=_("This program grant is accepted already."),
            ),
        ]


class TrancheReceipt(TenantModel):
    """A city's word that a tranche arrived at its bank. Lies in the city's tenant."""

    tranche = models.ForeignKey(
        Tranche, on_delete=models.PROTECT, db_constraint=False, related_name="receipts"
    )
    received_on = models.DateField(_("received on"))
    bank_reference = models.CharField(_("bank reference"), max_length=60, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            SameCity("tranche", of="recipient"),
            models.UniqueConstraint(
                fields=["city", "tranche"],
                name="tranchereceipt_once",
                violation_error_message=_("This tranche is confirmed already."),
            ),
        ]
