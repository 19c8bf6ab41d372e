import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from jianguan.platform.database.append_only import append_only

# Works that are there already stand since their project was registered; what came about earlier says so.
SINCE = """
UPDATE projects_works SET valid_from = least(
    (SELECT (registered_at AT TIME ZONE 'Asia/Shanghai')::date FROM projects_project p WHERE p.id = project_id),
    (SELECT min(valid_from) FROM projects_sectionworks s WHERE s.works_id = projects_works.id),
    (SELECT min(valid_from) FROM projects_permittedworksitem i WHERE i.works_id = projects_works.id)
)
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [
        migrations.AddField("works", "valid_from", models.DateField(null=True)),
        migrations.AddField("works", "valid_until", models.DateField(null=True)),
        migrations.AddField(
            "works",
            "ancestors",
            django.contrib.postgres.fields.ArrayField(models.UUIDField(), default=list, size=None),
        ),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField("works", "valid_from", models.DateField()),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act_id", models.UUIDField()),
                ("kind", models.TextField()),
                ("day", models.DateField()),
                ("reason", models.TextField(blank=True)),
                ("actor_id", models.UUIDField()),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="successions", to="projects.project"
                    ),
                ),
                (
                    "predecessor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="successors", to="projects.works"
                    ),
                ),
                (
                    "successor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="predecessors", to="projects.works"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("predecessor", "successor"), name="succession_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField()),
                ("day", models.DateField()),
                ("before", models.JSONField()),
                ("after", models.JSONField()),
                ("reason", models.TextField()),
                ("actor_id", models.UUIDField()),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="projects.project"
                    ),
                ),
            ],
        ),
        append_only("projects_succession", "projects_change"),
    ]
