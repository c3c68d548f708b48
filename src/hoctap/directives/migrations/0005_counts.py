"""How many units a document went to, how many have seen and acknowledged it: kept beside the deliveries."""

import django.db.models.deletion
from django.db import migrations, models

TRIGGERS = """
CREATE FUNCTION directives_count_deliveries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN  -- a count that went before its deliveries, with the document, does not come again
    UPDATE directives_deliverycount c
    SET units = c.units - d.units, seen = c.seen - d.seen, acknowledged = c.acknowledged - d.acknowledged
    FROM (SELECT directive_id, count(*) AS units, count(seen_at) AS seen, count(acknowledged_at) AS acknowledged
          FROM gone GROUP BY directive_id) d
    WHERE c.directive_id = d.directive_id
      AND c.slot = (SELECT min(x.slot) FROM directives_deliverycount x WHERE x.directive_id = d.directive_id);
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO directives_deliverycount AS c (directive_id, slot, units, seen, acknowledged)
    SELECT directive_id, pg_backend_pid() % 32, count(*), count(seen_at), count(acknowledged_at)
    FROM fresh GROUP BY directive_id ORDER BY directive_id
    ON CONFLICT (directive_id, slot) DO UPDATE SET units = c.units + excluded.units,
      seen = c.seen + excluded.seen, acknowledged = c.acknowledged + excluded.acknowledged;
  ELSE
    INSERT INTO directives_deliverycount AS c (directive_id, slot, units, seen, acknowledged)
    SELECT directive_id, pg_backend_pid() % 32, sum(units), sum(seen), sum(acknowledged)
    FROM (
      SELECT directive_id, 1 AS units, (seen_at IS NOT NULL)::int AS seen,
        (acknowledged_at IS NOT NULL)::int AS acknowledged FROM fresh
      UNION ALL
      SELECT directive_id, -1, -(seen_at IS NOT NULL)::int, -(acknowledged_at IS NOT NULL)::int FROM gone
    ) changed
    GROUP BY directive_id HAVING (sum(units), sum(seen), sum(acknowledged)) <> (0, 0, 0) ORDER BY directive_id
    ON CONFLICT (directive_id, slot) DO UPDATE SET units = c.units + excluded.units,
      seen = c.seen + excluded.seen, acknowledged = c.acknowledged + excluded.acknowledged;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER delivery_counted_in AFTER INSERT ON directives_delivery
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION directives_count_deliveries();
CREATE TRIGGER delivery_counted_again AFTER UPDATE ON directives_delivery
  REFERENCING OLD TABLE AS gone NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION directives_count_deliveries();
CREATE TRIGGER delivery_counted_out AFTER DELETE ON directives_delivery
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION directives_count_deliveries();
INSERT INTO directives_deliverycount (directive_id, slot, units, seen, acknowledged)
SELECT directive_id, 0, count(*), count(seen_at), count(acknowledged_at) FROM directives_delivery GROUP BY directive_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('directives', '0004_wide'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeliveryCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.SmallIntegerField()),
                ('units', models.IntegerField()),
                ('seen', models.IntegerField()),
                ('acknowledged', models.IntegerField()),
                ('directive', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='counts', to='directives.directive')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('directive', 'slot'), name='delivery_count_once')],
            },
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('acknowledged_at__isnull', True)), fields=['directive', 'seen_at'], name='delivery_awaited'),
        ),
        migrations.RunSQL(TRIGGERS, migrations.RunSQL.noop),
    ]
