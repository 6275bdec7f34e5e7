"""Lost second steps: who asked, who approved; and the database's own judgement of who may."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cities.tenancy.models
from cities.tenancy.protection import CITY, definer_function, never_deleted, protect, trigger
from cities.tenancy.scopes import CENTER_ID


def _person(**options: Any) -> Any:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, **options
    )


TABLE = migrations.CreateModel(
    name="FactorReset",
    fields=[
        (
            "id",
            models.UUIDField(
                default=cities.tenancy.models.new_id, editable=False, primary_key=True, serialize=False
            ),
        ),
        ("reason", models.CharField(max_length=300, verbose_name="what happened")),
        ("asked_at", models.DateTimeField(auto_now_add=True)),
        ("approved_at", models.DateTimeField(blank=True, null=True)),
        ("refused_at", models.DateTimeField(blank=True, null=True)),
        (
            "city",
            models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cities.city",
            ),
        ),
        ("person", _person()),
        ("asked_by", _person()),
        ("approved_by", _person(blank=True, null=True)),
        ("refused_by", _person(blank=True, null=True)),
    ],
    options={
        "constraints": [
            models.UniqueConstraint(fields=("city", "id"), name="cities_factorreset_tenant"),
            models.UniqueConstraint(
                condition=models.Q(approved_at__isnull=True, refused_at__isnull=True),
                fields=("city", "person"),
                name="factor_reset_open_once",
                violation_error_message="This was asked for already, and waits for an answer.",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by__isnull=True)
                | (~models.Q(approved_by=models.F("asked_by")) & ~models.Q(approved_by=models.F("person"))),
                name="factor_reset_by_another",
                violation_error_message="Somebody else has to approve what you asked for, or what is about you.",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True) | models.Q(refused_at__isnull=True),
                name="factor_reset_one_answer",
            ),
        ]
    },
)

# Answers yes or no about the open city only, and names nothing: where else somebody works is nobody's business.
WORKS_ONLY_HERE = definer_function(
    "works_only_here(p_person uuid)",
    "boolean",
    f"""
    SELECT count(*) FILTER (WHERE city_id = {CITY}) > 0 AND count(*) FILTER (WHERE city_id IS DISTINCT FROM {CITY}) = 0
    FROM cities_membership WHERE user_id = p_person AND ended_at IS NULL
    """,
    language="sql",
    volatility="STABLE",
)

JUDGE = definer_function(
    "factor_reset_judge()",
    "trigger",
    f"""
    BEGIN
        IF NEW.approved_by_id IS NULL OR EXISTS (
            SELECT 1 FROM cities_membership WHERE user_id = NEW.approved_by_id AND city_id = '{CENTER_ID}'
            AND role = 'officer' AND ended_at IS NULL
        ) THEN RETURN NEW; END IF;
        IF EXISTS (
            SELECT 1 FROM cities_membership WHERE user_id = NEW.approved_by_id AND city_id = NEW.city_id
            AND role = 'manager' AND ended_at IS NULL
        ) AND NOT EXISTS (
            SELECT 1 FROM cities_membership WHERE user_id = NEW.person_id AND city_id <> NEW.city_id AND ended_at IS NULL
        ) THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'not theirs to approve' USING ERRCODE = 'check_violation', CONSTRAINT = 'factor_reset_judge';
    END
    """,
    callers="",
)


class Migration(migrations.Migration):
    dependencies = [("cities", "0008_sessions")]

    operations = [
        TABLE,
        protect("cities_factorreset"),
        never_deleted("cities_factorreset"),
        WORKS_ONLY_HERE,
        JUDGE,
        trigger(
            "factor_reset_judge",
            "cities_factorreset",
            "BEFORE INSERT OR UPDATE OF approved_by_id",
            "factor_reset_judge",
        ),
    ]
