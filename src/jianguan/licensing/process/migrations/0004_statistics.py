from django.db import migrations

from jianguan.platform.database.statistics import of_prefixes


class Migration(migrations.Migration):
    dependencies = [("process", "0003_done_by_whom")]

    operations = [of_prefixes("process_workitem")]
