"""What a city's list of payments says above it is kept, not counted: payments and their sum, by call and method."""

import django.db.models.deletion
from django.db import migrations, models

import cities.tenancy.constraints
import cities.tenancy.models
from cities.tenancy.protection import definer_function, protect, trigger

WEB = "lyb_city, lyb_center"

READ_ONLY = migrations.RunSQL(
    f"REVOKE INSERT, UPDATE, DELETE ON grants_disbursementtotal FROM {WEB}",
    f"GRANT INSERT, UPDATE, DELETE ON grants_disbursementtotal TO {WEB}",
)

# On INSERT only: what a payment is of stays as it was requested, and none is deleted. In one order, so that two who
# request in one call wait for each other instead of deadlocking.
KEEP = definer_function(
    "keep_disbursement_totals()",
    "trigger",
    """
    BEGIN
        IF EXISTS (SELECT 1 FROM added a LEFT JOIN grants_award w ON w.city_id = a.city_id AND w.id = a.award_id WHERE w.id IS NULL) THEN
            RAISE EXCEPTION 'no such award' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'grants_disbursement_award_same_city';
        END IF;
        INSERT INTO grants_disbursementtotal AS kept (id, city_id, cycle_id, method, count, cents)
        SELECT gen_random_uuid(), a.city_id, w.cycle_id, a.method, count(*), sum(a.amount_cents)
        FROM added a JOIN grants_award w ON w.city_id = a.city_id AND w.id = a.award_id
        GROUP BY a.city_id, w.cycle_id, a.method ORDER BY a.city_id, w.cycle_id, a.method
        ON CONFLICT (city_id, cycle_id, method) DO UPDATE SET count = kept.count + excluded.count, cents = kept.cents + excluded.cents;
        RETURN NULL;
    END
    """,
    callers="",
)

# After the trigger, whose lock lets nobody insert meanwhile. Checked at once: a table with checks to come can't be altered.
FILL = migrations.RunSQL(
    [
        "SET CONSTRAINTS ALL IMMEDIATE",
        """
        INSERT INTO grants_disbursementtotal (id, city_id, cycle_id, method, count, cents)
        SELECT gen_random_uuid(), d.city_id, w.cycle_id, d.method, count(*), sum(d.amount_cents)
        FROM grants_disbursement d JOIN grants_award w ON w.city_id = d.city_id AND w.id = d.award_id
        GROUP BY d.city_id, w.cycle_id, d.method
        """,
    ],
    migrations.RunSQL.noop,
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0012_voucher_key"), ("cities", "0010_api_tokens")]

    operations = [
        migrations.CreateModel(
            name="DisbursementTotal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[
                            ("check", "Check"),
                            ("transfer", "Bank transfer"),
                            ("purchase", "The city buys it"),
                            ("gift_card", "Store gift card"),
                            ("prepaid", "Prepaid card"),
                            ("cash", "Cash"),
                        ],
                        max_length=10,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("cents", models.PositiveBigIntegerField()),
                (
                    "city",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cities.city",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="grants.cycle",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="disbursementtotal",
            constraint=models.UniqueConstraint(fields=("city", "id"), name="grants_disbursementtotal_tenant"),
        ),
        migrations.AddConstraint(
            model_name="disbursementtotal",
            constraint=cities.tenancy.constraints.SameCity(
                "cycle", name="grants_disbursementtotal_cycle_same_city"
            ),
        ),
        migrations.AddConstraint(
            model_name="disbursementtotal",
            constraint=models.UniqueConstraint(
                fields=("city", "cycle", "method"), name="disbursementtotal_once"
            ),
        ),
        protect("grants_disbursementtotal"),
        READ_ONLY,
        KEEP,
        trigger(
            "keep_totals",
            "grants_disbursement",
            "AFTER INSERT",
            "keep_disbursement_totals",
            each="STATEMENT",
            extra="REFERENCING NEW TABLE AS added ",
        ),
        FILL,
    ]
