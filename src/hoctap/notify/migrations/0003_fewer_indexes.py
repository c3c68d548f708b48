"""Both other indexes begin with the unit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notify', '0002_dedupe_and_retry'),
        ('orgs', '0002_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='notice',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='orgs.unit'),
        ),
    ]
