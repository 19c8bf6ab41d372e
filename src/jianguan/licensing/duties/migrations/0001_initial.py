import uuid6
from django.db import migrations, models

from jianguan.platform.database.append_only import append_only


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Urging',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('case_id', models.UUIDField(db_index=True)),
                ('item_id', models.UUIDField()),
                ('by_id', models.UUIDField()),
                ('words', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        append_only("duties_urging"),
    ]
