"""The SQL that folding, moving and reading share: what entries change, at which nodes, and how it is added.

An entry changes a total only through its before and after (ARCHITECTURE, Live roll-up): *sent* through the
revisions, *accepted* through the acceptances. The texts below are pieces of one statement each; they expect a
CTE ``fresh`` with the entries in question and leave a CTE ``delta`` with one row a node.
"""

NOTHING_FOLDED = "3:3:"
"""A snapshot that sees no transaction at all: 3 is the first there can be."""

ENTRY = """
  e.obligation_id, e.sent_before_id, e.sent_after_id, e.accepted_before_id, e.accepted_after_id
"""

# Each side of an entry is a vector to add or to take away; a side that stays is left out.
_LEGS = """
legs AS (
  SELECT f.obligation_id, true AS accepted, 1 AS sign, a.figures
  FROM fresh f JOIN reports_acceptance a ON a.id = f.accepted_after_id
  WHERE f.accepted_after_id IS DISTINCT FROM f.accepted_before_id
  UNION ALL
  SELECT f.obligation_id, true, -1, a.figures
  FROM fresh f JOIN reports_acceptance a ON a.id = f.accepted_before_id
  WHERE f.accepted_after_id IS DISTINCT FROM f.accepted_before_id
  UNION ALL
  SELECT f.obligation_id, false, 1, v.figures
  FROM fresh f JOIN reports_revision v ON v.id = f.sent_after_id
  WHERE f.sent_after_id IS DISTINCT FROM f.sent_before_id
  UNION ALL
  SELECT f.obligation_id, false, -1, v.figures
  FROM fresh f JOIN reports_revision v ON v.id = f.sent_before_id
  WHERE f.sent_after_id IS DISTINCT FROM f.sent_before_id
)"""

# The nodes a change counts at: every prefix of the obligation's path as it is now.
_ABOVE = """
above AS MATERIALIZED (
  SELECT f.obligation_id, a.id AS node_id
  FROM (SELECT DISTINCT obligation_id FROM fresh) f
  JOIN obligations_obligation o ON o.id = f.obligation_id
  CROSS JOIN LATERAL string_to_array(rtrim(o.path, '.'), '.') AS p(steps)
  CROSS JOIN LATERAL generate_series(1, cardinality(p.steps)) AS g(depth)
  {join}
)"""
_ALL_NODES = """CROSS JOIN LATERAL (
    SELECT n.id FROM obligations_obligation n
    WHERE n.round_id = o.round_id AND n.path = array_to_string(p.steps[1:g.depth], '.') || '.' LIMIT 1
  ) a"""
_WANTED_NODES = "JOIN wanted a ON a.path = array_to_string(p.steps[1:g.depth], '.') || '.'"

_DELTA = """
cells AS (
  SELECT b.node_id, c.i,
    coalesce(sum(l.sign * c.value) FILTER (WHERE NOT l.accepted), 0)::bigint AS sent_sum,
    coalesce(sum(l.sign) FILTER (WHERE NOT l.accepted AND c.value IS NOT NULL), 0)::int AS sent_count,
    coalesce(sum(l.sign * c.value) FILTER (WHERE l.accepted), 0)::bigint AS accepted_sum,
    coalesce(sum(l.sign) FILTER (WHERE l.accepted AND c.value IS NOT NULL), 0)::int AS accepted_count
  FROM legs l
  JOIN above b ON b.obligation_id = l.obligation_id
  CROSS JOIN LATERAL unnest(l.figures) WITH ORDINALITY AS c(value, i)
  GROUP BY b.node_id, c.i
),
vectors AS (
  SELECT node_id,
    array_agg(sent_sum ORDER BY i) AS sent_sums, array_agg(sent_count ORDER BY i) AS sent_counts,
    array_agg(accepted_sum ORDER BY i) AS accepted_sums, array_agg(accepted_count ORDER BY i) AS accepted_counts
  FROM cells GROUP BY node_id
),
reports AS (
  SELECT b.node_id,
    sum((f.sent_after_id IS NOT NULL)::int - (f.sent_before_id IS NOT NULL)::int)::int AS sent_reports,
    sum((f.accepted_after_id IS NOT NULL)::int - (f.accepted_before_id IS NOT NULL)::int)::int AS accepted_reports
  FROM fresh f JOIN above b ON b.obligation_id = f.obligation_id
  GROUP BY b.node_id
),
delta AS (
  SELECT r.node_id,
    coalesce(v.sent_sums, '{}') AS sent_sums, coalesce(v.sent_counts, '{}') AS sent_counts, r.sent_reports,
    coalesce(v.accepted_sums, '{}') AS accepted_sums, coalesce(v.accepted_counts, '{}') AS accepted_counts,
    r.accepted_reports
  FROM reports r LEFT JOIN vectors v ON v.node_id = r.node_id
)"""

DELTA_OF_ALL = ",".join([_LEGS, _ABOVE.replace("{join}", _ALL_NODES), _DELTA])
DELTA_OF_WANTED = ",".join([_LEGS, _ABOVE.replace("{join}", _WANTED_NODES), _DELTA])


def _added(column: str) -> str:
    return (
        f"{column} = (SELECT coalesce(array_agg(coalesce(x.a, 0) + coalesce(x.b, 0) ORDER BY x.i), '{{}}')"
        f" FROM unnest(kept.{column}, excluded.{column}) WITH ORDINALITY AS x(a, b, i))"
    )


VECTORS = ("sent_sums", "sent_counts", "accepted_sums", "accepted_counts")
_COLUMNS = "sent_sums, sent_counts, sent_reports, accepted_sums, accepted_counts, accepted_reports"

ADD_DELTA = f"""
INSERT INTO rollup_fold AS kept (obligation_id, {_COLUMNS})
SELECT node_id, {_COLUMNS} FROM delta
ON CONFLICT (obligation_id) DO UPDATE SET
  {", ".join(_added(column) for column in VECTORS)},
  sent_reports = kept.sent_reports + excluded.sent_reports,
  accepted_reports = kept.accepted_reports + excluded.accepted_reports
"""
"""Add ``delta`` to the folded rows; only ever under the round's watermark lock."""

# What a read adds to the folded rows: entries the stored snapshot does not see.
PENDING = f"""
mark AS MATERIALIZED (
  SELECT coalesce(
    (SELECT snapshot FROM rollup_watermark WHERE round_id = %s), '{NOTHING_FOLDED}'::pg_snapshot) AS old
),
fresh AS MATERIALIZED (
  SELECT {ENTRY} FROM reports_reportentry e
  WHERE e.round_id = %s AND e.xid >= pg_snapshot_xmin((SELECT old FROM mark))
    AND NOT pg_visible_in_snapshot(e.xid, (SELECT old FROM mark))
)"""
