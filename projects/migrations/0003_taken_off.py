"""A project that a manager took off the public pages says so, and no update shows it again."""

from django.db import migrations, models

TAKEN_OFF_BEFORE = """
UPDATE projects_project p SET hidden_at = (
    SELECT max(e.created_at) FROM cities_event e
    WHERE e.city_id = p.city_id AND e.subject_id = p.id AND e.tag = 'project:unpublish'
)
WHERE p.published_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0002_protection")]

    operations = [
        migrations.AddField("project", "hidden_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(TAKEN_OFF_BEFORE, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "project",
            models.CheckConstraint(
                name="project_shown_or_hidden",
                condition=models.Q(published_at__isnull=True) | models.Q(hidden_at__isnull=True),
            ),
        ),
    ]
