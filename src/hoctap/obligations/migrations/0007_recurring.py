"""A recurring round names the one before it, and knows the first day stated in it."""

import django.db.models.deletion
from django.db import migrations, models

FIRST_DUE = """
UPDATE obligations_round r SET first_due_on = (
  SELECT min(due_on) FROM obligations_obligation o WHERE o.round_id = r.id)
"""


class Migration(migrations.Migration):
    dependencies = [("obligations", "0006_programme")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="obligation",
            name="due_day",
            field=models.PositiveSmallIntegerField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="round",
            name="first_due_on",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="round",
            name="previous",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="next",
                to="obligations.round",
            ),
        ),
        migrations.RunSQL(FIRST_DUE, migrations.RunSQL.noop),
    ]
