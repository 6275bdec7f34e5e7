"""What was done with backups, and one definer function that counts what operators look at over all tenants."""

import django.db.models.deletion
from django.db import migrations, models

import cities.tenancy.models
from cities.tenancy.protection import append_only, definer_function, protect

# Counts and instants, no id and no name of a city. What is counted stands in partial indexes.
FIGURES = definer_function(
    "operations_figures()",
    "jsonb",
    """
    SELECT jsonb_build_object(
        'counts', jsonb_build_object(
            'outbox_waiting', (SELECT count(*) FROM cities_message WHERE sent_at IS NULL AND failed_at IS NULL),
            'outbox_failed', (SELECT count(*) FROM cities_message WHERE failed_at IS NOT NULL),
            'outbox_failed_today', (SELECT count(*) FROM cities_message WHERE failed_at > now() - interval '1 day'),
            'events_unsealed', (SELECT count(*) FROM cities_unsealed),
            'documents_waiting', (SELECT count(*) FROM cities_document WHERE status = 'waiting'),
            'documents_running', (SELECT count(*) FROM cities_document WHERE status = 'running'),
            'documents_failed', (SELECT count(*) FROM cities_document WHERE status = 'failed'),
            'documents_failed_today', (SELECT count(*) FROM cities_document WHERE status = 'failed' AND ended_at > now() - interval '1 day')
        ),
        'oldest', jsonb_build_object(
            'outbox', (SELECT min(created_at) FROM cities_message WHERE sent_at IS NULL AND failed_at IS NULL),
            'events', (SELECT min(created_at) FROM cities_unsealed),
            'documents', (SELECT min(created_at) FROM cities_document WHERE status IN ('waiting', 'running'))
        ),
        'backups', (SELECT jsonb_agg(to_jsonb(newest)) FROM (
            SELECT DISTINCT ON (kind) kind, name, taken_at, checked_at, break_count, signature
            FROM cities_backupcheck ORDER BY kind, checked_at DESC
        ) newest)
    )
    """,
    language="sql",
    volatility="STABLE",
)


class Migration(migrations.Migration):
    dependencies = [("cities", "0006_documents_protection")]

    operations = [
        migrations.CreateModel(
            name="BackupCheck",
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
                ("name", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("create", "Written"),
                            ("verify", "Verified"),
                            ("drill", "Restored in a drill"),
                        ],
                        max_length=10,
                    ),
                ),
                ("taken_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("break_count", models.PositiveIntegerField(default=0)),
                ("signature", models.CharField(max_length=128)),
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
                "indexes": [models.Index(fields=["kind", "-checked_at"], name="backupcheck_newest")],
                "constraints": [
                    models.UniqueConstraint(fields=("city", "id"), name="cities_backupcheck_tenant"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["create", "drill", "verify"])),
                        name="backupcheck_kind_known",
                    ),
                ],
            },
        ),
        protect("cities_backupcheck"),
        append_only("cities_backupcheck"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("failed_at__isnull", False)), fields=["failed_at"], name="message_failed"
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(
                condition=models.Q(("status", "failed")), fields=["ended_at"], name="document_failed"
            ),
        ),
        FIGURES,
    ]
