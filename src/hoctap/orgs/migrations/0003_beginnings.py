"""Words of one or two letters: a blank before each word of a name, so that an index leads to its beginning. The indexes are
made again in the next migration, once the rows of before are gone."""

from django.db import migrations

BLANKS = """
UPDATE orgs_unit
SET name_folded = left(rtrim(regexp_replace(' ' || (name_folded COLLATE "default"), '[^[:alnum:]]+', ' ', 'g')), 320)
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orgs', '0002_words'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='unit',
            name='unit_sorted',
        ),
        migrations.RemoveIndex(
            model_name='unit',
            name='unit_words',
        ),
        migrations.RunSQL(BLANKS, migrations.RunSQL.noop),
    ]
