"""Deeds as figures: what activities, given by their ids, say of each indicator.

A measure in ``ActivityKind.feeds`` is one of: ``held`` (activities), ``unit`` (1 where there is any, but for what schools
and centres hold for themselves), ``schools`` (distinct hosts that are schools or centres), ``people`` (distinct learners
by name over all of them, and of each the most unnamed at one session), ``attendances`` (lượt), ``quantity:<code>``,
``cost:<source>``. Only what was held within the days counts, and learners only. What nobody counted (no people, no
quantity, no cost) feeds nothing: a blank is no zero.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from hoctap.activities.enums import Part, SessionState
from hoctap.indicators.collecting import Fact, Facts, Groups
from hoctap.kernel.clock import start_of
from hoctap.orgs.enums import Kind

_SQL = """
WITH RECURSIVE given AS MATERIALIZED (
  SELECT * FROM unnest(%(groups)s::bigint[], %(activities)s::bigint[]) AS t(g, activity_id)
),
held AS MATERIALIZED (
  SELECT s.id, s.activity_id, s.unnamed FROM activities_session s
  WHERE s.activity_id = ANY(%(activities)s::bigint[]) AND s.state = %(held)s::text
    AND s.starts_at >= %(since)s::timestamptz AND s.starts_at < %(until)s::timestamptz
),
came AS MATERIALIZED (
  SELECT h.activity_id, t.person_id, count(*) AS times FROM held h
  JOIN activities_attendance t ON t.session_id = h.id AND t.present AND t.part = %(learner)s::text GROUP BY 1, 2
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
named AS MATERIALIZED (
  SELECT activity_id, count(*) AS people, sum(times) AS times FROM came GROUP BY 1
),
deed AS MATERIALIZED (
  SELECT g.g, a.id, a.kind_id, a.host_id, a.quantities, h.most, h.most + coalesce(n.people, 0) > 0 AS counted,
    h.unnamed + coalesce(n.times, 0) AS times
  FROM given g
  JOIN activities_activity a ON a.id = g.activity_id AND NOT a.is_template AND a.cancelled_at IS NULL
  JOIN (SELECT activity_id, max(unnamed) AS most, sum(unnamed) AS unnamed FROM held GROUP BY 1) h
    ON h.activity_id = a.id
  LEFT JOIN named n ON n.activity_id = a.id
),
feed AS MATERIALIZED (
  SELECT k.id AS kind_id, f.key AS indicator, f.value AS measure
  FROM activities_activitykind k, jsonb_each_text(k.feeds) f
),
gave AS MATERIALIZED (
  SELECT d.g, f.indicator, f.measure, d.id, d.host_id, d.times,
    CASE f.measure
      WHEN 'held' THEN 1
      WHEN 'unit' THEN CASE WHEN u.kind <> ALL(%(schools)s::text[]) THEN 1 END
      WHEN 'schools' THEN CASE WHEN u.kind = ANY(%(schools)s::text[]) THEN 1 END
      WHEN 'people' THEN CASE WHEN d.counted THEN d.most END
      WHEN 'attendances' THEN nullif(d.times, 0)
      ELSE (d.quantities ->> substr(f.measure, 10))::bigint
    END AS amount
  FROM deed d
  JOIN feed f ON f.kind_id = d.kind_id AND f.measure NOT LIKE 'cost:%%'
  LEFT JOIN orgs_unit u ON f.measure IN ('unit', 'schools') AND u.id = d.host_id
  UNION ALL
  SELECT d.g, f.indicator, f.measure, d.id, d.host_id, d.times, c.amount
  FROM deed d
  JOIN activities_cost c ON c.activity_id = d.id
  JOIN feed f ON f.kind_id = d.kind_id AND f.measure = 'cost:' || c.source
),
people AS (
  SELECT g, indicator, count(*) AS people
  FROM (
    SELECT DISTINCT v.g, v.indicator, coalesce(s.stands_for, p.person_id) AS person
    FROM gave v JOIN came p ON p.activity_id = v.id LEFT JOIN same s ON s.id = p.person_id
    WHERE v.measure = 'people'
  ) AS once
  GROUP BY 1, 2
)
SELECT v.g, v.indicator, v.measure, sum(v.amount)::bigint, count(DISTINCT v.host_id),
  sum(v.times)::bigint, max(p.people), array_agg(v.id ORDER BY v.id)
FROM gave v LEFT JOIN people p ON v.measure = 'people' AND p.g = v.g AND p.indicator = v.indicator
WHERE v.amount IS NOT NULL GROUP BY 1, 2, 3
"""


def collect(groups: Groups, first: date, last: date) -> Facts:
    """As ``indicators.collecting.collect``, in one statement."""
    pairs = [(group, activity) for group, activities in groups.items() for activity in activities]
    found: Facts = {group: {} for group in groups}
    if not pairs:
        return found
    given: dict[str, Any] = {
        "groups": [group for group, _ in pairs], "activities": [activity for _, activity in pairs],
        "since": start_of(first), "until": start_of(last + timedelta(days=1)),
        "held": SessionState.HELD, "learner": Part.LEARNER, "schools": [Kind.SCHOOL, Kind.CENTRE],
    }  # fmt: skip
    with (
        connection.cursor() as cursor
    ):  # planned with the ids in it: of ten activities otherwise than of thousands
        cursor.execute(_SQL, given)
        rows = cursor.fetchall()
    for group, indicator, measure, amount, hosts, times, people, sources in sorted(rows):
        value = {"unit": 1, "schools": hosts, "people": amount + (people or 0)}.get(measure, amount)
        before = found[group].get(indicator)
        fact = Fact(value, tuple(sources), times if measure == "people" else None)
        found[group][indicator] = fact if before is None else _added(before, fact)
    return found


def _added(one: Fact, other: Fact) -> Fact:
    """Two measures feed one indicator."""
    return Fact(one.value + other.value, tuple(sorted({*one.sources, *other.sources})))
