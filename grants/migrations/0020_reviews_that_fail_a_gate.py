"""Reviews that say a gate isn't passed are few, and the ranking asks for them each time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0019_balances_by_pool")]

    operations = [
        migrations.AddIndex(
            "review",
            models.Index(
                condition=models.Q(("passes_gates", False), ("status", "submitted")),
                fields=["city", "application"],
                name="review_fails_gate",
            ),
        ),
    ]
