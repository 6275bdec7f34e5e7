"""The outbox: what is to be told to whom, committed together with the deed that it tells of."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.models import TenantModel


class Message(TenantModel):
    """One thing to tell one person. Also the person's inbox in the app, where ``recipient`` is known.

    Holds a kind and ids, never text; ``residents/notices`` registers what renders a kind. The one
    exception is ``sealed_body`` of a sign-in code: encrypted, and erased once sent or expired.
    """

    doors = frozenset({"person"})

    class Priority(models.IntegerChoices):
        CODE = 0, _("Sign-in code")
        NOTICE = 5, _("Notice")

    MAX_ATTEMPTS: ClassVar[int] = 20
    FEW_ATTEMPTS: ClassVar[int] = 5
    """For an address that is refused, and (in ``outbox_claim``, ``outbox_erase``) for what kills each worker."""

    kind = models.CharField(max_length=60)
    subject_id = models.UUIDField(null=True)
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=10, default="en")
    data = models.JSONField(default=dict)
    sealed_body = models.TextField(blank=True)
    key = models.CharField(max_length=160)
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NOTICE)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=200, blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "key"], name="message_key_once")]
        indexes = [
            models.Index(
                fields=["priority", "created_at"],
                condition=models.Q(sent_at__isnull=True, failed_at__isnull=True),
                name="message_waiting",
            ),
            models.Index(
                fields=["failed_at"],
                condition=models.Q(failed_at__isnull=False),
                name="message_failed",
            ),
            models.Index(fields=["recipient", "-created_at"], name="message_inbox"),
        ]
