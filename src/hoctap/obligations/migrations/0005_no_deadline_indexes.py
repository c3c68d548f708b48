"""Who is late or awaited is counted by roll-up. Without an index on it, sending a report writes no index of obligations."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('obligations', '0004_below'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='obligation',
            name='obligation_late',
        ),
        migrations.RemoveIndex(
            model_name='obligation',
            name='obligation_awaited',
        ),
        migrations.RemoveIndex(
            model_name='obligation',
            name='obligation_overdue',
        ),
        migrations.AlterField(
            model_name='obligation',
            name='round',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='obligations', to='obligations.round'),
        ),
        # Room on each page for the next version of a row: only there it needs no new place in every index.
        migrations.RunSQL(
            "ALTER TABLE obligations_obligation SET (fillfactor = 80)",
            "ALTER TABLE obligations_obligation RESET (fillfactor)",
        ),
    ]
