import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("certificates", "0003_ofd_files"),
    ]

    operations = [
        migrations.AddField(
            model_name="certificate",
            name="also_held_by",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=django.contrib.postgres.indexes.GinIndex(fields=["also_held_by"], name="certificate_also_held"),
        ),
    ]
