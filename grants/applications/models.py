"""Applications: what a resident asks for, answer by answer, and what the desk says to it."""

from typing import Any, ClassVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from cities.access.models import User
from cities.tenancy.constraints import SameCity
from cities.tenancy.models import TenantModel, TenantQuerySet, new_id
from grants.cycles.models import Cycle, FormVersion

from .states import ON_THE_DESK, Status


class IsAny(Func):
    """Whether a value is in a short array. Its rows are found once, and the planner takes it for few: not for a join."""

    arg_joiner = " = ANY ("
    template = "%(expressions)s)"
    output_field = models.BooleanField()


class ApplicationQuerySet(TenantQuerySet["Application"]):
    def on_the_desk(self) -> "ApplicationQuerySet":
        """What city staff see: everything that was ever submitted."""
        return self.filter(status__in=ON_THE_DESK)

    def of(self, user: Any) -> "ApplicationQuerySet":
        return self.filter(applicant=user)

    def without_conflicts_of(self, user: Any) -> "ApplicationQuerySet":
        """What isn't hidden from a person by a conflict of interest (:mod:`.conflicts`).

        Those are few: looked up once and left out, a long list keeps its index.
        """
        hidden = ArraySubquery(open_conflicts(user).values("application_id"))
        return self.exclude(IsAny(F("pk"), hidden))

    def judged_by(self, user: Any) -> "ApplicationQuerySet":
        """What a person may help to decide: neither hidden by a conflict nor their own."""
        return self.without_conflicts_of(user).exclude(applicant=user)


def open_conflicts(user: Any = None) -> Any:
    """Return the conflicts that stand, of one person or of everybody."""
    standing = Conflict.objects.filter(lifted_at__isnull=True)
    return standing.filter(person=user) if user is not None else standing


class Application(TenantModel):
    """A resident's (or group's) request in one cycle.

    Lists read flat columns only, kept true by the actions that change them: title, names, place,
    amount, status, and for ``/me/`` the cycle's name, close and the next date, since the person's
    door can't join to cycles. ``requested_cents`` is in the city's currency.
    """

    doors = frozenset({"person"})

    cycle = models.ForeignKey(
        Cycle, on_delete=models.PROTECT, db_constraint=False, related_name="applications"
    )
    form_version = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, db_constraint=False, related_name="+"
    )
    applicant = models.ForeignKey(User, on_delete=models.PROTECT, related_name="applications")
    reference = models.CharField(max_length=20, null=True, blank=True)
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)

    title = models.CharField(max_length=200, blank=True)
    applicant_name = models.CharField(max_length=160, blank=True)
    group_name = models.CharField(max_length=160, blank=True)
    neighborhood = models.CharField(max_length=120, blank=True)
    category = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=250, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    requested_cents = models.PositiveBigIntegerField(null=True, blank=True)
    language = models.CharField(max_length=10, default="en")
    answered_count = models.PositiveSmallIntegerField(default=0)
    question_count = models.PositiveSmallIntegerField(default=0)
    file_count = models.PositiveSmallIntegerField(default=0)
    note_count = models.PositiveSmallIntegerField(default=0)

    cycle_name = models.CharField(max_length=150)
    city_name = models.CharField(max_length=100)
    city_slug = models.CharField(max_length=40)
    closes_at = models.DateTimeField(null=True)
    next_date_on = models.DateField(null=True, blank=True)

    eligibility_answers = models.JSONField(default=dict, blank=True)
    screening_reason = models.TextField(blank=True)
    answers_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    last_activity_at = models.DateTimeField(auto_now_add=True)

    assigned_count = models.PositiveSmallIntegerField(default=0)
    scored_count = models.PositiveSmallIntegerField(default=0)
    score_mean = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    score_spread = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    recommended_cents = models.PositiveBigIntegerField(null=True, blank=True)
    """Kept by ``grants/reviews``: only submitted scores of reviewers without a conflict count."""

    decision_reason = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    award_status = models.CharField(max_length=10, blank=True)
    awarded_cents = models.PositiveBigIntegerField(null=True, blank=True)
    paid_cents = models.PositiveBigIntegerField(default=0)
    proved_cents = models.PositiveBigIntegerField(default=0)
    released_cents = models.PositiveBigIntegerField(default=0)
    """Kept by ``grants/awards`` and ``grants/payments``, for lists and the applicant's own page."""

    search = SearchVectorField(null=True, editable=False)
    """Kept by a trigger from names, title and reference, without accents."""

    objects: ClassVar[Any] = ApplicationQuerySet.as_tenant_manager()

    class Meta:
        constraints = [
            SameCity("cycle"),
            SameCity("form_version"),
            models.UniqueConstraint(fields=["city", "reference"], name="application_reference_once"),
            models.CheckConstraint(
                name="application_submitted_is_complete",
                condition=Q(status="draft")
                | Q(reference__isnull=False, submitted_at__isnull=False, answers_hash__gt=""),
            ),
            models.CheckConstraint(
                name="application_status_known", condition=Q(status__in=sorted(Status.values))
            ),
            models.CheckConstraint(
                name="application_ineligible_has_reason",
                condition=~Q(status="ineligible") | Q(screening_reason__gt=""),
                violation_error_message=_("Please give a reason. The applicant will read it."),
            ),
            models.CheckConstraint(
                name="application_unfunded_has_reason",
                condition=~Q(status="unfunded") | Q(decision_reason__gt=""),
                violation_error_message=_("Please give a reason. The applicant will read it."),
            ),
        ]
        indexes = [
            # Without drafts, which were never sent: falling order would begin with them.
            models.Index(
                fields=["city", "cycle", "-submitted_at", "-id"],
                name="application_queue",
                condition=~Q(status="draft"),
            ),
            # With what tabs count and filters compare, so that counting a call reads no rows.
            models.Index(
                fields=["city", "cycle", "status", "-submitted_at", "-id"],
                include=["requested_cents", "neighborhood", "category", "file_count"],
                name="application_queue_status",
                condition=~Q(status="draft"),
            ),
            models.Index(fields=["applicant", "-created_at"], name="application_mine"),
            # As the ranking sorts, whose first page is four hundred rows.
            models.Index(
                "city",
                "cycle",
                F("score_mean").desc(nulls_last=True),
                "id",
                name="application_ranking",
                condition=Q(status__in=["eligible", "awarded", "unfunded"]),
            ),
            # Without fastupdate: every search would read the list of words that are still to be sorted in.
            GinIndex(
                fields=["search"],
                name="application_search_words",
                condition=~Q(status="draft"),
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return self.reference or str(_("Draft"))

    @property
    def current_cents(self) -> int:
        """What still stands of what was awarded: without what went back to the pool."""
        return (self.awarded_cents or 0) - self.released_cents

    @property
    def display_title(self) -> str:
        return self.title or str(_("Untitled application"))


class Answer(TenantModel):
    """One version of the answer to one question. Append-only: the newest version counts.

    The version is the writer's ticket: whoever saves version *n + 1* must have seen version *n*; two
    people saving the same answer collide on ``answer_version_once``, and the second is told.
    Values have the canonical shapes of ``grants/cycles/questions``.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, db_constraint=False, related_name="answers"
    )
    question = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    value = models.JSONField(null=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            SameCity("application"),
            models.UniqueConstraint(
                fields=["city", "application", "question", "version"], name="answer_version_once"
            ),
            models.CheckConstraint(name="answer_version_from_one", condition=Q(version__gte=1)),
        ]


def upload_path(_attachment: "Attachment", _filename: str) -> str:
    """A random private key that tells nothing about city, person or file."""
    return f"attachments/{new_id().hex}"


class Attachment(TenantModel):
    """A file or photo that belongs to one question of an application.

    Images are stored re-encoded, without metadata. Served only through the application's own rule.
    ``removed_at`` hides it; the row stays for the trail.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, db_constraint=False, related_name="files"
    )
    question = models.CharField(max_length=80)
    file = models.FileField(upload_to=upload_path, max_length=200)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=60)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [SameCity("application")]
        indexes = [models.Index(fields=["city", "application"], name="attachment_by_application")]


class Note(TenantModel):
    """What city staff write to each other about an application. Never shown to the applicant."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, db_constraint=False, related_name="notes"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("note"), max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            SameCity("application"),
            models.CheckConstraint(
                name="note_not_empty",
                condition=~Q(text=""),
                violation_error_message=_("Please write something first."),
            ),
        ]


class Conflict(TenantModel):
    """A person's conflict of interest with one application: it is hidden from them everywhere, and their score is void.

    Declared by the person, or recorded by a manager; lifted only by a manager who has none.
    """

    class Kind(models.TextChoices):
        GROUP = "group", _("I belong to this group")
        FAMILY = "family", _("A relative or friend is involved")
        MONEY = "money", _("I or my employer could gain from it")
        NEIGHBOR = "neighbor", _("I live next to the project")
        OTHER = "other", _("Another reason")

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, db_constraint=False, related_name="conflicts"
    )
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    words = models.CharField(_("in your words"), max_length=500, blank=True)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            SameCity("application"),
            models.UniqueConstraint(
                fields=["city", "application", "person"],
                condition=Q(lifted_at__isnull=True),
                name="conflict_open_once",
                violation_error_message=_("This conflict is declared already."),
            ),
            models.CheckConstraint(
                name="conflict_lifted_by_another",
                condition=Q(lifted_by__isnull=True) | ~Q(lifted_by=F("person")),
                violation_error_message=_("Somebody else has to lift your conflict."),
            ),
        ]
        indexes = [models.Index(fields=["city", "person"], name="conflict_by_person")]


class ReferenceCounter(TenantModel):
    """The last number given in a city and year, so that references have no gaps and no races."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["city", "year"], name="referencecounter_once")]
