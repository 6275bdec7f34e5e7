"""What is under way of a city's payments is counted from an index of its own, not by reading all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("grants", "0017_proof_in_ledger")]

    operations = [
        migrations.AddIndex(
            model_name="disbursement",
            index=models.Index(
                condition=models.Q(("status__in", ["approved", "requested"])),
                fields=["city", "status"],
                include=("award", "requested_by", "approved_by", "amount_cents"),
                name="disbursement_under_way",
            ),
        ),
    ]
