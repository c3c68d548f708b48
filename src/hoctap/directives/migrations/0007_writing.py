"""What a document was composed from, and the numbers given per unit, kind and year."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0006_programme'),
        ('forms', '0001_initial'),
        ('orgs', '0004_in_order'),
    ]

    operations = [
        migrations.CreateModel(
            name='Composed',
            fields=[
                ('directive', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='composed', serialize=False, to='directives.directive')),
                ('content', models.JSONField()),
                ('form_version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='forms.formversion')),
            ],
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('CV', 'Công văn'), ('NQ', 'Nghị quyết'), ('QĐ', 'Quyết định'), ('CT', 'Chỉ thị'), ('TB', 'Thông báo'), ('HD', 'Hướng dẫn'), ('CTr', 'Chương trình'), ('KH', 'Kế hoạch'), ('PA', 'Phương án'), ('ĐA', 'Đề án'), ('BC', 'Báo cáo'), ('TTr', 'Tờ trình'), ('TT', 'Thông tư'), ('NĐ', 'Nghị định'), ('KL', 'Kết luận'), ('GM', 'Giấy mời'), ('khac', 'Loại khác')], max_length=5)),
                ('year', models.PositiveSmallIntegerField()),
                ('notation', models.CharField(blank=True, max_length=60)),
                ('last', models.PositiveIntegerField(default=0)),
                ('unit', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='number_series', to='orgs.unit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('unit', 'kind', 'year'), name='one_number_series')],
            },
        ),
    ]
