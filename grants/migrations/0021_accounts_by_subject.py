"""An account is found by its subject: by its kind first, each payment went through all accounts of its city."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0020_reviews_that_fail_a_gate")]

    operations = [
        migrations.RemoveConstraint("account", "account_once"),
        migrations.AddConstraint(
            "account",
            models.UniqueConstraint(fields=("city", "subject_id", "kind", "currency"), name="account_once"),
        ),
    ]
