"""Tokens: with one, a machine acts for a person, in one place."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.models import City, new_id


class Scope(models.TextChoices):
    READ = "read", _("Read only")
    WRITE = "write", _("Read and change")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def living(self) -> "ApiTokenQuerySet":
        """Neither revoked nor too old."""
        return self.filter(ended_at__isnull=True, expires_at__gt=Now())


class ApiToken(models.Model):
    """A person's leave for a machine to act for them in one place, until it expires or is revoked.

    ``place`` is a city or the Center, where the token has the role that its holder has at that moment; without
    one it has no role at all, like a resident at home. It belongs to a person, not to a city, since it is read
    before any door is open. Of the secret only the hash is kept: no copy of this table opens anything.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    place = models.ForeignKey(City, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(max_length=5, choices=Scope)
    secret_hash = models.CharField(max_length=64, unique=True)
    has_second_factor = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="apitoken_scope_known", condition=Q(scope__in=sorted(Scope.values))),
            models.CheckConstraint(
                name="apitoken_is_a_hash",
                condition=Q(secret_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106  a pattern
            ),
            models.CheckConstraint(
                name="apitoken_lasts_a_year_at_most",
                condition=Q(expires_at__gt=F("created_at"))
                & Q(expires_at__lte=F("created_at") + timedelta(days=366)),
            ),
        ]
        indexes = [models.Index(fields=["user"], name="apitoken_user")]

    def __str__(self) -> str:
        return self.name

    @property
    def can_write(self) -> bool:
        return self.scope == Scope.WRITE
