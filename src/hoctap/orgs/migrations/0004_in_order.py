"""The order of names, with what a search asks of each: words found everywhere are met on the way without reading units."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0003_beginnings'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='unit',
            index=models.Index(fields=['sort_key', 'id'], include=('name_folded', 'dissolved_on'), name='unit_sorted'),
        ),
        migrations.AddIndex(
            model_name='unit',
            index=django.contrib.postgres.indexes.GinIndex(fields=['name_folded'], name='unit_words', opclasses=['gin_trgm_ops']),
        ),
    ]
