import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", ""),
        migrations.AddField(
            model_name="activity",
            name="name_folded",
            field=models.CharField(db_collation="C", default="", max_length=320),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="activity",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["name_folded"], name="activity_words", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
