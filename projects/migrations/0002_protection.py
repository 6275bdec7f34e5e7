"""Row-level security on projects, what of them is public, and which stored photos belong to one."""

from django.db import migrations

from cities.tenancy.protection import definer_function, never_deleted, protect

PUBLISHED_PROJECT = "published_at IS NOT NULL"
PUBLISHED_UPDATE = "status = 'published' AND EXISTS (SELECT 1 FROM projects_project p WHERE p.id = project_id AND p.published_at IS NOT NULL)"
PUBLISHED_PHOTO = "EXISTS (SELECT 1 FROM projects_update u WHERE u.id = update_id AND u.status = 'published')"

LINKED_FILES = definer_function(
    "linked_uploads(p_names text[])",
    "SETOF text",
    """
    SELECT a.file FROM grants_attachment a
    WHERE a.file = ANY (p_names) AND (a.removed_at IS NULL OR a.removed_at > now() - interval '30 days')
    UNION ALL SELECT r.file FROM grants_receipt r WHERE r.file = ANY (p_names)
    UNION ALL SELECT p.file FROM projects_photo p WHERE p.file = ANY (p_names)
    """,
    language="sql",
    volatility="STABLE",
)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_projects"), ("grants", "0007_money_protection")]

    operations = [
        protect("projects_project", public=PUBLISHED_PROJECT),
        protect("projects_update", public=PUBLISHED_UPDATE),
        protect("projects_photo", public=PUBLISHED_PHOTO),
        never_deleted("projects_project"),
        migrations.RunSQL(LINKED_FILES.sql, migrations.RunSQL.noop),
    ]
