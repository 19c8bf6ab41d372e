from django.db import migrations

from jianguan.platform.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [append_only("journal_entry", "journal_position", "journal_treehead")]
