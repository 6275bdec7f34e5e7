"""Tenants: cities and the Center."""

import re
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.signals import class_prepared
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from .managers import TenantManager, TenantQuerySet
from .slugs import RESERVED_SLUGS

__all__ = ["City", "TenantManager", "TenantModel", "TenantQuerySet", "new_id"]


def new_id() -> UUID:
    """A UUIDv7: sorts by time of creation, tells strangers nothing about how many rows there are."""
    return uuid7()


def validate_timezone(value: str) -> None:
    from django.core.exceptions import ValidationError  # noqa: PLC0415

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValidationError(_("“%(zone)s” is not a time zone we know."), params={"zone": value}) from None


def default_languages() -> list[str]:
    return ["en"]


class CityQuerySet(models.QuerySet["City"]):
    def cities(self) -> "CityQuerySet":
        """Cities proper, without the Center's own tenant row."""
        return self.filter(kind=City.Kind.CITY)


class City(models.Model):
    """A tenant: one city hall, or the Center itself (``kind='center'``, no slug).

    Everybody may read this table; a row is written only in its own scope.
    """

    class Kind(models.TextChoices):
        CITY = "city", _("City")
        CENTER = "center", _("Center")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CITY)
    slug = models.CharField(
        _("web name"),
        max_length=40,
        unique=True,
        null=True,
        blank=True,
        validators=[
            RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*\Z", _("Use small letters, digits and hyphens."))
        ],
    )
    name = models.CharField(_("name"), max_length=100)
    region = models.CharField(_("state"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, default="US")
    timezone = models.CharField(
        _("time zone"), max_length=60, default="America/New_York", validators=[validate_timezone]
    )
    currency = models.CharField(
        _("currency"), max_length=3, default="USD", validators=[RegexValidator(r"^[A-Z]{3}\Z")]
    )
    languages = ArrayField(
        models.CharField(max_length=10), default=default_languages, verbose_name=_("languages")
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    fiscal_year_starts_month = models.PositiveSmallIntegerField(
        _("fiscal year starts in month"), default=7, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    contact_name = models.CharField(_("contact name"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact phone"), max_length=40, blank=True)
    contact_address = models.CharField(_("contact address"), max_length=200, blank=True)
    logo = models.FileField(_("logo"), upload_to="logos", blank=True)
    accent_color = models.CharField(
        _("accent color"),
        max_length=7,
        default="#005ea2",
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Use a color like #005ea2."))],
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "cities"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="city_has_slug_unless_center",
                condition=Q(kind="city", slug__isnull=False) | Q(kind="center", slug__isnull=True),
            ),
            models.CheckConstraint(
                name="city_slug_not_reserved",
                condition=Q(slug__isnull=True) | ~Q(slug__in=sorted(RESERVED_SLUGS)),
                violation_error_message=_("This web name is used by the site itself. Please choose another."),
            ),
            models.CheckConstraint(
                name="city_slug_plain",
                condition=Q(slug__isnull=True) | Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
            ),
            models.CheckConstraint(
                name="city_fiscal_month", condition=Q(fiscal_year_starts_month__range=(1, 12))
            ),
            models.UniqueConstraint(name="city_one_center", fields=["kind"], condition=Q(kind="center")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.slug}/"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def reference_prefix(self) -> str:
        """First letters of what residents read to the desk: ``BAL`` in ``BAL-2026-0042``."""
        return re.sub(r"[^A-Z]", "", self.name.upper())[:3] or "LYB"


class TenantModel(models.Model):
    """Base of every row that belongs to a city. ``doors`` names what else may read it.

    ``UNIQUE (city_id, id)`` is added to each subclass, as the target of :class:`.constraints.SameCity`.
    """

    doors: ClassVar[frozenset[str]] = frozenset()

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    city = models.ForeignKey(City, on_delete=models.PROTECT, related_name="+", editable=False)

    objects: ClassVar[Any] = TenantQuerySet.as_tenant_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.city_id is None:
            from .scopes import current_scope  # noqa: PLC0415

            self.city_id = current_scope().city_id
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        from .scopes import current_scope  # noqa: PLC0415

        current_scope()
        return super().delete(*args, **kwargs)


def _add_tenant_target(sender: type[models.Model], **_kwargs: Any) -> None:
    if issubclass(sender, TenantModel) and not sender._meta.abstract and not sender._meta.proxy:
        meta = sender._meta
        unique = models.UniqueConstraint(
            fields=["city", "id"], name=f"{meta.app_label}_{meta.model_name}_tenant"
        )
        # A child's Meta.constraints replaces an abstract parent's, hence this signal.
        meta.constraints = [unique, *meta.constraints]
        meta.original_attrs["constraints"] = meta.constraints


class_prepared.connect(_add_tenant_target)
