"""How far the limits of sign-in are used up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Allowance",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("used_until", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["used_until"], name="allowance_used_until")]},
        ),
    ]
