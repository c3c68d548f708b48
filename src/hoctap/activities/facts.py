"""Deeds as figures: what activities, given by their ids, say of each indicator.

A measure in ``ActivityKind.feeds`` is one of: ``held`` (activities), ``unit`` (1 where there is any, but for what schools
and centres hold for themselves), ``schools`` (distinct hosts that are schools or centres), ``people`` (distinct learners
by name over all of them, and of each the most unnamed at one session), ``attendances`` (lượt), ``quantity:<code>``,
``cost:<source>``. Only what was held within the days counts, and learners only. Quantities and costs are of the whole
activity: they count where its last held session lies within the days, so that two periods never both count them. What
nobody counted (no people, no quantity, no cost) feeds nothing: a blank is no zero.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain, repeat
from typing import Any

from django.db import connection

from hoctap.activities.enums import Part, SessionState
from hoctap.indicators.collecting import Fact, Facts, Groups
from hoctap.kernel.clock import start_of
from hoctap.kernel.planned import planned_cursor
from hoctap.orgs.enums import Kind

# One row a group, kind and measure. An activity whose tally stands and lies within the days is taken from it (tallies.py),
# any other is counted from its sessions and marks.
_SQL = """
WITH given AS MATERIALIZED (
  SELECT t.g, a.id, a.kind_id, a.host_id, a.quantities, k.most, k.times, k.people,
    coalesce(k.first >= %(since)s::timestamptz AND k.last < %(until)s::timestamptz, false) AS kept
  FROM unnest(%(groups)s::bigint[], %(activities)s::bigint[]) AS t(g, activity_id)
  JOIN activities_activity a ON a.id = t.activity_id AND NOT a.is_template AND a.cancelled_at IS NULL
  LEFT JOIN activities_tally k ON k.activity_id = a.id
),
deed AS MATERIALIZED (
  SELECT g, id, kind_id, host_id, quantities, most, times, people, true AS ended FROM given WHERE kept
  UNION ALL
  SELECT g.g, g.id, g.kind_id, g.host_id, g.quantities, h.most, h.unnamed + cardinality(n.people), n.people, h.ended
  FROM given g
  CROSS JOIN LATERAL (
    SELECT max(s.unnamed) FILTER (WHERE s.within) AS most, sum(s.unnamed) FILTER (WHERE s.within) AS unnamed,
      array_agg(s.id) FILTER (WHERE s.within) AS sessions, bool_and(s.within) AS ended
    FROM (
      SELECT id, unnamed, starts_at < %(until)s::timestamptz AS within FROM activities_session
      WHERE activity_id = g.id AND state = %(held)s::text AND starts_at >= %(since)s::timestamptz
    ) AS s
    HAVING bool_or(s.within)
  ) AS h
  CROSS JOIN LATERAL (
    SELECT ARRAY(
      SELECT t.person_id FROM activities_attendance t
      WHERE t.session_id = ANY(h.sessions) AND t.present AND t.part = %(learner)s::text) AS people
    OFFSET 0
  ) AS n
  WHERE NOT g.kept
),
-- Written one after another: unnested and put together again they cost twice as much.
persons AS (
  SELECT g, kind_id, string_agg(trim(people::text, '{}'), ',') AS persons FROM deed
  WHERE people <> '{}' AND kind_id IN (
    SELECT id FROM activities_activitykind WHERE jsonb_path_exists(feeds, '$.* ? (@ == "people")'))
  GROUP BY 1, 2
),
counted AS (
  SELECT g, kind_id, sum(most) AS most, sum(times) AS times, array_agg(id) AS ids
  FROM deed WHERE times > 0 GROUP BY 1, 2
),
gave AS (
  SELECT g, kind_id, 'held' AS measure, count(*) AS amount, NULL::bigint AS times, array_agg(id) AS ids,
    NULL AS persons, NULL::bigint[] AS hosts
  FROM deed GROUP BY 1, 2
  UNION ALL
  SELECT c.g, c.kind_id, 'people', c.most, c.times, c.ids, p.persons, NULL
  FROM counted c LEFT JOIN persons p ON p.g = c.g AND p.kind_id = c.kind_id
  UNION ALL
  SELECT d.g, d.kind_id, CASE WHEN u.kind = ANY(%(schools)s::text[]) THEN 'schools' ELSE 'unit' END, 0, NULL,
    array_agg(d.id), NULL, array_agg(DISTINCT d.host_id)
  FROM deed d JOIN orgs_unit u ON u.id = d.host_id
  WHERE d.kind_id IN (
    SELECT id FROM activities_activitykind WHERE jsonb_path_exists(feeds, '$.* ? (@ == "unit" || @ == "schools")'))
  GROUP BY 1, 2, 3
  UNION ALL
  SELECT d.g, d.kind_id, 'quantity:' || q.key, sum(q.value::bigint), NULL, array_agg(d.id), NULL, NULL
  FROM deed d CROSS JOIN jsonb_each_text(d.quantities) q
  WHERE d.ended AND d.quantities <> '{}' AND q.value IS NOT NULL GROUP BY 1, 2, 3
  UNION ALL
  SELECT d.g, d.kind_id, 'cost:' || c.source, sum(c.amount), NULL, array_agg(d.id), NULL, NULL
  FROM deed d JOIN activities_cost c ON c.activity_id = d.id WHERE d.ended GROUP BY 1, 2, 3
)
SELECT v.g, k.feeds, v.measure, v.amount::bigint, v.times::bigint, v.ids, v.persons, v.hosts
FROM gave v JOIN activities_activitykind k ON k.id = v.kind_id AND k.feeds <> '{}'
"""


# One step is enough: merging leads whoever was merged before to the one who stays.
_TWICE = """
SELECT id::text, merged_into_id::text FROM people_person
WHERE merged_into_id IS NOT NULL AND id IN (SELECT unnest(%(persons)s::bigint[]))
"""


@dataclass
class _Sum:
    """Of one measure over kinds. ``distinct``: ids of persons, as the database writes them, or of the units that held it."""

    amount: int = 0
    times: int = 0
    sources: set[int] = field(default_factory=set)
    distinct: set[int | str] = field(default_factory=set)

    def add(self, amount: int, times: int, sources: Iterable[int], distinct: Iterable[int | str]) -> None:
        self.amount += amount
        self.times += times
        self.sources.update(sources)
        self.distinct.update(distinct)

    def fact(self, measure: str, twice: Mapping[Any, str]) -> Fact:
        sources = tuple(sorted(self.sources))
        if measure == "people":
            persons = {twice.get(one, one) for one in self.distinct} if twice else self.distinct
            return Fact(self.amount + len(persons), sources, self.times)
        value = {"unit": 1, "schools": len(self.distinct), "attendances": self.times}.get(
            measure, self.amount
        )
        return Fact(value, sources)


_Sums = defaultdict[tuple[str, str], _Sum]  # by indicator and measure


def collect(groups: Groups, first: date, last: date) -> Facts:
    """As ``indicators.collecting.collect``, in one statement; two where people came by name."""
    if not any(groups.values()):
        return {group: {} for group in groups}
    given: dict[str, Any] = {
        "groups": _array(chain(*(repeat(str(group), len(of_it)) for group, of_it in groups.items()))),
        "activities": _array(map(str, chain(*groups.values()))),
        "since": start_of(first), "until": start_of(last + timedelta(days=1)),
        "held": SessionState.HELD, "learner": Part.LEARNER, "schools": [Kind.SCHOOL, Kind.CENTRE],
    }  # fmt: skip
    with (
        connection.cursor() as cursor
    ):  # planned with the ids in it: of ten activities otherwise than of thousands
        cursor.execute(_SQL, given)
        rows = cursor.fetchall()
    sums: dict[int, _Sums] = {group: defaultdict(_Sum) for group in groups}
    for group, feeds, counted, amount, times, sources, persons, hosts in rows:
        distinct = persons.split(",") if persons else hosts or ()
        for indicator, measure in json.loads(feeds).items():
            if measure == counted or (measure, counted) == ("attendances", "people"):
                sums[group][indicator, measure].add(amount, times or 0, sources, distinct)
    twice = _entered_twice([row[6] for row in rows if row[6]])
    return {group: _facts(of_group, twice) for group, of_group in sums.items()}


def _entered_twice(persons: Sequence[str]) -> dict[str, str]:
    """Of these persons, those entered twice, and who each one is."""
    if not persons:
        return {}
    with planned_cursor() as cursor:
        cursor.execute(_TWICE, {"persons": _array(persons)})
        return dict(cursor.fetchall())


def _array(ids: Iterable[str]) -> str:
    """As PostgreSQL writes one: of thousands, much sooner than a list is."""
    return "{" + ",".join(ids) + "}"


def _facts(sums: _Sums, twice: Mapping[Any, str]) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for (indicator, measure), of_measure in sums.items():
        fact, before = of_measure.fact(measure, twice), facts.get(indicator)
        facts[indicator] = fact if before is None else _added(before, fact)
    return facts


def _added(one: Fact, other: Fact) -> Fact:
    """Two measures feed one indicator."""
    return Fact(one.value + other.value, tuple(sorted({*one.sources, *other.sources})))
