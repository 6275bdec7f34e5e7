"""What the Center runs: cohorts of cities. Program grants and tranches join them later."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.tenancy.constraints import SameCity
from cities.tenancy.models import City, TenantModel


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
