import django.db.models.deletion
from django.db import migrations, models

import hoctap.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("activities", "0007_reckonings")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("name_folded", models.CharField(max_length=160)),
                ("birth_year", models.PositiveSmallIntegerField(null=True)),
                ("at", models.DateTimeField(db_default=hoctap.kernel.clock.DatabaseNow())),
                (
                    "session",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="claims",
                        to="activities.session",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "name_folded", "birth_year"), name="claim_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
