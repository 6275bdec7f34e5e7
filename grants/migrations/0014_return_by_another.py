"""Who recorded a payment doesn't record that its money came back: money would leave and return on one person's word."""

from django.db import migrations

from cities.tenancy.protection import definer_function, trigger

ANOTHER = definer_function(
    "guard_return()",
    "trigger",
    """
    BEGIN
        IF EXISTS (
            SELECT 1 FROM grants_disbursement d
            WHERE d.city_id = NEW.city_id AND d.award_id = NEW.award_id
              AND d.status = 'paid' AND d.recorded_by_id = NEW.recorded_by_id
        ) THEN
            RAISE EXCEPTION 'whoever recorded a payment records no return of its award'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'return_not_by_recorder';
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0013_disbursement_totals")]

    operations = [ANOTHER, trigger("guard_return", "grants_return", "BEFORE INSERT", "guard_return")]
