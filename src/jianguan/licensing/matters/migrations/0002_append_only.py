from django.db import migrations

from jianguan.platform.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]
    operations = [append_only("matters_packversion", "matters_submission", "matters_act")]
