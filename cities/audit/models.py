"""The audit trail: events written with the deed, and seals that chain them afterwards."""

from django.db import models

from cities.access.models import User
from cities.tenancy.constraints import SameCity
from cities.tenancy.models import City, TenantModel


class Event(TenantModel):
    """One deed: who did what to which row, and what mattered before and after. Append-only.

    Written unchained, in the deed's own transaction: a chain head locked until commit would bring a
    city down to a few dozen writes a second. :class:`Seal` chains it moments later.
    """

    tag = models.CharField(max_length=60)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60, blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="event_has_actor", condition=models.Q(actor__isnull=False) ^ ~models.Q(actor_name="")
            )
        ]
        indexes = [
            models.Index(
                fields=["city", "subject_type", "subject_id", "created_at"], name="event_by_subject"
            ),
            models.Index(fields=["city", "-created_at"], name="event_by_time"),
        ]


class Seal(TenantModel):
    """A link of a city's chain: ``hash = SHA-256(previous ‖ canonical event)``.

    Appended by the database function ``seal(city)`` only; the web role can't insert here.
    """

    seq = models.BigIntegerField()
    event = models.ForeignKey(Event, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    hash = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        constraints = [
            SameCity("event"),
            models.UniqueConstraint(fields=["city", "seq"], name="seal_seq_once"),
            models.UniqueConstraint(fields=["city", "event"], name="seal_event_once"),
        ]


class SignedHead(TenantModel):
    """The head of a chain, signed with a key outside the database. Kept in the Center's tenant.

    Hashing alone can't catch an owner who rebuilds a chain; a signed head can.
    """

    chain_of = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+")
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    signed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "chain_of", "seq"], name="signedhead_once")]


class Reading(TenantModel):
    """One look of the Center at what belongs to cities. Append-only; only the Center's role can add one.

    A list, total or map over cities is one row in the Center's tenant, which every city may read. Opening,
    downloading or exporting one city's record is a row in that city.
    """

    written_across_tenants = True

    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    filter = models.JSONField(default=dict, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["city", "-read_at", "-id"], name="reading_by_time")]
