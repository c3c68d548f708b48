"""Many units with all that stand under each, as a piece of SQL: for counting over several subtrees in one statement."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from django.core.serializers.json import DjangoJSONEncoder


@dataclass(frozen=True)
class Asked:
    """Count over ``part`` and all under it in any line on ``day``; or over exactly these ``units``, then of no part."""

    key: int
    part: int
    day: date
    units: tuple[int, ...] | None = None


def asked(rows: Iterable[Asked]) -> str:
    """What ``UNDER`` takes as its parameter ``asked``."""
    return json.dumps([asdict(row) for row in rows], cls=DjangoJSONEncoder)


# valid @> day, said so that the database expects many rows: by the operator it expects next to none, and would go through
# what it found here again and again for each row of another table.
_HELD = "lower({0}.valid) <= asked.day AND coalesce(upper({0}.valid) > asked.day, true)"

# Tables of a WITH: asked (key, part, day, units) and under (key, part, unit_id), each unit once a key and part. A path has
# digits, small letters and dots, all of which come before "{".
UNDER = f"""
asked AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(asked)s::jsonb) AS given(key bigint, part bigint, day date, units bigint[])
),
under AS MATERIALIZED (
    SELECT asked.key, asked.part, below.unit_id
    FROM asked
    JOIN orgs_subordination above ON above.unit_id = asked.part AND {_HELD.format("above")}
    JOIN orgs_subordination below ON below.line = above.line AND {_HELD.format("below")}
        AND below.path >= above.path AND below.path < above.path || '{{'
    WHERE asked.units IS NULL
    UNION SELECT key, part, part FROM asked WHERE units IS NULL
    UNION SELECT key, part, unnest(units) FROM asked WHERE units IS NOT NULL
)
"""


# Whether more than ``most`` units stand under ``unit`` on ``day``; no more are looked at.
WIDE = """
%(most)s < (
    SELECT count(*) FROM (
        SELECT FROM orgs_subordination above
        JOIN orgs_subordination below ON below.line = above.line AND below.valid @> %(day)s::date
            AND below.path > above.path AND below.path < above.path || '{'
        WHERE above.unit_id = unit AND above.valid @> %(day)s::date
        LIMIT %(most)s + 1
    ) AS found
)
"""
