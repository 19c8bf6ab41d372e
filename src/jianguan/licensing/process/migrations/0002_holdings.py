import django.db.models.deletion
import uuid6
from django.db import migrations, models

from jianguan.platform.database.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('process', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('holder_id', models.UUIDField(null=True)),
                ('way', models.TextField(choices=[('claimed', 'Claimed'), ('given_back', 'Given Back'), ('delegated', 'Delegated'), ('returned', 'Returned'), ('assigned', 'Assigned'), ('taken_away', 'Taken Away'), ('recused', 'Recused')])),
                ('by_id', models.UUIDField()),
                ('reason', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Recusal',
            fields=[
                ('id', models.UUIDField(default=uuid6.uuid7, editable=False, primary_key=True, serialize=False)),
                ('account_id', models.UUIDField(null=True)),
                ('named', models.TextField(blank=True)),
                ('reason', models.TextField()),
                ('words', models.TextField(blank=True)),
                ('asked_by', models.UUIDField()),
                ('asked_at', models.DateTimeField()),
                ('since', models.DateTimeField(null=True)),
                ('decided_by', models.UUIDField(null=True)),
                ('decided_at', models.DateTimeField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='workitem',
            name='held_since',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='workitem',
            name='holder_id',
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name='workitem',
            index=models.Index(condition=models.Q(('holder_id__isnull', False), ('state', 'open')), fields=['holder_id', 'due_on', 'id'], name='work_item_held'),
        ),
        migrations.AddField(
            model_name='handover',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='process.workitem'),
        ),
        migrations.AddField(
            model_name='recusal',
            name='instance',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recusals', to='process.instance'),
        ),
        migrations.AddIndex(
            model_name='recusal',
            index=models.Index(fields=['instance'], name='recusal_instance'),
        ),
        migrations.AddConstraint(
            model_name='recusal',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None), ('since__isnull', False)), fields=('account_id', 'instance'), name='recusal_in_force'),
        ),
        append_only("process_handover"),
    ]
