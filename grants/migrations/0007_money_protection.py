"""What the database itself holds about money: who sees it, that it balances, and who may not touch which payment."""

from django.db import migrations

from cities.tenancy.protection import (
    CITY,
    DOOR,
    append_only,
    definer_function,
    never_deleted,
    protect,
    trigger,
)

WEB = "lyb_city, lyb_center"

# -- Balances -------------------------------------------------------------------------------------
READ_ONLY_BALANCES = migrations.RunSQL(
    f"REVOKE INSERT, UPDATE, DELETE ON grants_balance FROM {WEB}",
    f"GRANT INSERT, UPDATE, DELETE ON grants_balance TO {WEB}",
)

OPEN_BALANCE = definer_function(
    "open_balance()",
    "trigger",
    """
    BEGIN
        INSERT INTO grants_balance (id, city_id, account_id, cents, may_be_negative)
        VALUES (NEW.id, NEW.city_id, NEW.id, 0, NEW.kind IN ('appropriation', 'funding', 'obligated'));
        RETURN NULL;
    END
    """,
    callers="",
)

# In order of account, so that two entries that touch the same accounts wait for each other instead of deadlocking.
MOVE_BALANCES = definer_function(
    "move_balances()",
    "trigger",
    """
    DECLARE change record;
    BEGIN
        FOR change IN
            SELECT account_id, city_id, sum(cents) AS cents FROM posted GROUP BY account_id, city_id ORDER BY account_id
        LOOP
            UPDATE grants_balance SET cents = grants_balance.cents + change.cents
            WHERE city_id = change.city_id AND account_id = change.account_id;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'no such account' USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'posting_account_known';
            END IF;
        END LOOP;
        RETURN NULL;
    END
    """,
    callers="",
)

LOCK_ACCOUNTS = definer_function(
    "lock_accounts(p_accounts uuid[])",
    "TABLE (account_id uuid, cents bigint)",
    f"""
    SELECT b.account_id, b.cents FROM grants_balance b
    WHERE {DOOR} IN ('city', 'center') AND b.city_id = {CITY} AND b.account_id = ANY (p_accounts)
    ORDER BY b.account_id FOR UPDATE
    """,
    language="sql",
    callers=WEB,
)

# What the Center grants and sends lies in its tenant: a row that a city wrote in its own would show to any recipient.
WRITTEN_BY_CENTER = [
    migrations.RunSQL(
        f"REVOKE INSERT, UPDATE, DELETE ON grants_{table} FROM lyb_city",
        f"GRANT INSERT, UPDATE, DELETE ON grants_{table} TO lyb_city",
    )
    for table in ("programgrant", "tranche")
]

# -- Entries --------------------------------------------------------------------------------------
# xmin would be the savepoint's number; this is the transaction's.
STAMP_ENTRY = definer_function(
    "stamp_entry()",
    "trigger",
    "BEGIN NEW.transaction_id := pg_current_xact_id()::text::bigint; RETURN NEW; END",
    callers="",
)

OWN_TRANSACTION = definer_function(
    "require_own_transaction()",
    "trigger",
    """
    BEGIN
        IF NOT EXISTS (
            SELECT 1 FROM grants_entry e
            WHERE e.city_id = NEW.city_id AND e.id = NEW.entry_id AND e.transaction_id = pg_current_xact_id()::text::bigint
        ) THEN
            RAISE EXCEPTION 'a posting joins its entry in the entry''s own transaction'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_in_own_transaction';
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)

# SECURITY DEFINER: when the scope is closed, or another city's is open, it must still see every posting.
ZERO_SUM = definer_function(
    "require_zero_sum()",
    "trigger",
    """
    DECLARE the_entry uuid; sides integer; total numeric; currencies integer; foreign_ones integer; moved bigint; said bigint; mirrored uuid;
    BEGIN
        IF TG_TABLE_NAME = 'grants_entry' THEN the_entry := NEW.id; ELSE the_entry := NEW.entry_id; END IF;
        SELECT count(*), sum(p.cents), count(DISTINCT a.currency), count(*) FILTER (WHERE a.currency IS DISTINCT FROM e.currency),
               max(p.cents), max(e.amount_cents)
        INTO sides, total, currencies, foreign_ones, moved, said
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

# -- Who may not touch a payment ------------------------------------------------------------------
SEATS = definer_function(
    "guard_disbursement()",
    "trigger",
    """
    DECLARE parties uuid[];
    BEGIN
        SELECT ARRAY[a.applicant_id, a.payee_id, a.signatory_id] INTO parties
        FROM grants_award a WHERE a.city_id = NEW.city_id AND a.id = NEW.award_id FOR SHARE;
        IF NEW.requested_by_id = ANY (parties) OR NEW.approved_by_id = ANY (parties) OR NEW.recorded_by_id = ANY (parties) THEN
            RAISE EXCEPTION 'a party of the award takes no seat at its payment'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_not_by_party';
        END IF;
        IF TG_OP = 'UPDATE' THEN
            IF (NEW.city_id, NEW.award_id, NEW.number, NEW.amount_cents, NEW.currency, NEW.payee_name, NEW.method, NEW.requested_by_id)
               IS DISTINCT FROM
               (OLD.city_id, OLD.award_id, OLD.number, OLD.amount_cents, OLD.currency, OLD.payee_name, OLD.method, OLD.requested_by_id)
               OR (OLD.approved_by_id IS NOT NULL AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id)
               OR (OLD.recorded_by_id IS NOT NULL AND (NEW.recorded_by_id, NEW.paid_on, NEW.voucher_number)
                   IS DISTINCT FROM (OLD.recorded_by_id, OLD.paid_on, OLD.voucher_number))
            THEN
                RAISE EXCEPTION 'what was requested, approved or recorded stays as it was'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_frozen';
            END IF;
            IF NEW.status <> OLD.status AND (OLD.status || '>' || NEW.status) NOT IN
               ('requested>approved', 'requested>refused', 'approved>refused', 'approved>paid', 'paid>voided')
            THEN
                RAISE EXCEPTION 'a disbursement does not go from % to %', OLD.status, NEW.status
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_way';
            END IF;
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)

# The payment moves its amount from the award's committed money to what is paid, and nothing else; a reversal mirrors it.
PAID_IN_LEDGER = definer_function(
    "require_payment_entry()",
    "trigger",
    """
    BEGIN
        IF NEW.status IN ('paid', 'voided') AND NOT EXISTS (
            SELECT 1 FROM grants_entry e WHERE e.city_id = NEW.city_id AND e.kind = 'payment' AND e.subject_id = NEW.id
              AND e.amount_cents = NEW.amount_cents AND e.currency = NEW.currency
              AND NOT EXISTS (
                  SELECT 1 FROM grants_posting p JOIN grants_account a ON a.city_id = p.city_id AND a.id = p.account_id
                  WHERE p.city_id = e.city_id AND p.entry_id = e.id AND NOT (a.subject_id = NEW.award_id
                    AND ((a.kind = 'committed' AND p.cents = -NEW.amount_cents) OR (a.kind = 'paid' AND p.cents = NEW.amount_cents))))
              AND (NEW.status = 'paid' OR EXISTS (
                  SELECT 1 FROM grants_entry r WHERE r.city_id = e.city_id AND r.reverses_id = e.id))
        ) THEN
            RAISE EXCEPTION 'a paid disbursement stands in the ledger, a voided one with its reversal'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'disbursement_in_ledger';
        END IF;
        RETURN NULL;
    END
    """,
    callers="",
)

DECIDERS = definer_function(
    "guard_proof()",
    "trigger",
    """
    DECLARE parties uuid[]; who uuid;
    BEGIN
        IF TG_TABLE_NAME = 'grants_receipt' THEN who := NEW.decided_by_id; ELSE who := NEW.recorded_by_id; END IF;
        SELECT ARRAY[a.applicant_id, a.payee_id, a.signatory_id] INTO parties
        FROM grants_award a WHERE a.city_id = NEW.city_id AND a.id = NEW.award_id FOR SHARE;
        IF who = ANY (parties) THEN
            RAISE EXCEPTION 'a party of the award decides nothing about its proof'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'proof_not_by_party';
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)

PARTIES = definer_function(
    "guard_award_parties()",
    "trigger",
    """
    BEGIN
        IF EXISTS (
            SELECT 1 FROM grants_disbursement d WHERE d.city_id = NEW.city_id AND d.award_id = NEW.id
              AND ARRAY[d.requested_by_id, d.approved_by_id, d.recorded_by_id] && ARRAY[NEW.applicant_id, NEW.payee_id, NEW.signatory_id]
        ) THEN
            RAISE EXCEPTION 'who took a seat at a payment becomes no party of its award'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'award_party_had_seat';
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)

# What was promised, to whom and for what, stays as it was offered; a status goes one way.
AWARD = definer_function(
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
           ('offered>accepted', 'offered>declined', 'offered>rescinded', 'accepted>completed')
        THEN
            RAISE EXCEPTION 'an award does not go from % to %', OLD.status, NEW.status
                USING ERRCODE = 'check_violation', CONSTRAINT = 'award_way';
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)

# Its whole amount, out of its own cycle's pool and back into it; a completed one holds nothing any more.
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
            JOIN grants_posting p ON p.city_id = e.city_id AND p.entry_id = e.id
            JOIN grants_account a ON a.city_id = p.city_id AND a.id = p.account_id
            JOIN grants_posting q ON q.city_id = e.city_id AND q.entry_id = e.id
            JOIN grants_account b ON b.city_id = q.city_id AND b.id = q.account_id
            WHERE e.city_id = NEW.city_id AND e.kind = wanted AND e.subject_id = NEW.id
              AND a.kind = 'committed' AND a.subject_id = NEW.id AND p.cents = side
              AND b.kind = 'available' AND b.subject_id = NEW.cycle_id AND q.cents = -side
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

# A receipt's picture belongs to it as an attachment's file does to an answer.
LINKED_FILES = definer_function(
    "linked_uploads(p_names text[])",
    "SETOF text",
    """
    SELECT a.file FROM grants_attachment a
    WHERE a.file = ANY (p_names) AND (a.removed_at IS NULL OR a.removed_at > now() - interval '30 days')
    UNION ALL SELECT r.file FROM grants_receipt r WHERE r.file = ANY (p_names)
    """,
    language="sql",
    volatility="STABLE",
)
KEEP_FUNCTION = migrations.RunSQL(LINKED_FILES.sql, migrations.RunSQL.noop)

CITY_TABLES = (
    "account",
    "balance",
    "entry",
    "posting",
    "moneycall",
    "review",
    "conflict",
    "award",
    "disbursement",
    "deputy",
    "receipt",
    "return",
)
NEVER_DELETED = ("award", "disbursement", "deputy", "receipt", "conflict", "programgrant", "review")


class Migration(migrations.Migration):
    dependencies = [("grants", "0006_money"), ("cities", "0006_documents_protection")]

    operations = [
        *[protect(f"grants_{table}") for table in CITY_TABLES],
        protect("grants_programgrant", recipient=True),
        protect("grants_tranche", recipient=True),
        protect("grants_grantacceptance"),
        protect("grants_tranchereceipt"),
        *[
            append_only(f"grants_{table}")
            for table in (
                "account",
                "entry",
                "posting",
                "moneycall",
                "tranche",
                "grantacceptance",
                "tranchereceipt",
                "return",
            )
        ],
        *[never_deleted(f"grants_{table}") for table in NEVER_DELETED],
        READ_ONLY_BALANCES,
        *WRITTEN_BY_CENTER,
        OPEN_BALANCE,
        trigger("open_balance", "grants_account", "AFTER INSERT", "open_balance"),
        MOVE_BALANCES,
        trigger(
            "move_balances",
            "grants_posting",
            "AFTER INSERT",
            "move_balances",
            each="STATEMENT",
            extra="REFERENCING NEW TABLE AS posted ",
        ),
        LOCK_ACCOUNTS,
        STAMP_ENTRY,
        trigger("stamp_entry", "grants_entry", "BEFORE INSERT", "stamp_entry"),
        OWN_TRANSACTION,
        trigger("own_transaction", "grants_posting", "BEFORE INSERT", "require_own_transaction"),
        ZERO_SUM,
        trigger("zero_sum", "grants_entry", "AFTER INSERT", "require_zero_sum", deferred=True),
        trigger("zero_sum", "grants_posting", "AFTER INSERT", "require_zero_sum", deferred=True),
        SEATS,
        trigger("guard_disbursement", "grants_disbursement", "BEFORE INSERT OR UPDATE", "guard_disbursement"),
        PAID_IN_LEDGER,
        trigger(
            "paid_in_ledger",
            "grants_disbursement",
            "AFTER INSERT OR UPDATE",
            "require_payment_entry",
            deferred=True,
        ),
        DECIDERS,
        trigger("guard_proof", "grants_receipt", "BEFORE INSERT OR UPDATE", "guard_proof"),
        trigger("guard_proof", "grants_return", "BEFORE INSERT", "guard_proof"),
        PARTIES,
        trigger(
            "guard_parties",
            "grants_award",
            "BEFORE UPDATE OF applicant_id, payee_id, signatory_id",
            "guard_award_parties",
        ),
        AWARD,
        trigger("guard_award", "grants_award", "BEFORE UPDATE", "guard_award"),
        AWARD_IN_LEDGER,
        trigger(
            "award_in_ledger",
            "grants_award",
            "AFTER INSERT OR UPDATE",
            "require_award_entry",
            deferred=True,
        ),
        KEEP_FUNCTION,
    ]
