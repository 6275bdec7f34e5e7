"""Reviews: one reviewer's scores of one application."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.constraints import SameCity
from cities.tenancy.models import TenantModel, TenantQuerySet
from grants.applications.models import Application

from .states import COUNTS, Status


class ReviewQuerySet(TenantQuerySet["Review"]):
    def of(self, user: Any) -> "ReviewQuerySet":
        """A person's own reviews, done or to do."""
        return self.filter(reviewer=user, status__in=COUNTS)


class Review(TenantModel):
    """One reviewer's sheet for one application: gates, points per criterion, bonus, words, recommended amount.

    Points stand by the rubric's keys, as the reviewer types them; ``total`` is worked out on submission and
    counts only then. ``version`` is the writer's ticket, counted up by each save.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, db_constraint=False, related_name="reviews"
    )
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.ASSIGNED)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(auto_now_add=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    cleared_at = models.DateTimeField(null=True, blank=True)
    """When the reviewer said that they have no conflict of interest: before that, the file stays closed."""
    gates = models.JSONField(default=dict, blank=True)
    scores = models.JSONField(default=dict, blank=True)
    bonus = models.JSONField(default=dict, blank=True)
    words = models.JSONField(default=dict, blank=True)
    """Comments by criterion key."""
    comment = models.TextField(_("comment"), max_length=4000, blank=True)
    recommended_cents = models.PositiveBigIntegerField(_("recommended amount"), null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)
    total = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    passes_gates = models.BooleanField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = ReviewQuerySet.as_tenant_manager()

    class Meta:
        constraints = [
            SameCity("application"),
            models.UniqueConstraint(
                fields=["city", "application", "reviewer"],
                condition=Q(status__in=["assigned", "submitted"]),
                name="review_once",
                violation_error_message=_("This person reviews this application already."),
            ),
            models.CheckConstraint(name="review_status_known", condition=Q(status__in=sorted(Status.values))),
            models.CheckConstraint(
                name="review_submitted_is_complete",
                condition=~Q(status="submitted") | Q(total__isnull=False, submitted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["city", "reviewer", "status"], name="review_by_reviewer"),
            models.Index(fields=["city", "application"], name="review_by_application"),
            models.Index(
                fields=["city", "application"],
                name="review_fails_gate",
                condition=Q(status="submitted", passes_gates=False),
            ),
        ]
