"""Bodies outside the line that a clause lets follow a round."""

import django.db.models.deletion
from django.db import migrations, models

import hoctap.kernel.clock


class Migration(migrations.Migration):
    dependencies = [("obligations", "0007_recurring"), ("orgs", "0004_in_order")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Follower",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clause", models.CharField(max_length=120)),
                ("text", models.CharField(blank=True, max_length=400)),
                ("added_at", models.DateTimeField(db_default=hoctap.kernel.clock.DatabaseNow())),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orgs.seat"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="obligations.round",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="followed", to="orgs.unit"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("round", "unit"),
                        name="follower_once_a_round",
                    )
                ],
            },
        ),
    ]
