"""A balance says its account's kind and pool: a pool of sixteen thousand was summed by looking each account up."""

from importlib import import_module

from django.db import migrations, models

from cities.tenancy.protection import definer_function

BEFORE = import_module("grants.migrations.0007_money_protection").OPEN_BALANCE

OPEN_BALANCE = definer_function(
    "open_balance()",
    "trigger",
    """
    BEGIN
        INSERT INTO grants_balance (id, city_id, account_id, kind, pool_id, cents, may_be_negative)
        VALUES (NEW.id, NEW.city_id, NEW.id, NEW.kind, NEW.pool_id, 0, NEW.kind IN ('appropriation', 'funding', 'obligated'));
        RETURN NULL;
    END
    """,
    callers="",
)
FILE = (
    "UPDATE grants_balance b SET kind = a.kind, pool_id = a.pool_id FROM grants_account a "
    "WHERE a.city_id = b.city_id AND a.id = b.account_id"
)


KINDS = [
    ("appropriation", "Appropriated by the Center"),
    ("granted", "Granted, not sent yet"),
    ("sent", "Sent to the city"),
    ("funding", "Program grant accepted"),
    ("receivable", "Accepted, not received yet"),
    ("unallocated", "Received, not allocated"),
    ("available", "Available to award"),
    ("committed", "Awarded, not paid yet"),
    ("paid", "Paid"),
    ("obligated", "Obligated to the grantee"),
    ("to_prove", "Awarded, not proved yet"),
    ("proved", "Proved by receipts"),
]


class Migration(migrations.Migration):
    dependencies = [("grants", "0018_payments_under_way")]

    operations = [
        migrations.AddField(
            "balance",
            "kind",
            models.CharField(choices=KINDS, default="", max_length=14),
            preserve_default=False,
        ),
        migrations.AddField("balance", "pool_id", models.UUIDField(blank=True, null=True)),
        migrations.RunSQL(OPEN_BALANCE.sql, BEFORE.sql),
        migrations.RunSQL(FILE, migrations.RunSQL.noop),
        migrations.AddIndex("balance", models.Index(fields=["city", "pool_id"], name="balance_by_pool")),
    ]
