"""The SQL that folding, moving and reading share: what entries change, at which nodes, and how it is added.

An entry changes a total only through its before and after (ARCHITECTURE, Live roll-up): *sent* through the
revisions, *accepted* through the acceptances. Who is late or awaited changes by ``units`` of a DueChange, which the
database writes beside the obligation. The pieces below are CTEs of one statement each: they expect ``fresh`` with the
entries and ``fresh_due`` with the due changes in question, and leave ``delta`` with one row a node and ``due_delta``
with one row a node and moment.

How they are written is most of their speed (docs/decisions, roll-up vectors): scalar subqueries keep the planner
on primary keys however badly it guesses the number of entries; before and after are unnested side by side; and
grouping is materialised, else the planner sorts every cell.
"""

NOTHING_FOLDED = "3:3:"
"""A snapshot that sees no transaction at all: 3 is the first there can be."""

BASES = {"sent": "reports_revision", "accepted": "reports_acceptance"}

_ENTRY = "e.obligation_id, e.sent_before_id, e.sent_after_id, e.accepted_before_id, e.accepted_after_id"

_UNSEEN = """AS MATERIALIZED (
  SELECT {columns} FROM {table} e
  WHERE e.round_id = %(round)s AND e.xid >= pg_snapshot_xmin({old}) AND NOT pg_visible_in_snapshot(e.xid, {old}){more}
)"""


def unseen(old: str, more: str = "") -> str:
    """The CTEs ``fresh`` and ``fresh_due``: what ``round`` has that the snapshot ``old`` does not see."""
    entries = _UNSEEN.format(columns=_ENTRY, table="reports_reportentry", old=old, more=more)
    due = _UNSEEN.format(
        columns="e.obligation_id, e.overdue_at, e.units", table="rollup_duechange", old=old, more=more
    )
    return f"fresh {entries}, fresh_due {due}"


# What a read adds to the folded rows: what the stored snapshot does not see. Takes ``round``.
PENDING = f"""
mark AS MATERIALIZED (
  SELECT coalesce(
    (SELECT snapshot FROM rollup_watermark WHERE round_id = %(round)s), '{NOTHING_FOLDED}'::pg_snapshot) AS old
), {unseen("(SELECT old FROM mark)")}"""

# Nodes a change counts at: every prefix of the obligation's path as it is now, or those of them that are wanted.
EVERY_NODE = """CROSS JOIN LATERAL (
    SELECT n.id FROM obligations_obligation n
    WHERE n.round_id = p.round_id AND n.path = array_to_string(p.steps[1:g.depth], '.') || '.' LIMIT 1
  ) a"""
WANTED_NODES = "JOIN wanted a ON a.path = array_to_string(p.steps[1:g.depth], '.') || '.'"


_ABOVE = """
above AS MATERIALIZED (
  SELECT p.obligation_id, a.id AS node_id
  FROM (
    SELECT o.id AS obligation_id, o.round_id, string_to_array(rtrim(o.path, '.'), '.') AS steps
    FROM (SELECT obligation_id FROM fresh UNION SELECT obligation_id FROM fresh_due) f
    CROSS JOIN LATERAL (SELECT * FROM obligations_obligation WHERE id = f.obligation_id LIMIT 1) o
  ) p
  CROSS JOIN LATERAL generate_series(1, cardinality(p.steps)) AS g(depth)
  <nodes>
),
reports AS (
  SELECT b.node_id,
    sum((f.sent_after_id IS NOT NULL)::int - (f.sent_before_id IS NOT NULL)::int)::int AS sent_reports,
    sum((f.accepted_after_id IS NOT NULL)::int - (f.accepted_before_id IS NOT NULL)::int)::int AS accepted_reports
  FROM fresh f JOIN above b ON b.obligation_id = f.obligation_id
  GROUP BY b.node_id
)"""
_DUE_DELTA = """
due_delta AS (
  SELECT b.node_id, f.overdue_at, sum(f.units)::int AS units
  FROM fresh_due f JOIN above b ON b.obligation_id = f.obligation_id
  GROUP BY b.node_id, f.overdue_at
)"""
# For one basis: only entries that change it. A side that is not there has no figures.
_VECTORS = """
BASIS_sides AS MATERIALIZED (
  SELECT f.obligation_id,
    (SELECT x.figures FROM TABLE x WHERE x.id = f.BASIS_after_id) AS after,
    (SELECT x.figures FROM TABLE x WHERE x.id = f.BASIS_before_id) AS before
  FROM fresh f WHERE f.BASIS_after_id IS DISTINCT FROM f.BASIS_before_id
),
BASIS_cells AS MATERIALIZED (
  SELECT c.node_id, c.i,
    sum(coalesce(c.after, 0) - coalesce(c.before, 0))::bigint AS sum,
    sum((c.after IS NOT NULL)::int - (c.before IS NOT NULL)::int)::int AS count
  FROM (
    SELECT b.node_id, generate_series(1, greatest(cardinality(s.after), cardinality(s.before))) AS i,
      unnest(s.after) AS after, unnest(s.before) AS before
    FROM BASIS_sides s JOIN above b ON b.obligation_id = s.obligation_id
  ) c
  GROUP BY c.node_id, c.i
),
BASIS_vectors AS (
  SELECT node_id, array_agg(sum ORDER BY i) AS sums, array_agg(count ORDER BY i) AS counts
  FROM BASIS_cells GROUP BY node_id
)"""
_COLUMNS_OF = "coalesce(BASIS_v.sums, '{}') AS BASIS_sums, coalesce(BASIS_v.counts, '{}') AS BASIS_counts"
_JOIN = "LEFT JOIN BASIS_vectors BASIS_v ON BASIS_v.node_id = r.node_id"


def delta(nodes: str, *bases: str) -> str:
    """The CTEs from ``fresh`` to ``delta``, with vectors for the given bases: empty where a basis stays.

    ``nodes`` is EVERY_NODE or WANTED_NODES.
    """

    def each(piece: str) -> list[str]:
        return [piece.replace("BASIS", basis).replace("TABLE", BASES[basis]) for basis in bases]

    columns = ", ".join(["r.node_id, r.sent_reports, r.accepted_reports", *each(_COLUMNS_OF)])
    ctes = [_ABOVE.replace("<nodes>", nodes), _DUE_DELTA, *each(_VECTORS)]
    return ",".join(ctes) + f", delta AS (SELECT {columns} FROM reports r {' '.join(each(_JOIN))})"


def _added(column: str) -> str:
    return (
        f"{column} = CASE WHEN cardinality(excluded.{column}) = 0 THEN kept.{column} ELSE"
        f" (SELECT array_agg(coalesce(x.a, 0) + coalesce(x.b, 0) ORDER BY x.i)"
        f" FROM unnest(kept.{column}, excluded.{column}) WITH ORDINALITY AS x(a, b, i)) END"
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

ADD_DUE_DELTA = """
INSERT INTO rollup_duecount AS kept (obligation_id, overdue_at, units)
SELECT node_id, overdue_at, units FROM due_delta WHERE units <> 0
ON CONFLICT (obligation_id, overdue_at) DO UPDATE SET units = kept.units + excluded.units
"""
"""Add ``due_delta`` likewise."""

LATENESS = """
lateness AS (
  SELECT node_id,
    coalesce(sum(units) FILTER (WHERE overdue_at IS NULL), 0)::int AS late,
    coalesce(sum(units) FILTER (WHERE overdue_at <= %(now)s), 0)::int AS overdue
  FROM (
    SELECT k.obligation_id AS node_id, k.overdue_at, k.units
    FROM wanted w JOIN rollup_duecount k ON k.obligation_id = w.id
    UNION ALL SELECT node_id, overdue_at, units FROM due_delta
  ) x
  GROUP BY node_id
)"""
"""Of each node in ``wanted``, itself and all below: how many came late, how many are overdue ``now``; none: no row."""
