"""A completed award can be opened again, once what its end gave back to the pool is reversed."""

from importlib import import_module

from django.db import migrations, models

from cities.tenancy.protection import definer_function

GUARD_BEFORE = import_module("grants.migrations.0007_money_protection").AWARD
ENTRY_BEFORE = import_module("grants.migrations.0015_award_entry_from_entry").AWARD_IN_LEDGER

GUARD = definer_function(
    "guard_award()",
    "trigger",
    """
    BEGIN
        IF (NEW.city_id, NEW.application_id, NEW.cycle_id, NEW.applicant_id, NEW.reference, NEW.amount_cents, NEW.conditions)
           IS DISTINCT FROM
           (OLD.city_id, OLD.application_id, OLD.cycle_id, OLD.applicant_id, OLD.reference, OLD.amount_cents, OLD.conditions)
           OR (OLD.answered_at IS NOT NULL AND (NEW.signatory_id, NEW.answered_at, NEW.answer_reason)
               IS DISTINCT FROM (OLD.signatory_id, OLD.answered_at, OLD.answer_reason))
        THEN
            RAISE EXCEPTION 'what was offered or answered stays as it was'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'award_frozen';
        END IF;
        IF NEW.status <> OLD.status AND (OLD.status || '>' || NEW.status) NOT IN
           ('offered>accepted', 'offered>declined', 'offered>rescinded', 'accepted>completed', 'completed>accepted')
        THEN
            RAISE EXCEPTION 'an award does not go from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'award_way';
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)

ENTRY = definer_function(
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
        )) OR (TG_OP = 'UPDATE' AND NEW.status = 'accepted' AND EXISTS (
            SELECT 1 FROM grants_entry e
            WHERE e.city_id = NEW.city_id AND e.kind = 'deobligation' AND e.subject_id = NEW.id
              AND NOT EXISTS (SELECT 1 FROM grants_entry m WHERE m.city_id = e.city_id AND m.reverses_id = e.id)
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
    dependencies = [("grants", "0024_released_cents")]

    operations = [
        migrations.AddField("award", "reopened_at", models.DateTimeField(blank=True, null=True)),
        migrations.RunSQL(GUARD.sql, GUARD_BEFORE.sql),
        migrations.RunSQL(ENTRY.sql, ENTRY_BEFORE.sql),
    ]
