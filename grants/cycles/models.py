"""A cycle of mini-grants: one call, from opening to close, with its form and its rules."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cities.tenancy.constraints import SameCity
from cities.tenancy.models import TenantModel, TenantQuerySet

from .questions.definition import FormDefinition
from .states import Status


def no_workshop() -> dict[str, Any]:
    return {"required": None, "dates": []}


def empty_budget() -> dict[str, Any]:
    return {
        "columns": ["requested"],
        "categories": [],
        "disallowed": [],
        "match_required": None,
        "vendor_quotes_over": None,
    }


def empty_rubric() -> dict[str, Any]:
    return {"gates": [], "criteria": [], "bonus": [], "minimum_total": None, "reviewers": None}


def empty_award_terms() -> dict[str, Any]:
    return {
        "payment_modes": [],
        "sponsor_fee_max_percent": None,
        "reports": [],
        "conditions": [],
        "city_services": [],
    }


class CycleQuerySet(TenantQuerySet["Cycle"]):
    def published(self) -> "CycleQuerySet":
        return self.filter(status=Status.PUBLISHED)

    def accepting(self, now: Any = None) -> "CycleQuerySet":
        """Published cycles that are open at ``now``, the server's time of receipt."""
        now = now or timezone.now()
        return self.published().filter(opens_at__lte=now, closes_at__gte=now)


class Cycle(TenantModel):
    """One call for applications of one city.

    Amounts are minor units of the city's currency; ``closes_at`` is the last instant at which an
    application is in time. What is unknown is NULL, and such a cycle can't be published. The parts
    ``eligibility``, ``budget``, ``attachments``, ``rubric`` and ``award_terms`` have the shapes of the
    call format (``grants/cycles/calls``).
    """

    doors = frozenset({"public"})

    name = models.CharField(_("name"), max_length=150)
    slug = models.CharField(_("web name"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    purpose = models.TextField(_("purpose"), blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    decision_on = models.DateField(_("decisions by"), null=True, blank=True)
    project_starts_on = models.DateField(_("projects start"), null=True, blank=True)
    project_ends_on = models.DateField(_("projects end"), null=True, blank=True)
    min_request_cents = models.PositiveBigIntegerField(_("smallest request"), null=True, blank=True)
    max_request_cents = models.PositiveBigIntegerField(_("largest request"), null=True, blank=True)
    planned_pool_cents = models.PositiveBigIntegerField(_("planned pool"), null=True, blank=True)
    expected_awards = models.PositiveIntegerField(_("expected awards"), null=True, blank=True)
    workshop = models.JSONField(default=no_workshop, blank=True)
    eligibility = models.JSONField(default=list, blank=True)
    budget = models.JSONField(default=empty_budget)
    attachments = models.JSONField(default=list, blank=True)
    rubric = models.JSONField(default=empty_rubric)
    award_terms = models.JSONField(default=empty_award_terms)
    translations = models.JSONField(default=dict, blank=True)
    """Per language, the words given for a text of the call (:mod:`grants.cycles.wording`)."""
    notes = models.JSONField(default=dict, blank=True)
    """``source``, ``not_visible``, ``not_held``, ``invented``, ``shifted_weeks`` of an imported call."""
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = CycleQuerySet.as_tenant_manager()

    class Meta:
        ordering = ["-closes_at", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["city", "slug"],
                name="cycle_slug_once",
                violation_error_message=_("The city has a call of this web name already."),
            ),
            models.CheckConstraint(
                name="cycle_closes_after_opening",
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("A call closes after it opens."),
            ),
            models.CheckConstraint(
                name="cycle_cap_over_floor",
                condition=Q(min_request_cents__isnull=True)
                | Q(max_request_cents__isnull=True)
                | Q(max_request_cents__gte=F("min_request_cents")),
                violation_error_message=_("The largest request can’t be below the smallest."),
            ),
            models.CheckConstraint(
                name="cycle_project_days_in_order",
                condition=Q(project_starts_on__isnull=True)
                | Q(project_ends_on__isnull=True)
                | Q(project_ends_on__gte=F("project_starts_on")),
                violation_error_message=_("Projects end after they start."),
            ),
            models.CheckConstraint(
                name="cycle_complete_when_published",
                condition=~Q(status="published")
                | Q(opens_at__isnull=False, closes_at__isnull=False, planned_pool_cents__gt=0),
                violation_error_message=_("A published call needs an opening, a close and a planned pool."),
            ),
            models.CheckConstraint(name="cycle_status_known", condition=Q(status__in=sorted(Status.values))),
        ]

    def __str__(self) -> str:
        return self.name

    def said(self, text: str) -> str:
        """Return one of the call's own texts in the reader's language, or as it was written."""
        words: dict[str, str] = self.translations.get(get_language() or "", {})
        return words.get(text, text)

    @property
    def said_name(self) -> str:
        return self.said(self.name)

    @property
    def said_purpose(self) -> str:
        return self.said(self.purpose)

    def is_open(self, now: Any = None) -> bool:
        now = now or timezone.now()
        return bool(
            self.status == Status.PUBLISHED
            and self.opens_at
            and self.closes_at
            and self.opens_at <= now <= self.closes_at
        )


class FormVersion(TenantModel):
    """The form of one stage of a cycle, as sections of questions. Frozen once the cycle is published.

    ``definition`` is the list of sections in the call format. ``summary_keys`` names the questions
    that fill an application's flat columns: title, group, amount, place, neighborhood, category.
    """

    class Stage(models.TextChoices):
        FULL = "full", _("Application")
        IDEA = "idea", _("Idea")

    doors = frozenset({"public"})

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, db_constraint=False, related_name="forms")
    stage = models.CharField(max_length=4, choices=Stage, default=Stage.FULL)
    number = models.PositiveSmallIntegerField(default=1)
    definition = models.JSONField()
    summary_keys = models.JSONField(default=dict, blank=True)
    is_applied_with = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            SameCity("cycle"),
            models.UniqueConstraint(
                fields=["city", "cycle", "stage", "number"], name="formversion_number_once"
            ),
            models.UniqueConstraint(
                fields=["city", "cycle"],
                condition=Q(is_applied_with=True),
                name="formversion_one_applied_with",
            ),
        ]

    @cached_property
    def form(self) -> FormDefinition:
        """The parsed definition."""
        return FormDefinition.from_json(self.definition)
