"""The indexes that the long lists follow. Those of the queue leave drafts out, and carry what tabs count and filters compare.

A search finds few rows: told so, the planner looks each up by its key instead of reading the whole call beside it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0009_scores_fit_what_was_sent")]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION search_applications(text) ROWS 20",
            "ALTER FUNCTION search_applications(text) ROWS 1000",
        ),
        migrations.RemoveIndex(model_name="application", name="application_queue"),
        migrations.RemoveIndex(model_name="application", name="application_queue_status"),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["city", "cycle", "-submitted_at", "-id"],
                name="application_queue",
                condition=models.Q(("status", "draft"), _negated=True),
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["city", "cycle", "status", "-submitted_at", "-id"],
                include=["requested_cents", "neighborhood", "category", "file_count"],
                name="application_queue_status",
                condition=models.Q(("status", "draft"), _negated=True),
            ),
        ),
        migrations.RemoveIndex(model_name="application", name="application_ranking"),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                models.F("city"),
                models.F("cycle"),
                models.OrderBy(models.F("score_mean"), descending=True, nulls_last=True),
                models.F("id"),
                name="application_ranking",
                condition=models.Q(("status__in", ["eligible", "awarded", "unfunded"])),
            ),
        ),
        migrations.AddIndex(
            model_name="disbursement",
            index=models.Index(fields=["city", "-requested_at", "-id"], name="disbursement_of_city"),
        ),
    ]
