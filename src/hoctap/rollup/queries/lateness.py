"""Who is late or overdue below a node, for the statements that read a consolidation.

Due dates pass without any act on a report, so this is counted at every read: from one small index of those who are
late or still awaited (Obligation.is_late, overdue_at).
"""

LATENESS = """
SELECT count(*) FILTER (WHERE o.is_late)::int AS late, count(*) FILTER (WHERE o.overdue_at <= %(now)s)::int AS overdue
FROM obligations_obligation o
WHERE o.round_id = w.round_id AND o.path > w.path AND o.path < rtrim(w.path, '.') || '/'
  AND (o.is_late OR o.overdue_at IS NOT NULL)
"""
"""Below ``w``, a row of obligations, itself left out. Takes ``now``."""
