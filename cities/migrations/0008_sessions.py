"""Sessions known by a hash, with the person they belong to: so that people can see and end their own."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import cities.tenancy.models


class Migration(migrations.Migration):
    dependencies = [("cities", "0007_backup_checks")]

    operations = [
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=cities.tenancy.models.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key_hash", models.CharField(max_length=64, unique=True)),
                ("session_data", models.TextField()),
                ("device", models.CharField(blank=True, max_length=80)),
                ("is_desk", models.BooleanField(default=False)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("seen_at", models.DateTimeField(auto_now_add=True)),
                ("expire_date", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["expire_date"], name="opensession_expiry")]},
        ),
    ]
