"""The public point of a project leads to its block, not to a door; the application keeps the exact one."""

from django.db import migrations

ROUND = """
UPDATE projects_project SET latitude = round(latitude::numeric, 3), longitude = round(longitude::numeric, 3)
WHERE latitude IS NOT NULL OR longitude IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_taken_off")]

    operations = [migrations.RunSQL(["SET CONSTRAINTS ALL IMMEDIATE", ROUND], migrations.RunSQL.noop)]
