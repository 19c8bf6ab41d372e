from django.db import migrations

from jianguan.platform.database.statistics import of_prefixes


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_open_cases_in_order")]

    operations = [of_prefixes("matters_case")]
