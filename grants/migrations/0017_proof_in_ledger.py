"""What was accepted of a receipt, and what came back, stand in the books; so far only the actions saw to it."""

from django.db import migrations

from cities.tenancy.protection import definer_function, trigger

# What is accepted is the sum of its entries that were not reversed, each out of its own award's money to prove.
RECEIPT_IN_LEDGER = definer_function(
    "require_receipt_entry()",
    "trigger",
    """
    BEGIN
        IF coalesce(NEW.accepted_cents, 0) IS DISTINCT FROM (
            SELECT coalesce(sum(e.amount_cents), 0) FROM grants_entry e
            WHERE e.city_id = NEW.city_id AND e.kind = 'substantiation' AND e.subject_id = NEW.id
              AND NOT EXISTS (SELECT 1 FROM grants_entry r WHERE r.city_id = e.city_id AND r.reverses_id = e.id)
              AND NOT EXISTS (
                  SELECT 1 FROM grants_posting p JOIN grants_account a ON a.city_id = p.city_id AND a.id = p.account_id
                  WHERE p.city_id = e.city_id AND p.entry_id = e.id AND NOT (a.subject_id = NEW.award_id
                    AND ((a.kind = 'to_prove' AND p.cents = -e.amount_cents) OR (a.kind = 'proved' AND p.cents = e.amount_cents))))
        ) THEN
            RAISE EXCEPTION 'what is accepted of a receipt stands in the ledger'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_in_ledger';
        END IF;
        RETURN NULL;
    END
    """,
    callers="",
)

# Its whole amount, out of its own award's paid money; it counts as neither paid nor to be proved any more.
RETURN_IN_LEDGER = definer_function(
    "require_return_entry()",
    "trigger",
    """
    BEGIN
        IF NOT EXISTS (
            SELECT 1 FROM grants_entry e
            WHERE e.city_id = NEW.city_id AND e.kind = 'return' AND e.subject_id = NEW.id
              AND e.amount_cents = NEW.amount_cents AND e.occurred_on = NEW.returned_on AND (
                SELECT count(*) = 2 FROM grants_posting p JOIN grants_account a ON a.city_id = p.city_id AND a.id = p.account_id
                WHERE p.city_id = e.city_id AND p.entry_id = e.id AND a.subject_id = NEW.award_id
                  AND a.kind IN ('paid', 'to_prove') AND p.cents = -NEW.amount_cents)
        ) THEN
            RAISE EXCEPTION 'what came back stands in the ledger'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'return_in_ledger';
        END IF;
        RETURN NULL;
    END
    """,
    callers="",
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0016_search_what_was_sent")]

    operations = [
        RECEIPT_IN_LEDGER,
        trigger(
            "receipt_in_ledger",
            "grants_receipt",
            "AFTER INSERT OR UPDATE OF accepted_cents",
            "require_receipt_entry",
            deferred=True,
        ),
        RETURN_IN_LEDGER,
        trigger("return_in_ledger", "grants_return", "AFTER INSERT", "require_return_entry", deferred=True),
    ]
