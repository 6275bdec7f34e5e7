"""Projects: what becomes of an award on the block, told by its people and published by the city."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.constraints import SameCity
from cities.tenancy.models import TenantModel, TenantQuerySet
from cities.tenancy.tickets import fingerprint
from grants.awards.models import Award

from .states import Status, UpdateStatus


def roughly(degrees: float | None) -> float | None:
    """Return a latitude or longitude to about a block: what everybody sees leads to nobody's door."""
    return None if degrees is None else round(degrees, 3)


class ProjectQuerySet(TenantQuerySet["Project"]):
    def published(self) -> "ProjectQuerySet":
        """Projects that everybody may see."""
        return self.filter(published_at__isnull=False)


class Project(TenantModel):
    """What one award pays for, on its block. Opens when the award is accepted; the city publishes it."""

    doors = frozenset({"public"})

    award = models.ForeignKey(Award, on_delete=models.PROTECT, db_constraint=False, related_name="projects")
    lead = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it is about"), max_length=1000, blank=True)
    group_name = models.CharField(_("group"), max_length=160, blank=True)
    neighborhood = models.CharField(max_length=120, blank=True)
    place = models.CharField(max_length=250, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    """Kept rounded (:func:`roughly`), and empty where the map shows no point; the application has the exact one."""
    status = models.CharField(max_length=10, choices=Status, default=Status.PLANNED)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    cover_id = models.UUIDField(null=True, blank=True)
    """The photo shown in lists: one of a published update."""
    update_count = models.PositiveSmallIntegerField(default=0)
    waiting_count = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    """When it was taken off the public pages, until it is shown again: publishing an update doesn't do that."""
    created_at = models.DateTimeField(auto_now_add=True)
    last_activity_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Any] = ProjectQuerySet.as_tenant_manager()

    class Meta:
        constraints = [
            SameCity("award"),
            models.UniqueConstraint(fields=["city", "award"], name="project_one_per_award"),
            models.CheckConstraint(
                name="project_status_known", condition=Q(status__in=sorted(Status.values))
            ),
            models.CheckConstraint(
                name="project_shown_or_hidden",
                condition=Q(published_at__isnull=True) | Q(hidden_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["city", "-last_activity_at", "-id"], name="project_by_activity")]

    def __str__(self) -> str:
        return self.title

    @property
    def seen(self) -> str:
        """The ticket of what a page showed of it; a deed sends it back."""
        words = (self.title, self.group_name, self.place, self.latitude, self.longitude)
        return fingerprint(self.status, self.published_at, self.hidden_at, *words)


class Update(TenantModel):
    """A word and photos from the block. Seen by everybody once the city published it."""

    doors = frozenset({"public"})

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_constraint=False, related_name="updates"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("what happened"), max_length=4000)
    happened_on = models.DateField(_("when"))
    status = models.CharField(max_length=10, choices=UpdateStatus, default=UpdateStatus.WAITING)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        constraints = [
            SameCity("project"),
            models.CheckConstraint(
                name="update_status_known", condition=Q(status__in=sorted(UpdateStatus.values))
            ),
            models.CheckConstraint(
                name="update_published_by_somebody",
                condition=~Q(status="published") | Q(published_at__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="update_hidden_has_reason",
                condition=~Q(status="hidden") | Q(reason__gt=""),
                violation_error_message=_("Please give a reason. The author will read it."),
            ),
        ]
        indexes = [models.Index(fields=["city", "project", "-happened_on"], name="update_by_project")]

    @property
    def seen(self) -> str:
        """The ticket of what a page showed of it; a decision sends it back."""
        return fingerprint(self.status, self.published_at, self.reason)


class Photo(TenantModel):
    """One photo of an update, stored re-encoded, without where and when it was taken."""

    doors = frozenset({"public"})

    update = models.ForeignKey(Update, on_delete=models.CASCADE, db_constraint=False, related_name="photos")
    file = models.FileField(max_length=200)
    name = models.CharField(max_length=200)
    alt = models.CharField(_("what the photo shows"), max_length=200, blank=True)
    content_type = models.CharField(max_length=60)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [SameCity("update")]
        indexes = [models.Index(fields=["city", "update"], name="photo_by_update")]
