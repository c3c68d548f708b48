"""What the planner expects of a query before it is run: which of two ways to ask is the cheap one."""

from collections.abc import Sequence

from hoctap.kernel.replicas import reading


def expected_rows(sql: str, params: Sequence = ()) -> int:
    """How many rows a SELECT would give by the statistics of the last ANALYZE; nothing is read. One query."""
    with reading().cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", list(params))
        plan = cursor.fetchone()[0]
    return plan[0]["Plan"]["Plan Rows"]
