"""Which stored objects belong to an attachment, asked over all cities by the sweeper.

It answers for keys that the caller has already, each 122 random bits, and tells nothing else.
A removed file counts as linked for a month.
"""

from django.db import migrations

from cities.tenancy.protection import definer_function


class Migration(migrations.Migration):
    dependencies = [("grants", "0003_notes_append_only")]

    operations = [
        definer_function(
            "linked_uploads(p_names text[])",
            "SETOF text",
            """
            SELECT a.file FROM grants_attachment a
            WHERE a.file = ANY (p_names) AND (a.removed_at IS NULL OR a.removed_at > now() - interval '30 days')
            """,
            language="sql",
            volatility="STABLE",
        ),
    ]
