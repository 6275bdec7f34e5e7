"""Documents: letters, reports and exports, made by a worker and kept as files."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from cities.access.models import User
from cities.tenancy.models import TenantModel

from .states import Status


class Document(TenantModel):
    """One report that somebody asked for: its kind, what it is about, how far it is, and the file.

    Kinds register themselves (:mod:`.registry`). ``progress`` is percent, written through a connection of its own while
    the content is read in one transaction. ``asked_at`` is when it was last asked for: it waits, and is kept, from
    then on. ``row_count`` and ``sha256`` say what the file held when it was made;
    ``rows_by_city`` (id and rows, of the Center's files) whose read log is told of each download.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    parameters = models.JSONField(default=dict, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)
    row_count = models.PositiveIntegerField(null=True, blank=True)
    rows_by_city = models.JSONField(default=dict, blank=True)
    file = models.FileField(max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    failure = models.CharField(max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="document_status_known", condition=Q(status__in=sorted(Status.values))
            ),
            models.CheckConstraint(name="document_progress_percent", condition=Q(progress__lte=100)),
            models.CheckConstraint(
                name="document_finished_has_file",
                condition=~Q(status="finished")
                | Q(file__gt="", sha256__gt="", size_bytes__isnull=False, progress=100),
            ),
            models.CheckConstraint(
                name="document_failed_has_reason", condition=~Q(status="failed") | Q(failure__gt="")
            ),
        ]
        indexes = [
            models.Index(fields=["city", "-created_at", "-id"], name="document_by_time"),
            models.Index(fields=["city", "subject_id"], name="document_by_subject"),
            models.Index(
                fields=["created_at"],
                condition=Q(status__in=["waiting", "running"]),
                name="document_under_way",
            ),
            models.Index(fields=["ended_at"], condition=Q(status="failed"), name="document_failed"),
        ]
