"""Who is late and who is awaited, counted at every node as sums are."""

import django.db.models.deletion
import hoctap.kernel.fields
from django.db import migrations, models

TELL = """
CREATE FUNCTION rollup_due_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.overdue_at IS DISTINCT FROM NEW.overdue_at THEN
    INSERT INTO public.rollup_duechange (round_id, obligation_id, overdue_at, units)
    SELECT NEW.round_id, NEW.id, c.overdue_at, c.units
    FROM (VALUES (OLD.overdue_at, -1), (NEW.overdue_at, 1)) AS c(overdue_at, units) WHERE c.overdue_at IS NOT NULL;
  END IF;
  IF coalesce(OLD.is_late, false) <> NEW.is_late THEN
    INSERT INTO public.rollup_duechange (round_id, obligation_id, overdue_at, units)
    VALUES (NEW.round_id, NEW.id, NULL, CASE WHEN NEW.is_late THEN 1 ELSE -1 END);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER rollup_due_added AFTER INSERT ON obligations_obligation FOR EACH ROW
  WHEN (NEW.is_late OR NEW.overdue_at IS NOT NULL) EXECUTE FUNCTION rollup_due_change();
CREATE TRIGGER rollup_due_changed AFTER UPDATE ON obligations_obligation FOR EACH ROW
  WHEN ((OLD.is_late, OLD.overdue_at) IS DISTINCT FROM (NEW.is_late, NEW.overdue_at))
  EXECUTE FUNCTION rollup_due_change();

INSERT INTO rollup_duechange (round_id, obligation_id, overdue_at, units)
SELECT round_id, id, overdue_at, 1 FROM obligations_obligation WHERE overdue_at IS NOT NULL
UNION ALL SELECT round_id, id, NULL, 1 FROM obligations_obligation WHERE is_late;
"""
FORGET = """
DROP TRIGGER rollup_due_changed ON obligations_obligation;
DROP TRIGGER rollup_due_added ON obligations_obligation;
DROP FUNCTION rollup_due_change;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('obligations', '0005_no_deadline_indexes'),
        ('rollup', '0002_identity_and_signed'),
    ]

    operations = [
        migrations.CreateModel(
            name='DueChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('xid', hoctap.kernel.fields.Xid8Field(db_default=hoctap.kernel.fields.TransactionId())),
                ('overdue_at', models.DateTimeField(null=True)),
                ('units', models.SmallIntegerField()),
                ('obligation', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='obligations.obligation')),
                ('round', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='obligations.round')),
            ],
            options={
                'indexes': [models.Index(fields=['round', 'xid'], name='due_change_queue')],
            },
        ),
        migrations.CreateModel(
            name='DueCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('overdue_at', models.DateTimeField(null=True)),
                ('units', models.IntegerField()),
                ('obligation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='obligations.obligation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('obligation', 'overdue_at'), name='due_count_once', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(TELL, FORGET),
    ]
