"""A campaign is the unit's that carries it out, with days, theme and slogans of its own."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaigns', '0002_programme'),
        ('orgs', '0004_in_order'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='campaign',
            name='campaign_once_a_year',
        ),
        migrations.AddField(
            model_name='campaign',
            name='unit',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='campaigns', to='orgs.unit'),
        ),
        migrations.AddConstraint(
            model_name='campaign',
            constraint=models.UniqueConstraint(fields=('unit', 'name', 'year'), name='campaign_once_a_year', nulls_distinct=False),
        ),
    ]
