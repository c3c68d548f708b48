from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0008_claims")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", migrations.RunSQL.noop),
        migrations.AddField("session", "reopened_at", models.DateTimeField(null=True)),
    ]
