"""What is kept of a project is what may be public: no door, no work that is over, no photo that was taken back."""

from django.db import migrations, models

# The application keeps the exact point.
ROUND = """
UPDATE projects_project SET latitude = round(latitude::numeric, 3), longitude = round(longitude::numeric, 3)
WHERE latitude IS NOT NULL OR longitude IS NOT NULL
"""

# Those whose award ended before awards told them.
FINISH = """
UPDATE projects_project p SET status = 'finished' FROM grants_award w
WHERE w.city_id = p.city_id AND w.id = p.award_id AND w.status = 'completed' AND p.status IN ('planned', 'under_way')
"""

# The sweeper takes the files.
UNLINK = """
DELETE FROM projects_photo f USING projects_update u
WHERE u.city_id = f.city_id AND u.id = f.update_id AND u.status = 'removed'
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_taken_off")]

    operations = [
        migrations.AddConstraint(
            "update",
            models.CheckConstraint(
                name="update_status_known",
                condition=models.Q(status__in=["hidden", "published", "removed", "waiting"]),
            ),
        ),
        migrations.RunSQL(["SET CONSTRAINTS ALL IMMEDIATE", ROUND, FINISH, UNLINK], migrations.RunSQL.noop),
    ]
