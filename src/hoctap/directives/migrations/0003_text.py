"""The text and its index in a table of their own: what joins a document stays light."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0002_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='DirectiveText',
            fields=[
                ('directive', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='text', serialize=False, to='directives.directive')),
                ('heading', models.CharField(max_length=600)),
                ('issuer_name', models.CharField(max_length=200)),
                ('body', models.TextField(blank=True)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(models.F('heading'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='vi', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.Func(models.F('issuer_name'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='vi', weight='B'), django.contrib.postgres.search.SearchConfig('vi')), '||', django.contrib.postgres.search.SearchVector(models.Func(models.F('body'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='vi', weight='C'), django.contrib.postgres.search.SearchConfig('vi')), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('search_exact', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(models.F('heading'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='simple', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.Func(models.F('body'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='simple', weight='C'), django.contrib.postgres.search.SearchConfig('simple')), output_field=django.contrib.postgres.search.SearchVectorField())),
            ],
        ),
        migrations.RunSQL(
            """
            INSERT INTO directives_directivetext (directive_id, heading, issuer_name, body)
            SELECT id, concat_ws(' ', subject, number_text), issuer_name, body FROM directives_directive
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex(
            model_name='directive',
            name='directive_search',
        ),
        migrations.RemoveField(
            model_name='directive',
            name='search',
        ),
        migrations.RemoveField(
            model_name='directive',
            name='search_exact',
        ),
        migrations.RemoveField(
            model_name='directive',
            name='body',
        ),
        migrations.AddIndex(
            model_name='directivetext',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='directive_search'),
        ),
    ]
