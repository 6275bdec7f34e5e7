"""A call's own texts get words in the city's other languages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0007_money_protection")]

    operations = [
        migrations.AddField(
            model_name="cycle",
            name="translations",
            field=models.JSONField(blank=True, default=dict),
        ),
    ]
