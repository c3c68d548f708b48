"""What is only encouraged is never late, as it is never overdue; the rest as in migration 0003."""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION obligation_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  SELECT sent_id, first_received_at, last_received_at, return_due_at INTO r
  FROM public.reports_report WHERE obligation_id = NEW.id;
  NEW.is_late := coalesce(
    NEW.force <> 'encourage' AND r.sent_id IS NOT NULL AND (
      r.first_received_at >= NEW.due_at
      OR (r.last_received_at >= r.return_due_at AND (r.last_received_at >= NEW.due_at OR NEW.due_at IS NULL))
    ), false);
  NEW.overdue_at := CASE
    WHEN NEW.force <> 'assign' OR r.sent_id IS NOT NULL THEN NULL
    WHEN r.return_due_at IS NOT NULL THEN greatest(r.return_due_at, NEW.due_at)
    WHEN r.first_received_at IS NULL THEN NEW.due_at
  END;
  RETURN NEW;
END
$$;
UPDATE obligations_obligation SET due_at = due_at WHERE force = 'encourage' AND is_late;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0006_fewer_indexes"), ("obligations", "0005_no_deadline_indexes")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
    ]
