"""What staff wrote to each other about an application stays as it was written."""

from django.db import migrations

from cities.tenancy.protection import append_only


class Migration(migrations.Migration):
    dependencies = [("grants", "0002_protection")]

    operations = [append_only("grants_note")]
