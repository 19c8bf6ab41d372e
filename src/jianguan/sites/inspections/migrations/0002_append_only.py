from django.db import migrations

from jianguan.platform.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]
    operations = [append_only("inspections_edition")]
