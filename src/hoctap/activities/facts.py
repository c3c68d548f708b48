"""Deeds as figures: what activities, given by their ids, say of each indicator.

A measure in ``ActivityKind.feeds`` is one of: ``held`` (activities), ``unit`` (1 where there is any, but for what schools
and centres hold for themselves), ``schools`` (distinct hosts that are schools or centres), ``people`` (distinct learners
by name over all of them, and of each the most unnamed at one session), ``attendances`` (lượt), ``quantity:<code>``,
``cost:<source>``. Only what was held within the days counts, and learners only. What nobody counted (no people, no
quantity, no cost) feeds nothing: a blank is no zero.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection

from hoctap.activities.enums import Part, SessionState
from hoctap.indicators.collecting import Fact, Facts, Groups
from hoctap.kernel.clock import start_of
from hoctap.orgs.enums import Kind

# One row a group, kind and measure. An activity whose tally stands and lies within the days is taken from it (tallies.py),
# any other is counted from its sessions and marks.
_SQL = """
WITH RECURSIVE given AS MATERIALIZED (
  SELECT t.g, a.id, a.kind_id, a.host_id, a.quantities, k.most, k.times, k.people,
    coalesce(k.first >= %(since)s::timestamptz AND k.last < %(until)s::timestamptz, false) AS kept
  FROM unnest(%(groups)s::bigint[], %(activities)s::bigint[]) AS t(g, activity_id)
  JOIN activities_activity a ON a.id = t.activity_id AND NOT a.is_template AND a.cancelled_at IS NULL
  LEFT JOIN activities_tally k ON k.activity_id = a.id
),
deed AS MATERIALIZED (
  SELECT g, id, kind_id, host_id, quantities, most, times, people FROM given WHERE kept
  UNION ALL
  SELECT g.g, g.id, g.kind_id, g.host_id, g.quantities, h.most, h.unnamed + cardinality(n.people), n.people
  FROM given g
  CROSS JOIN LATERAL (
    SELECT max(s.unnamed) AS most, sum(s.unnamed) AS unnamed, array_agg(s.id) AS sessions FROM activities_session s
    WHERE s.activity_id = g.id AND s.state = %(held)s::text
      AND s.starts_at >= %(since)s::timestamptz AND s.starts_at < %(until)s::timestamptz
    HAVING count(*) > 0
  ) AS h
  CROSS JOIN LATERAL (
    SELECT ARRAY(
      SELECT t.person_id FROM activities_attendance t
      WHERE t.session_id = ANY(h.sessions) AND t.present AND t.part = %(learner)s::text) AS people
    OFFSET 0
  ) AS n
  WHERE NOT g.kept
),
came AS MATERIALIZED (
  SELECT d.g, d.kind_id, p.id AS person_id FROM deed d CROSS JOIN unnest(d.people) AS p(id)
  WHERE d.kind_id IN (
    SELECT id FROM activities_activitykind WHERE jsonb_path_exists(feeds, '$.* ? (@ == "people")'))
),
entered_twice(id, stands_for) AS (
  SELECT p.id, p.merged_into_id FROM people_person p
  WHERE p.merged_into_id IS NOT NULL AND p.id IN (SELECT person_id FROM came)
  UNION ALL
  SELECT e.id, p.merged_into_id FROM entered_twice e JOIN people_person p ON p.id = e.stands_for
  WHERE p.merged_into_id IS NOT NULL
),
same AS MATERIALIZED (
  SELECT e.id, e.stands_for FROM entered_twice e JOIN people_person p ON p.id = e.stands_for AND p.merged_into_id IS NULL
),
persons AS (
  SELECT c.g, c.kind_id, array_agg(coalesce(s.stands_for, c.person_id)) AS persons
  FROM came c LEFT JOIN same s ON s.id = c.person_id GROUP BY 1, 2
),
counted AS (
  SELECT g, kind_id, sum(most) AS most, sum(times) AS times, array_agg(id) AS ids
  FROM deed WHERE times > 0 GROUP BY 1, 2
),
gave AS (
  SELECT g, kind_id, 'held' AS measure, count(*) AS amount, NULL::bigint AS times, array_agg(id) AS ids,
    NULL::bigint[] AS persons
  FROM deed GROUP BY 1, 2
  UNION ALL
  SELECT c.g, c.kind_id, 'people', c.most, c.times, c.ids, p.persons
  FROM counted c LEFT JOIN persons p ON p.g = c.g AND p.kind_id = c.kind_id
  UNION ALL
  SELECT d.g, d.kind_id, CASE WHEN u.kind = ANY(%(schools)s::text[]) THEN 'schools' ELSE 'unit' END, 0, NULL,
    array_agg(d.id), array_agg(DISTINCT d.host_id)
  FROM deed d JOIN orgs_unit u ON u.id = d.host_id
  WHERE d.kind_id IN (
    SELECT id FROM activities_activitykind WHERE jsonb_path_exists(feeds, '$.* ? (@ == "unit" || @ == "schools")'))
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT d.g, d.kind_id, 'quantity:' || q.key, sum(q.value::bigint), NULL, array_agg(d.id), NULL
  FROM deed d CROSS JOIN jsonb_each_text(d.quantities) q WHERE d.quantities <> '{}' AND q.value IS NOT NULL GROUP BY 1, 2, 3
  UNION ALL
  SELECT d.g, d.kind_id, 'cost:' || c.source, sum(c.amount), NULL, array_agg(d.id), NULL
  FROM deed d JOIN activities_cost c ON c.activity_id = d.id GROUP BY 1, 2, 3
)
SELECT v.g, k.feeds, v.measure, v.amount::bigint, v.times::bigint, v.ids, v.persons
FROM gave v JOIN activities_activitykind k ON k.id = v.kind_id AND k.feeds <> '{}'
"""


@dataclass
class _Sum:
    """Of one measure over kinds. ``distinct``: persons, or the units that held it."""

    amount: int = 0
    times: int = 0
    sources: set[int] = field(default_factory=set)
    distinct: set[int] = field(default_factory=set)

    def add(self, amount: int, times: int, sources: Iterable[int], distinct: Iterable[int]) -> None:
        self.amount += amount
        self.times += times
        self.sources.update(sources)
        self.distinct.update(distinct)

    def fact(self, measure: str) -> Fact:
        sources = tuple(sorted(self.sources))
        if measure == "people":
            return Fact(self.amount + len(self.distinct), sources, self.times)
        value = {"unit": 1, "schools": len(self.distinct), "attendances": self.times}.get(
            measure, self.amount
        )
        return Fact(value, sources)


def collect(groups: Groups, first: date, last: date) -> Facts:
    """As ``indicators.collecting.collect``, in one statement."""
    pairs = [(group, activity) for group, activities in groups.items() for activity in activities]
    if not pairs:
        return {group: {} for group in groups}
    given: dict[str, Any] = {
        "groups": _array(group for group, _ in pairs), "activities": _array(activity for _, activity in pairs),
        "since": start_of(first), "until": start_of(last + timedelta(days=1)),
        "held": SessionState.HELD, "learner": Part.LEARNER, "schools": [Kind.SCHOOL, Kind.CENTRE],
    }  # fmt: skip
    with (
        connection.cursor() as cursor
    ):  # planned with the ids in it: of ten activities otherwise than of thousands
        cursor.execute(_SQL, given)
        rows = cursor.fetchall()
    sums: dict[int, dict[tuple[str, str], _Sum]] = {group: defaultdict(_Sum) for group in groups}
    for group, feeds, counted, amount, times, sources, distinct in rows:
        for indicator, measure in json.loads(feeds).items():
            if measure == counted or (measure, counted) == ("attendances", "people"):
                sums[group][indicator, measure].add(amount, times or 0, sources, distinct or ())
    return {group: _facts(of_group) for group, of_group in sums.items()}


def _array(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes one: of thousands, much sooner than a list is."""
    return "{" + ",".join(map(str, numbers)) + "}"


def _facts(sums: Mapping[tuple[str, str], _Sum]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for (indicator, measure), of_measure in sums.items():
        fact, before = of_measure.fact(measure), facts.get(indicator)
        facts[indicator] = fact if before is None else _added(before, fact)
    return facts


def _added(one: Fact, other: Fact) -> Fact:
    """Two measures feed one indicator."""
    return Fact(one.value + other.value, tuple(sorted({*one.sources, *other.sources})))
