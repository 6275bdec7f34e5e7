"""What was never sent may go: a resident who deletes their account takes their drafts along."""

from django.db import migrations

from cities.tenancy.protection import CITY, definer_function

# No web role may delete an answer. The trigger lets its owner do it, for what nobody has sent.
REFUSE = definer_function(
    "refuse_change_of_answer()",
    "trigger",
    """
    BEGIN
        IF TG_OP = 'DELETE' AND EXISTS (
            SELECT 1 FROM grants_application a WHERE a.city_id = OLD.city_id AND a.id = OLD.application_id
            AND a.status = 'draft' AND a.reference IS NULL
        ) THEN RETURN OLD; END IF;
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only';
    END
    """,
    callers="",
)


def _trigger(function: str) -> list[str]:
    return [
        "DROP TRIGGER append_only ON grants_answer",
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON grants_answer FOR EACH ROW EXECUTE FUNCTION {function}()",
    ]


ERASE = definer_function(
    "erase_draft(p_application uuid)",
    "void",
    f"""
    BEGIN
        PERFORM 1 FROM grants_application WHERE id = p_application AND city_id = {CITY}
            AND status = 'draft' AND reference IS NULL FOR UPDATE;
        IF NOT FOUND THEN RAISE EXCEPTION 'not a draft' USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only'; END IF;
        DELETE FROM grants_answer WHERE application_id = p_application AND city_id = {CITY};
        DELETE FROM grants_attachment WHERE application_id = p_application AND city_id = {CITY};
        DELETE FROM grants_application WHERE id = p_application AND city_id = {CITY};
    END
    """,
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0010_lists_by_their_indexes")]

    operations = [
        REFUSE,
        migrations.RunSQL(_trigger("refuse_change_of_answer"), _trigger("refuse_change")),
        ERASE,
    ]
