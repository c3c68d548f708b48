from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("activities", "0008_claims")]

    operations = [
        migrations.AddField("session", "reopened_at", models.DateTimeField(null=True)),
    ]
