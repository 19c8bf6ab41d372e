import django.db.models.deletion
from django.db import migrations, models

from jianguan.platform.database.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_splits_and_merges"),
    ]

    operations = [
        migrations.AddField(
            model_name="permittedworks",
            name="completed_on",
            field=models.DateField(null=True),
        ),
        migrations.CreateModel(
            name="FormerTerms",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.TextField()),
                ("contract_price", models.DecimalField(decimal_places=4, max_digits=15)),
                ("planned_start", models.DateField()),
                ("planned_finish", models.DateField()),
                ("until", models.DateField()),
                ("case_id", models.UUIDField()),
                (
                    "permitted_works",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_terms",
                        to="projects.permittedworks",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("suspended_on", models.DateField()),
                ("resumed_on", models.DateField(null=True)),
                ("cause", models.TextField(blank=True)),
                ("case_id", models.UUIDField()),
                ("resumed_by", models.UUIDField(null=True)),
                (
                    "permitted_works",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suspensions",
                        to="projects.permittedworks",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resumed_on", None)),
                        fields=("permitted_works",),
                        name="suspended_once_at_a_time",
                    )
                ],
            },
        ),
        append_only("projects_formerterms"),
    ]
