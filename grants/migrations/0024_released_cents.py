"""What of an award went back to the pool is kept beside what was paid and proved, filled in from the books."""

from django.conf import settings
from django.db import migrations, models

# Before, an award's three sums were amount, paid and proved; the rest of its amount is committed, or went back.
# Checked at once: a table with checks to come can't be altered.
FILL = migrations.RunSQL(
    [
        "SET CONSTRAINTS ALL IMMEDIATE",
        """
        UPDATE grants_award w SET released_cents = w.amount_cents - w.paid_cents - held.cents
        FROM (
            SELECT a.city_id, a.subject_id, sum(b.cents) AS cents
            FROM grants_account a JOIN grants_balance b ON b.city_id = a.city_id AND b.account_id = a.id
            WHERE a.kind = 'committed' GROUP BY a.city_id, a.subject_id
        ) held
        WHERE held.city_id = w.city_id AND held.subject_id = w.id AND held.cents < w.amount_cents - w.paid_cents
        """,
        """
        UPDATE grants_application p SET released_cents = w.released_cents
        FROM grants_award w
        WHERE w.city_id = p.city_id AND w.application_id = p.id AND w.status IN ('accepted', 'completed') AND w.released_cents > 0
        """,
    ],
    migrations.RunSQL.noop,
)


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0011_rows_by_city"),
        ("grants", "0023_zero_sum_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="application",
            name="released_cents",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="award",
            name="released_cents",
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("released_cents__lte", models.F("amount_cents") - models.F("paid_cents"))
                ),
                name="award_released_within_amount",
                violation_error_message="No more can be paid or go back than was awarded.",
            ),
        ),
        FILL,
    ]
