"""What an activity's held sessions come to, kept beside it until a session or a mark of it changes."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Slots and the first number of the lock as in tallies.py: whoever counts there waits for nobody who changes here, and so
# these wait for one batch at most. Neither a mark's session nor a session's activity ever becomes another.
TRIGGERS = """
CREATE FUNCTION activities_drop_tallies() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched bigint[];
BEGIN
  IF TG_TABLE_NAME = 'activities_attendance' THEN
    touched := ARRAY(
      SELECT DISTINCT s.activity_id FROM activities_session s WHERE s.id IN (SELECT session_id FROM changed));
  ELSE
    touched := ARRAY(SELECT DISTINCT activity_id FROM changed);
  END IF;
  PERFORM pg_advisory_xact_lock_shared(1952541804, slot::int)
  FROM (SELECT DISTINCT id % 64 AS slot FROM unnest(touched) AS id) AS slots;
  DELETE FROM activities_tally WHERE activity_id IN (
    SELECT activity_id FROM activities_tally WHERE activity_id = ANY(touched) ORDER BY activity_id FOR UPDATE);
  RETURN NULL;
END $$;
"""
TRIGGER = """
CREATE TRIGGER tally_dropped_{how} AFTER {how} ON activities_{table}
  REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION activities_drop_tallies();
"""
TRIGGERS += "".join(
    TRIGGER.format(table=table, how=how, side=side)
    for table in ("session", "attendance")
    for how, side in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD"))
)
BACK = "".join(
    f"DROP TRIGGER tally_dropped_{how} ON activities_{table};"
    for table in ("session", "attendance")
    for how in ("insert", "update", "delete")
) + "DROP FUNCTION activities_drop_tallies();"  # fmt: skip


class Migration(migrations.Migration):

    dependencies = [
        ('activities', '0005_target_measures'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '10s'", migrations.RunSQL.noop),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('activity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='tally', serialize=False, to='activities.activity')),
                ('first', models.DateTimeField()),
                ('last', models.DateTimeField()),
                ('most', models.PositiveIntegerField()),
                ('times', models.PositiveBigIntegerField()),
                ('people', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
            ],
        ),
        migrations.RunSQL(TRIGGERS, BACK),
    ]
