"""Whose rows a file of the Center holds, so that each download can be told to these cities."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cities", "0010_api_tokens")]

    operations = [
        migrations.AddField(
            model_name="document",
            name="rows_by_city",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
