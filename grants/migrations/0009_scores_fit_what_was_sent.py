"""A score stands by the rubric and by the version of the application that it was given for."""

from django.db import migrations, models

from cities.tenancy.protection import definer_function, trigger

STATUSES = [
    ("assigned", "To do"),
    ("submitted", "Done"),
    ("recused", "Conflict of interest"),
    ("released", "Taken off"),
    ("outdated", "About an earlier version"),
]

MEASURE = definer_function(
    "rubric_measure(p_rubric jsonb)",
    "jsonb",
    """
    SELECT jsonb_build_array(
        (SELECT jsonb_object_agg(coalesce(i ->> 'key', ''), i -> 'max_points') FROM jsonb_path_query(p_rubric, '$.gates[*]') i),
        (SELECT jsonb_object_agg(coalesce(i ->> 'key', ''), i -> 'max_points') FROM jsonb_path_query(p_rubric, '$.criteria[*]') i),
        (SELECT jsonb_object_agg(coalesce(i ->> 'key', ''), i -> 'max_points') FROM jsonb_path_query(p_rubric, '$.bonus[*]') i),
        p_rubric -> 'minimum_total')
    """,
    language="sql",
    volatility="IMMUTABLE",
    callers="",
)

# Words may change: keys, points and the minimum are what the scores were given by.
RUBRIC = definer_function(
    "guard_rubric()",
    "trigger",
    """
    BEGIN
        IF rubric_measure(NEW.rubric) IS DISTINCT FROM rubric_measure(OLD.rubric) AND EXISTS (
            SELECT 1 FROM grants_application a JOIN grants_review r ON r.city_id = a.city_id AND r.application_id = a.id
            WHERE a.city_id = NEW.city_id AND a.cycle_id = NEW.id AND r.status = 'submitted'
        ) THEN
            RAISE EXCEPTION 'scores were sent by this rubric'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'rubric_in_use';
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)

SENT_AGAIN = definer_function(
    "guard_sent_again()",
    "trigger",
    """
    BEGIN
        IF OLD.status = 'draft' AND NEW.status <> 'draft' AND EXISTS (
            SELECT 1 FROM grants_review r
            WHERE r.city_id = NEW.city_id AND r.application_id = NEW.id AND r.status = 'submitted'
        ) THEN
            RAISE EXCEPTION 'a score of an earlier version still counts'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'application_scored_before_sent';
        END IF;
        RETURN NEW;
    END
    """,
    callers="",
)


class Migration(migrations.Migration):
    dependencies = [("grants", "0008_cycle_translations")]

    operations = [
        migrations.AlterField(
            "review",
            "status",
            models.CharField(choices=STATUSES, default="assigned", max_length=10),
        ),
        migrations.RemoveConstraint("review", "review_status_known"),
        migrations.AddConstraint(
            "review",
            models.CheckConstraint(
                name="review_status_known",
                condition=models.Q(status__in=sorted(value for value, _ in STATUSES)),
            ),
        ),
        MEASURE,
        RUBRIC,
        trigger("guard_rubric", "grants_cycle", "BEFORE UPDATE OF rubric", "guard_rubric"),
        SENT_AGAIN,
        trigger("guard_sent_again", "grants_application", "BEFORE UPDATE OF status", "guard_sent_again"),
    ]
