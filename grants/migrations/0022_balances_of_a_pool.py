"""Where a pool's money stands is four kinds of account; obligations and what is to be proved, nearly half, aren't read for it."""

from django.db import migrations, models

KINDS = ["available", "committed", "paid", "proved"]


class Migration(migrations.Migration):
    dependencies = [("grants", "0021_accounts_by_subject")]

    operations = [
        migrations.RemoveIndex("balance", "balance_by_pool"),
        migrations.AddIndex(
            "balance",
            models.Index(
                condition=models.Q(("kind__in", KINDS)), fields=["city", "pool_id"], name="balance_by_pool"
            ),
        ),
    ]
