from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0003_operation'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tries',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('until', models.DateTimeField(db_index=True)),
                ('count', models.IntegerField()),
            ],
        ),
        migrations.RunSQL('ALTER TABLE kernel_tries SET UNLOGGED', migrations.RunSQL.noop),
    ]
