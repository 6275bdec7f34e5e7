"""The database as plain rows, read past all doors; what is checked is only this and the history."""

import contextlib

from config.embedded import postgres

TABLES = {
    "application": "SELECT id, applicant_id AS applicant FROM grants_application",
    "answer": "SELECT application_id AS application, question, version, value::text AS value FROM grants_answer",
    "submission": "SELECT id AS application FROM grants_application WHERE submitted_at IS NOT NULL",
    "screening": "SELECT id AS application FROM grants_application WHERE screened_at IS NOT NULL",
    "review": "SELECT application_id AS application, reviewer_id AS reviewer FROM grants_review",
    "opening": "SELECT id AS review, application_id AS application FROM grants_review WHERE cleared_at IS NOT NULL",
    "sheet": "SELECT id AS review, version, gates->>'workshop' AS workshop, scores->>'impact' AS impact, "
    "scores->>'budget' AS budget, comment FROM grants_review",
    "score": "SELECT r.id AS review, r.application_id AS application, r.total, a.score_mean AS mean "
    "FROM grants_review r JOIN grants_application a ON a.id = r.application_id WHERE r.submitted_at IS NOT NULL",
    "award": "SELECT id, application_id AS application, amount_cents AS cents FROM grants_award",
    "acceptance": "SELECT id AS award, payee_name AS payee FROM grants_award WHERE status = 'accepted'",
    "project": "SELECT 'project' AS kind, id, award_id AS subject FROM projects_project",
    "disbursement": "SELECT id, award_id AS award, purpose, amount_cents AS cents FROM grants_disbursement",
    "approval": "SELECT id AS disbursement FROM grants_disbursement WHERE approved_at IS NOT NULL",
    "payment": "SELECT id AS disbursement, award_id AS award, voucher_number AS voucher, amount_cents AS cents "
    "FROM grants_disbursement WHERE recorded_at IS NOT NULL",
    "receipt": "SELECT id, award_id AS award, vendor, amount_cents AS cents FROM grants_receipt",
    "decision": "SELECT id AS receipt, award_id AS award, accepted_cents AS cents FROM grants_receipt WHERE decided_at IS NOT NULL",
    "event": "SELECT tag AS kind, subject_id AS subject FROM cities_event",
    "entry": "SELECT kind, subject_id AS subject, amount_cents AS cents FROM grants_entry",
    "balance": "SELECT a.kind, a.subject_id AS subject, b.cents FROM grants_balance b JOIN grants_account a ON a.id = b.account_id",
    "moneycall": "SELECT key FROM grants_moneycall",
    "document": "SELECT id, subject_id AS subject, status, failure FROM cities_document",
    "making": "SELECT id AS document FROM cities_document WHERE status = 'finished'",
    "message": "SELECT kind, subject_id AS subject, key, sent_at IS NOT NULL AS sent, failed_at IS NOT NULL AS failed, failure "
    "FROM cities_message",
}


def read_rows(place):
    """Return ``{table: [row, …]}``, a row as a dictionary of texts and numbers."""
    with contextlib.closing(postgres.connect(place, "lyb")) as connection:
        return {name: _read(connection, statement) for name, statement in TABLES.items()}


def _read(connection, statement):
    cursor = connection.execute(statement)
    names = [column.name for column in cursor.description]
    return [
        {
            name: value if isinstance(value, int | bool | None) else str(value)
            for name, value in zip(names, row, strict=True)
        }
        for row in cursor
    ]
