"""A cycle without a workshop says so in the call format's own shape."""

from django.db import migrations, models

import grants.cycles.models


class Migration(migrations.Migration):
    dependencies = [("grants", "0004_linked_uploads")]

    operations = [
        migrations.AlterField(
            model_name="cycle",
            name="workshop",
            field=models.JSONField(blank=True, default=grants.cycles.models.no_workshop),
        ),
        migrations.RunSQL(
            "UPDATE grants_cycle SET workshop = '{\"required\": null, \"dates\": []}' WHERE workshop = '{}'::jsonb",
            migrations.RunSQL.noop,
        ),
    ]
