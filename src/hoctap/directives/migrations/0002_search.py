"""The register's order and search, why a document was recalled, what a citation says, who sent a delivery."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0001_initial'),
        ('orgs', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='directive',
            name='directive_register',
        ),
        migrations.AddField(
            model_name='citation',
            name='issued_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='citation',
            name='issuer_name',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='delivery',
            name='sent_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit'),
        ),
        migrations.AddField(
            model_name='directive',
            name='listed_on',
            field=models.DateField(default=django.utils.timezone.localdate),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='directive',
            name='status_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='directive',
            name='status_note',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='directive',
            name='token',
            field=models.UUIDField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name='directive',
            name='version',
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddIndex(
            model_name='directive',
            index=models.Index(fields=['-listed_on', '-id'], name='directive_newest'),
        ),
        migrations.AddIndex(
            model_name='directive',
            index=models.Index(fields=['registered_by', '-listed_on', '-id'], name='directive_register'),
        ),
        migrations.AddField(
            model_name='directive',
            name='search',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(models.F('subject'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='vi', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.Func(models.F('number_text'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='vi', weight='A'), django.contrib.postgres.search.SearchConfig('vi')), '||', django.contrib.postgres.search.SearchVector(models.Func(models.F('issuer_name'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='vi', weight='B'), django.contrib.postgres.search.SearchConfig('vi')), '||', django.contrib.postgres.search.SearchVector(models.Func(models.F('body'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='vi', weight='C'), django.contrib.postgres.search.SearchConfig('vi')), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddField(
            model_name='directive',
            name='search_exact',
            field=models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.CombinedSearchVector(django.contrib.postgres.search.SearchVector(models.Func(models.F('subject'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='simple', weight='A'), '||', django.contrib.postgres.search.SearchVector(models.Func(models.F('body'), models.Value("-–—/_.,:;'’+<>&@="), models.Value('                 '), function='translate', output_field=models.TextField()), config='simple', weight='C'), django.contrib.postgres.search.SearchConfig('simple')), output_field=django.contrib.postgres.search.SearchVectorField()),
        ),
        migrations.AddIndex(
            model_name='directive',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='directive_search'),
        ),
    ]
