"""The server this database's transaction ids belong to; and the database itself keeps what was signed."""

from django.db import migrations, models

SNAPSHOT = """
CREATE FUNCTION rollup_snapshot_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.signed_at IS NULL THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.signed_at IS NULL AND NEW.signed_at IS NOT NULL AND NEW.signed_by_id IS NOT NULL
     AND to_jsonb(OLD) - '{signed_at,signed_by_id}'::text[] = to_jsonb(NEW) - '{signed_at,signed_by_id}'::text[]
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'snapshot % is frozen: it can only be signed, once', OLD.id USING ERRCODE = '23000';
END
$$;
CREATE TRIGGER rollup_snapshot_frozen BEFORE UPDATE OR DELETE ON rollup_snapshot
  FOR EACH ROW EXECUTE FUNCTION rollup_snapshot_frozen();
"""

ITEM = """
CREATE FUNCTION rollup_item_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE'
     AND NOT EXISTS (SELECT 1 FROM rollup_snapshot WHERE id = OLD.snapshot_id AND signed_at IS NOT NULL)
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'an item of snapshot % is frozen', OLD.snapshot_id USING ERRCODE = '23000';
END
$$;
CREATE TRIGGER rollup_item_frozen BEFORE UPDATE OR DELETE ON rollup_snapshotitem
  FOR EACH ROW EXECUTE FUNCTION rollup_item_frozen();

CREATE FUNCTION rollup_item_late() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM rollup_snapshot
    WHERE signed_at IS NOT NULL AND id IN (SELECT snapshot_id FROM added)
  ) THEN
    RAISE EXCEPTION 'a signed snapshot takes no more items' USING ERRCODE = '23000';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER rollup_item_late AFTER INSERT ON rollup_snapshotitem
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION rollup_item_late();
"""

DROP = """
DROP TRIGGER rollup_item_late ON rollup_snapshotitem;
DROP TRIGGER rollup_item_frozen ON rollup_snapshotitem;
DROP TRIGGER rollup_snapshot_frozen ON rollup_snapshot;
DROP FUNCTION rollup_item_late();
DROP FUNCTION rollup_item_frozen();
DROP FUNCTION rollup_snapshot_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("rollup", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DatabaseIdentity",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("system_identifier", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_database_identity")
                ],
            },
        ),
        migrations.RunSQL(SNAPSHOT + ITEM, DROP),
    ]
