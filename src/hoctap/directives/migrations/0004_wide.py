"""At 100,000 documents: rows of the text stay slim and their words are read without unpacking; a unit's own deliveries
are read from the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0003_text'),
    ]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE directives_directivetext
              ALTER COLUMN search SET STORAGE EXTERNAL,
              ALTER COLUMN search_exact SET STORAGE EXTERNAL,
              SET (toast_tuple_target = 256)
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name='delivery',
            name='unit',
            field=models.ForeignKey(db_index=False, on_delete=models.deletion.PROTECT, related_name='deliveries', to='orgs.unit'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(fields=['unit', 'directive'], name='delivery_of_unit'),
        ),
    ]
