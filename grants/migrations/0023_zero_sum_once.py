"""An entry written in one statement with its postings is summed once, not once more for each of them."""

from importlib import import_module

from django.db import migrations

from cities.tenancy.protection import definer_function

BEFORE = import_module("grants.migrations.0007_money_protection").ZERO_SUM

# cmin is the number of the statement in its transaction. What the entry's own statement wrote was there when the entry was
# checked, whenever that was; a posting of a later statement has the entry checked again.
WRITTEN_TOGETHER = """
    IF EXISTS (
        SELECT 1 FROM grants_posting p JOIN grants_entry e ON e.city_id = p.city_id AND e.id = p.entry_id
        WHERE p.city_id = NEW.city_id AND p.id = NEW.id AND p.xmin = e.xmin AND p.cmin = e.cmin
    ) THEN RETURN NULL; END IF;
"""

ZERO_SUM = definer_function(
    "require_zero_sum()",
    "trigger",
    f"""
    DECLARE the_entry uuid; sides integer; total numeric; currencies integer; foreign_ones integer; mirrored uuid;
    BEGIN
        IF TG_TABLE_NAME = 'grants_entry' THEN the_entry := NEW.id;
        ELSE the_entry := NEW.entry_id; {WRITTEN_TOGETHER}
        END IF;
        SELECT count(*), sum(p.cents), count(DISTINCT a.currency), count(*) FILTER (WHERE a.currency IS DISTINCT FROM e.currency)
        INTO sides, total, currencies, foreign_ones
        FROM grants_posting p
        JOIN grants_entry e ON e.city_id = p.city_id AND e.id = p.entry_id
        LEFT JOIN grants_account a ON a.city_id = p.city_id AND a.id = p.account_id
        WHERE p.city_id = NEW.city_id AND p.entry_id = the_entry;
        IF sides < 2 OR total IS DISTINCT FROM 0 THEN
            RAISE EXCEPTION 'entry % has % postings that sum to %', the_entry, sides, total
                USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_sums_to_zero';
        END IF;
        IF currencies <> 1 OR foreign_ones > 0 THEN
            RAISE EXCEPTION 'entry % mixes currencies', the_entry USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_one_currency';
        END IF;
        SELECT e.reverses_id INTO mirrored FROM grants_entry e WHERE e.city_id = NEW.city_id AND e.id = the_entry;
        IF mirrored IS NOT NULL AND EXISTS (
            SELECT p.account_id FROM grants_posting p WHERE p.city_id = NEW.city_id AND p.entry_id IN (the_entry, mirrored)
            GROUP BY p.account_id HAVING sum(p.cents) <> 0
        ) THEN
            RAISE EXCEPTION 'entry % is no mirror of %', the_entry, mirrored
                USING ERRCODE = 'check_violation', CONSTRAINT = 'reversal_mirrors_entry';
        END IF;
        RETURN NULL;
    END
    """,
    callers="",
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0022_balances_of_a_pool")]

    operations = [migrations.RunSQL(ZERO_SUM.sql, BEFORE.sql)]
