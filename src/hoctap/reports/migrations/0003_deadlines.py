"""The database keeps beside each obligation whether what stands is late, and from when it is overdue.

Both follow from the obligation's deadline and the report's times (reports.rules says the rule in words), and each of
those rows may change alone: an extension here, an act on the report there.
"""

from django.db import migrations

KEEP = """
CREATE FUNCTION obligation_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  r record;
BEGIN
  SELECT sent_id, first_received_at, last_received_at, return_due_at INTO r
  FROM public.reports_report WHERE obligation_id = NEW.id;
  NEW.is_late := coalesce(
    r.sent_id IS NOT NULL AND (
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
CREATE TRIGGER obligation_deadline BEFORE INSERT OR UPDATE OF due_at, force, is_late, overdue_at
  ON obligations_obligation FOR EACH ROW EXECUTE FUNCTION obligation_deadline();

CREATE FUNCTION report_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE public.obligations_obligation SET due_at = due_at WHERE id = NEW.obligation_id;
  RETURN NULL;
END
$$;
CREATE TRIGGER report_deadline_made AFTER INSERT ON reports_report FOR EACH ROW
  WHEN (NEW.sent_id IS NOT NULL OR NEW.first_received_at IS NOT NULL OR NEW.return_due_at IS NOT NULL)
  EXECUTE FUNCTION report_deadline();
CREATE TRIGGER report_deadline_moved
  AFTER UPDATE OF sent_id, first_received_at, last_received_at, return_due_at ON reports_report FOR EACH ROW
  WHEN ((OLD.sent_id IS NULL, OLD.first_received_at, OLD.last_received_at, OLD.return_due_at)
    IS DISTINCT FROM (NEW.sent_id IS NULL, NEW.first_received_at, NEW.last_received_at, NEW.return_due_at))
  EXECUTE FUNCTION report_deadline();

UPDATE obligations_obligation SET due_at = due_at;
"""
FORGET = """
DROP TRIGGER report_deadline_moved ON reports_report;
DROP TRIGGER report_deadline_made ON reports_report;
DROP TRIGGER obligation_deadline ON obligations_obligation;
DROP FUNCTION report_deadline;
DROP FUNCTION obligation_deadline;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_draft_page"), ("obligations", "0003_deadlines")]

    operations = [migrations.RunSQL(KEEP, FORGET)]
