"""Indexes that nothing is looked up by, or that another begins with, are not written with every report."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('obligations', '0005_no_deadline_indexes'),
        ('reports', '0005_entry_round'),
    ]

    operations = [
        migrations.AlterField(
            model_name='report',
            name='acceptance',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.acceptance'),
        ),
        migrations.AlterField(
            model_name='report',
            name='sent',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.revision'),
        ),
        migrations.AlterField(
            model_name='reportentry',
            name='accepted_after',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.acceptance'),
        ),
        migrations.AlterField(
            model_name='reportentry',
            name='accepted_before',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.acceptance'),
        ),
        migrations.AlterField(
            model_name='reportentry',
            name='obligation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='obligations.obligation'),
        ),
        migrations.AlterField(
            model_name='reportentry',
            name='round',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='obligations.round'),
        ),
        migrations.AlterField(
            model_name='reportentry',
            name='sent_after',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.revision'),
        ),
        migrations.AlterField(
            model_name='reportentry',
            name='sent_before',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='reports.revision'),
        ),
        migrations.AlterField(
            model_name='revision',
            name='report',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='reports.report'),
        ),
    ]
