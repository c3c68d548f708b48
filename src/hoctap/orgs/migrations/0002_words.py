"""Parts of names are found through an index: among 120,000 units a search reads only those that match."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0001_initial'),
    ]

    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name='unit',
            index=django.contrib.postgres.indexes.GinIndex(fields=['name_folded'], name='unit_words', opclasses=['gin_trgm_ops']),
        ),
    ]
