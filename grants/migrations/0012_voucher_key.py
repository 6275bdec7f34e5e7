"""Two voucher numbers are compared by a kept column: under row-level security no index serves ``lower()``."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("grants", "0011_erase_drafts")]

    operations = [
        migrations.AddField(
            model_name="disbursement",
            name="voucher_key",
            field=models.GeneratedField(
                db_persist=True,
                expression=Lower("voucher_number"),
                output_field=models.CharField(max_length=60),
            ),
        ),
        migrations.AddIndex(
            model_name="disbursement",
            index=models.Index(
                condition=models.Q(("status", "paid")),
                fields=["city", "voucher_key"],
                name="disbursement_voucher",
            ),
        ),
    ]
