"""How many stand under each obligation, kept beside it; the late, the awaited and the overdue each in an index."""

from django.db import migrations, models

COUNT = """
UPDATE obligations_obligation o SET below = (
  SELECT count(*) FROM obligations_obligation x
  WHERE x.round_id = o.round_id AND x.path > o.path AND x.path < rtrim(o.path, '.') || '/')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('obligations', '0003_deadlines'),
        ('orgs', '0002_words'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='obligation',
            name='obligation_deadlines',
        ),
        migrations.AddField(
            model_name='obligation',
            name='below',
            field=models.PositiveIntegerField(db_default=0, editable=False),
        ),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(condition=models.Q(('is_late', True)), fields=['round', 'path'], name='obligation_late'),
        ),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(condition=models.Q(('overdue_at__isnull', False)), fields=['round', 'path'], include=('overdue_at',), name='obligation_awaited'),
        ),
        migrations.AddIndex(
            model_name='obligation',
            index=models.Index(condition=models.Q(('overdue_at__isnull', False)), fields=['round', 'overdue_at'], name='obligation_overdue'),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
