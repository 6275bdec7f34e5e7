"""An award's entry is looked for from the award, whatever the statistics say.

Joined freely, the planner could begin at the call's pool, of which every award of the call has a posting. A scalar
subquery stays where it stands.
"""

from importlib import import_module

from django.db import migrations

from cities.tenancy.protection import definer_function

BEFORE = import_module("grants.migrations.0007_money_protection").AWARD_IN_LEDGER

AWARD_IN_LEDGER = definer_function(
    "require_award_entry()",
    "trigger",
    """
    DECLARE wanted text; side bigint;
    BEGIN
        IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN RETURN NULL; END IF;
        IF NEW.status IN ('declined', 'rescinded') THEN wanted := 'deobligation'; side := -NEW.amount_cents;
        ELSE wanted := 'commitment'; side := NEW.amount_cents; END IF;
        IF NOT EXISTS (
            SELECT 1 FROM grants_entry e
            WHERE e.city_id = NEW.city_id AND e.kind = wanted AND e.subject_id = NEW.id AND (
                SELECT bool_or(a.kind = 'committed' AND a.subject_id = NEW.id AND p.cents = side)
                   AND bool_or(a.kind = 'available' AND a.subject_id = NEW.cycle_id AND p.cents = -side)
                FROM grants_posting p JOIN grants_account a ON a.city_id = p.city_id AND a.id = p.account_id
                WHERE p.city_id = e.city_id AND p.entry_id = e.id)
        ) OR (TG_OP = 'UPDATE' AND NEW.status = 'completed' AND EXISTS (
            SELECT 1 FROM grants_balance h JOIN grants_account a ON a.city_id = h.city_id AND a.id = h.account_id
            WHERE a.city_id = NEW.city_id AND a.subject_id = NEW.id AND a.kind IN ('committed', 'to_prove') AND h.cents <> 0
        )) THEN
            RAISE EXCEPTION 'an award stands in the ledger, one that ended with its de-obligation'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'award_in_ledger';
        END IF;
        RETURN NULL;
    END
    """,
    callers="",
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0014_return_by_another")]

    operations = [migrations.RunSQL(AWARD_IN_LEDGER.sql, BEFORE.sql)]
