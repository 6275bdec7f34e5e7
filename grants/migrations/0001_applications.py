import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cities.tenancy.constraints
import cities.tenancy.models
import grants.applications.models
import grants.cycles.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cities", "0003_seals_and_outbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Cohort",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="starts")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                (
                    "grant_cents",
                    models.PositiveBigIntegerField(
                        default=0, help_text="Minor units of US dollars.", verbose_name="grant per city"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CohortMember",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
                (
                    "cohort",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="grants.cohort",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cities.city"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cycle",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("slug", models.CharField(max_length=60, verbose_name="web name")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("purpose", models.TextField(blank=True, verbose_name="purpose")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("archived", "Archived")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("opens_at", models.DateTimeField(blank=True, null=True, verbose_name="opens")),
                ("closes_at", models.DateTimeField(blank=True, null=True, verbose_name="closes")),
                ("decision_on", models.DateField(blank=True, null=True, verbose_name="decisions by")),
                ("project_starts_on", models.DateField(blank=True, null=True, verbose_name="projects start")),
                ("project_ends_on", models.DateField(blank=True, null=True, verbose_name="projects end")),
                (
                    "min_request_cents",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="smallest request"),
                ),
                (
                    "max_request_cents",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="largest request"),
                ),
                (
                    "planned_pool_cents",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="planned pool"),
                ),
                (
                    "expected_awards",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="expected awards"),
                ),
                ("workshop", models.JSONField(blank=True, default=dict)),
                ("eligibility", models.JSONField(blank=True, default=list)),
                ("budget", models.JSONField(default=grants.cycles.models.empty_budget)),
                ("attachments", models.JSONField(blank=True, default=list)),
                ("rubric", models.JSONField(default=grants.cycles.models.empty_rubric)),
                ("award_terms", models.JSONField(default=grants.cycles.models.empty_award_terms)),
                ("notes", models.JSONField(blank=True, default=dict)),
                ("is_demo", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
            ],
            options={
                "ordering": ["-closes_at", "name"],
            },
        ),
        migrations.CreateModel(
            name="FormVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("full", "Application"), ("idea", "Idea")], default="full", max_length=4
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("definition", models.JSONField()),
                ("summary_keys", models.JSONField(blank=True, default=dict)),
                ("is_applied_with", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="forms",
                        to="grants.cycle",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=20, null=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("eligible", "Ready for review"),
                            ("ineligible", "Not eligible"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="draft",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("applicant_name", models.CharField(blank=True, max_length=160)),
                ("group_name", models.CharField(blank=True, max_length=160)),
                ("neighborhood", models.CharField(blank=True, max_length=120)),
                ("category", models.CharField(blank=True, max_length=160)),
                ("place", models.CharField(blank=True, max_length=250)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                ("requested_cents", models.PositiveBigIntegerField(blank=True, null=True)),
                ("language", models.CharField(default="en", max_length=10)),
                ("answered_count", models.PositiveSmallIntegerField(default=0)),
                ("question_count", models.PositiveSmallIntegerField(default=0)),
                ("file_count", models.PositiveSmallIntegerField(default=0)),
                ("note_count", models.PositiveSmallIntegerField(default=0)),
                ("cycle_name", models.CharField(max_length=150)),
                ("city_name", models.CharField(max_length=100)),
                ("city_slug", models.CharField(max_length=40)),
                ("closes_at", models.DateTimeField(null=True)),
                ("next_date_on", models.DateField(blank=True, null=True)),
                ("eligibility_answers", models.JSONField(blank=True, default=dict)),
                ("screening_reason", models.TextField(blank=True)),
                ("answers_hash", models.CharField(blank=True, max_length=64)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("screened_at", models.DateTimeField(blank=True, null=True)),
                ("last_activity_at", models.DateTimeField(auto_now_add=True)),
                ("search", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                (
                    "applicant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="grants.cycle",
                    ),
                ),
                (
                    "form_version",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants.formversion",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("text", models.TextField(max_length=4000, verbose_name="note")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="grants.application",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReferenceCounter",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("question", models.CharField(max_length=80)),
                ("version", models.PositiveIntegerField()),
                ("value", models.JSONField(null=True)),
                ("written_at", models.DateTimeField(auto_now_add=True)),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="grants.application",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("city", "id"), name="grants_answer_tenant"),
                    cities.tenancy.constraints.SameCity(
                        "application", name="grants_answer_application_same_city"
                    ),
                    models.UniqueConstraint(
                        fields=("city", "application", "question", "version"), name="answer_version_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="answer_version_from_one"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("question", models.CharField(max_length=80)),
                ("file", models.FileField(max_length=200, upload_to=grants.applications.models.upload_path)),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=60)),
                ("size_bytes", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="grants.application",
                    ),
                ),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["city", "application"], name="attachment_by_application")],
                "constraints": [
                    models.UniqueConstraint(fields=("city", "id"), name="grants_attachment_tenant"),
                    cities.tenancy.constraints.SameCity(
                        "application", name="grants_attachment_application_same_city"
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="cohort",
            constraint=models.UniqueConstraint(fields=("city", "id"), name="grants_cohort_tenant"),
        ),
        migrations.AddConstraint(
            model_name="cohort",
            constraint=models.UniqueConstraint(
                fields=("city", "name"),
                name="cohort_name_once",
                violation_error_message="There is a cohort of this name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohort",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("starts_on__isnull", True),
                    ("ends_on__isnull", True),
                    ("ends_on__gt", models.F("starts_on")),
                    _connector="OR",
                ),
                name="cohort_days_in_order",
                violation_error_message="A cohort ends after it starts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.UniqueConstraint(fields=("city", "id"), name="grants_cohortmember_tenant"),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=cities.tenancy.constraints.SameCity(
                "cohort", name="grants_cohortmember_cohort_same_city"
            ),
        ),
        migrations.AddConstraint(
            model_name="cohortmember",
            constraint=models.UniqueConstraint(
                fields=("city", "cohort", "recipient"), name="cohortmember_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.UniqueConstraint(fields=("city", "id"), name="grants_cycle_tenant"),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.UniqueConstraint(
                fields=("city", "slug"),
                name="cycle_slug_once",
                violation_error_message="The city has a call of this web name already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("opens_at__isnull", True),
                    ("closes_at__isnull", True),
                    ("closes_at__gt", models.F("opens_at")),
                    _connector="OR",
                ),
                name="cycle_closes_after_opening",
                violation_error_message="A call closes after it opens.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("min_request_cents__isnull", True),
                    ("max_request_cents__isnull", True),
                    ("max_request_cents__gte", models.F("min_request_cents")),
                    _connector="OR",
                ),
                name="cycle_cap_over_floor",
                violation_error_message="The largest request can’t be below the smallest.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("project_starts_on__isnull", True),
                    ("project_ends_on__isnull", True),
                    ("project_ends_on__gte", models.F("project_starts_on")),
                    _connector="OR",
                ),
                name="cycle_project_days_in_order",
                violation_error_message="Projects end after they start.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(
                        ("closes_at__isnull", False),
                        ("opens_at__isnull", False),
                        ("planned_pool_cents__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="cycle_complete_when_published",
                violation_error_message="A published call needs an opening, a close and a planned pool.",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["archived", "draft", "published"])),
                name="cycle_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(fields=("city", "id"), name="grants_formversion_tenant"),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=cities.tenancy.constraints.SameCity(
                "cycle", name="grants_formversion_cycle_same_city"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(
                fields=("city", "cycle", "stage", "number"), name="formversion_number_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="formversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_applied_with", True)),
                fields=("city", "cycle"),
                name="formversion_one_applied_with",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["city", "cycle", "-submitted_at", "-id"], name="application_queue"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["city", "cycle", "status", "-submitted_at", "-id"], name="application_queue_status"
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["applicant", "-created_at"], name="application_mine"),
        ),
        migrations.AddIndex(
            model_name="application",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search"], name="application_search_words"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(fields=("city", "id"), name="grants_application_tenant"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=cities.tenancy.constraints.SameCity(
                "cycle", name="grants_application_cycle_same_city"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=cities.tenancy.constraints.SameCity(
                "form_version", name="grants_application_form_version_same_city"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                fields=("city", "reference"), name="application_reference_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "draft"),
                    models.Q(
                        ("answers_hash__gt", ""),
                        ("reference__isnull", False),
                        ("submitted_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="application_submitted_is_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "eligible", "ineligible", "submitted", "withdrawn"])
                ),
                name="application_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "ineligible"), _negated=True),
                    ("screening_reason__gt", ""),
                    _connector="OR",
                ),
                name="application_ineligible_has_reason",
                violation_error_message="Please give a reason. The applicant will read it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(fields=("city", "id"), name="grants_note_tenant"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=cities.tenancy.constraints.SameCity(
                "application", name="grants_note_application_same_city"
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="note_not_empty",
                violation_error_message="Please write something first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="referencecounter",
            constraint=models.UniqueConstraint(fields=("city", "id"), name="grants_referencecounter_tenant"),
        ),
        migrations.AddConstraint(
            model_name="referencecounter",
            constraint=models.UniqueConstraint(fields=("city", "year"), name="referencecounter_once"),
        ),
    ]
