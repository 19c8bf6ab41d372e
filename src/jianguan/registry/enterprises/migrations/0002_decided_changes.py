import django.db.models.deletion
from django.db import migrations, models

from jianguan.platform.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerParticular",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("particular", models.TextField()),
                ("value", models.TextField()),
                ("until", models.DateField()),
                ("case_id", models.UUIDField()),
                (
                    "enterprise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_particulars",
                        to="enterprises.enterprise",
                    ),
                ),
            ],
        ),
        append_only("enterprises_formerparticular"),
    ]
