"""Who is late or overdue below a node, for the statements that read a consolidation.

Due dates pass without any act on a report, so this is counted at every read, each from a small index of its own
(Obligation.is_late, overdue_at). Before a round's first deadline nobody is overdue, and those still awaited, nearly all
then, are not looked at.
"""

_BELOW = """
SELECT count(*) FROM obligations_obligation o
WHERE o.round_id = w.round_id AND o.path > w.path AND o.path < rtrim(w.path, '.') || '/'"""

LATENESS = f"""
SELECT ({_BELOW} AND o.is_late)::int AS late,
  CASE WHEN EXISTS (
    SELECT 1 FROM obligations_obligation x WHERE x.round_id = w.round_id AND x.overdue_at <= %(now)s
  ) THEN ({_BELOW} AND o.overdue_at <= %(now)s) ELSE 0 END::int AS overdue
"""
"""Below ``w``, a row of obligations, itself left out. Takes ``now``."""
