"""Which deeds belong to which report of a round, and what they say of its cells.

An activity counts once in a round (ARCHITECTURE, counting rule 1). Who may count it: its host, or the host's nearest
ancestor, in any line on the activity's day, that reports in the round; then its co-hosts, by unit code. Who does is kept
in ``Counted``.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from hoctap.forms.spec import FormSpec
from hoctap.indicators.collecting import Fact, collect
from hoctap.kernel.clock import start_of
from hoctap.kernel.paths import ids
from hoctap.kernel.planned import planned_cursor
from hoctap.obligations.models import Obligation, Round

Cells = dict[int, Fact]  # by position


@dataclass(frozen=True)
class Deed:
    """One activity in one round. ``candidates``: the obligations that may count it, the first in turn first."""

    activity: int
    candidates: tuple[int, ...]
    counted: int | None = None  # at this obligation
    decided: bool = False  # by the common consolidator


@dataclass(frozen=True)
class Alike:
    """As ``Deed``, of all activities of which the same holds: a report has thousands of those, and few of these."""

    activities: tuple[int, ...]
    candidates: tuple[int, ...]
    counted: int | None = None
    decided: bool = False

    def falls_to(self, asked: Collection[int]) -> int | None:
        """Which of these obligations counts them, were they to send now."""
        if self.counted is not None:
            return self.counted if self.counted in asked else None
        return next((one for one in self.candidates if one in asked), None)


class Period(NamedTuple):
    """Both days included."""

    first: date
    last: date


def period(opened: Round) -> Period | None:
    """The days whose deeds a round counts; None where it names none, or has no form: then nothing is filled in."""
    last = min((day for day in (opened.period_to, opened.cut_off) if day), default=None)
    if opened.form_version_id is None or opened.period_from is None or last is None:
        return None
    return Period(opened.period_from, last) if opened.period_from <= last else None


# Held within the days: by the units asked, by units under them that do not report themselves, with them as co-hosts, or
# counted there already. A path has digits, letters and dots, so that "~" comes after all of them.
_FOUND = """
asked AS MATERIALIZED (
  SELECT id, unit_id FROM obligations_obligation WHERE id = ANY(%(obligations)s::bigint[])
),
near AS MATERIALIZED (
  SELECT a.id FROM asked o JOIN activities_activity a ON a.host_id = o.unit_id AND a.starts_on <= %(last)s::date
  UNION
  SELECT c.activity_id FROM asked o JOIN activities_cohost c ON c.unit_id = o.unit_id
  UNION
  SELECT c.activity_id FROM asked o JOIN reports_counted c ON c.obligation_id = o.id
  UNION
  SELECT a.id FROM asked o
  JOIN orgs_subordination top ON top.unit_id = o.unit_id
  JOIN orgs_subordination s ON s.line = top.line AND s.path > top.path AND s.path < top.path || '~'
    AND s.valid && top.valid
  JOIN activities_activity a ON a.host_id = s.unit_id AND a.starts_on <= %(last)s::date
    AND s.valid @> a.starts_on AND top.valid @> a.starts_on
  WHERE NOT EXISTS (
    SELECT FROM obligations_obligation x WHERE x.round_id = %(round)s::bigint AND x.unit_id = s.unit_id)
),
these AS MATERIALIZED (
  SELECT a.id, a.host_id, a.starts_on
  FROM near JOIN activities_activity a USING (id) LEFT JOIN activities_tally k ON k.activity_id = a.id
  WHERE a.starts_on <= %(last)s::date AND a.ends_on >= %(first)s::date AND NOT a.is_template AND a.cancelled_at IS NULL
    AND (k.first >= %(since)s::timestamptz AND k.last < %(until)s::timestamptz OR EXISTS (
      SELECT FROM activities_session s WHERE s.activity_id = a.id AND s.state = 'held'
        AND s.starts_at >= %(since)s::timestamptz AND s.starts_at < %(until)s::timestamptz
      OFFSET 0))  -- looked up one by one: few are not counted
)
"""
_GIVEN = """
these AS (SELECT id, host_id, starts_on FROM activities_activity WHERE id = ANY(%(activities)s::bigint[]))
"""
# All activities of one host whose report is asked for stand alike, but for what is counted or held together.
_STANDING = """
SELECT array_agg(a.id), a.host_id, CASE WHEN o.id IS NULL THEN a.starts_on END, o.id, c.obligation_id,
  c.decided_by_id IS NOT NULL, h.obligations
FROM these a
LEFT JOIN obligations_obligation o ON o.round_id = %(round)s::bigint AND o.unit_id = a.host_id
LEFT JOIN reports_counted c ON c.round_id = %(round)s::bigint AND c.activity_id = a.id
LEFT JOIN (
  SELECT c.activity_id, array_agg(x.id ORDER BY u.code) AS obligations FROM these
  JOIN activities_cohost c ON c.activity_id = these.id
  JOIN obligations_obligation x ON x.round_id = %(round)s::bigint AND x.unit_id = c.unit_id
  JOIN orgs_unit u ON u.id = c.unit_id GROUP BY 1
) AS h ON h.activity_id = a.id
GROUP BY 2, 3, 4, 5, 6, 7
"""


def found(opened: Round, obligations: Iterable[int]) -> list[int]:
    """Ids of the activities held in the round's period that these obligations may have to count, or do."""
    days = period(opened)
    if days is None:
        return []
    sql = f"WITH {_FOUND} SELECT id FROM these ORDER BY id"
    return [pk for (pk,) in _rows(sql, _within(opened, obligations, days))]


def _within(opened: Round, obligations: Iterable[int], days: Period) -> dict[str, Any]:
    return {
        "round": opened.pk, "obligations": [*obligations], "first": days.first, "last": days.last,
        "since": start_of(days.first), "until": start_of(days.last + timedelta(days=1)),
    }  # fmt: skip


_PATHS = """
SELECT DISTINCT d.host, d.day, s.path FROM unnest(%(hosts)s::bigint[], %(days)s::date[]) AS d(host, day)
JOIN orgs_subordination s ON s.unit_id = d.host AND s.valid @> d.day
"""
_REPORTING = """
SELECT o.unit_id, o.id, u.code FROM obligations_obligation o JOIN orgs_unit u ON u.id = o.unit_id
WHERE o.round_id = %(round)s::bigint AND o.unit_id = ANY(%(units)s::bigint[])
"""


def read(opened: Round, activities: Collection[int]) -> list[Deed]:
    """Who may count each of these activities in the round, and who does."""
    return _each(standing(opened, activities))


def standing(opened: Round, activities: Collection[int]) -> list[Alike]:
    """As ``read``, put together."""
    if not activities:
        return []
    given: dict[str, Any] = {"round": opened.pk, "activities": [*activities]}
    return _alike(opened, _rows(f"WITH {_GIVEN} {_STANDING}", given))


def _alike(opened: Round, rows: Collection[tuple]) -> list[Alike]:
    above = _nearest(opened, {(host, day) for _, host, day, own, *_ in rows if own is None})
    found = []
    for activities, host, day, own, counted, decided, co_hosts in rows:
        first = own or above.get((host, day))
        order = dict.fromkeys([first] if first else []) | dict.fromkeys(co_hosts or [])
        found.append(Alike(tuple(activities), tuple(order), counted, decided))
    return found


def _each(found: Iterable[Alike]) -> list[Deed]:
    deeds = [Deed(pk, one.candidates, one.counted, one.decided) for one in found for pk in one.activities]
    return sorted(deeds, key=lambda deed: deed.activity)


def _nearest(opened: Round, hosts: Collection[tuple[int, date]]) -> dict[tuple[int, date], int]:
    """The obligation of the nearest ancestor that reports, in whichever line; of two as near, by unit code."""
    if not hosts:
        return {}
    pairs = {"hosts": [host for host, _ in hosts], "days": [day for _, day in hosts]}
    paths = [(host, day, ids(path)) for host, day, path in _rows(_PATHS, pairs)]
    units = {unit for _, _, path in paths for unit in path}
    reporting = {
        unit: (code, pk) for unit, pk, code in _rows(_REPORTING, {"round": opened.pk, "units": [*units]})
    }
    best: dict[tuple[int, date], tuple[int, str, int]] = {}
    for host, day, path in paths:
        for distance, unit in enumerate(reversed(path)):
            if unit in reporting:
                best[host, day] = min(
                    best.get((host, day), (distance, *reporting[unit])), (distance, *reporting[unit])
                )
                break
    return {key: pk for key, (_, _, pk) in best.items()}


def assigned(known: Iterable[Alike], asked: Collection[int]) -> dict[int, list[int]]:
    """The activities of each of the obligations asked, were they to send now."""
    groups: dict[int, list[int]] = {pk: [] for pk in asked}
    for alike in known:
        at = alike.falls_to(asked)
        if at is not None:
            groups[at] += alike.activities
    return groups


def cells(
    opened: Round, spec: FormSpec, groups: Mapping[int, Collection[int]], area_types: Mapping[int, str]
) -> dict[int, Cells]:
    """What the activities of each obligation say of the form's cells; ``area_types`` of their units."""
    days = period(opened)
    if days is None or not any(groups.values()):
        return {pk: {} for pk in groups}
    return {pk: _bound(spec, facts, area_types[pk]) for pk, facts in collect(groups, *days).items()}


def _bound(spec: FormSpec, facts: Mapping[str, Fact], area_type: str) -> Cells:
    return {
        cell.position: fact
        for cell in spec.cells
        if (fact := facts.get(cell.indicator)) is not None
        and not cell.derived
        and (not cell.applies_to or area_type in cell.applies_to)
        and fact.value <= cell.max
    }


@dataclass(frozen=True)
class OfReport:
    """The deeds of one report: what they say of its cells were it sent now, and all that it may count or does."""

    cells: Cells
    known: tuple[Alike, ...] = ()

    @property
    def deeds(self) -> list[Deed]:
        return _each(self.known)

    def elsewhere(self, obligation: int) -> dict[int, int]:
        """Counted at others: how many, by obligation."""
        found: Counter[int] = Counter()
        for alike in self.known:
            if alike.counted not in (None, obligation):
                found[alike.counted] += len(alike.activities)
        return found

    def shared(self) -> int:
        """How many are counted nowhere yet, and others may come first."""
        return sum(len(a.activities) for a in self.known if a.counted is None and len(a.candidates) > 1)


def of_report(obligation: Obligation, spec: FormSpec | None) -> OfReport:
    """As the report's page shows them; one query where the unit has no deeds."""
    opened = obligation.round
    days = period(opened) if spec else None
    if spec is None or days is None:
        return OfReport({})
    rows = _rows(f"WITH {_FOUND} {_STANDING}", _within(opened, [obligation.pk], days))
    known = _alike(opened, rows)
    groups = assigned(known, {obligation.pk})
    said = cells(opened, spec, groups, {obligation.pk: obligation.unit.area_type})
    return OfReport(said[obligation.pk], tuple(known))


def _rows(sql: str, given: Mapping[str, Any]) -> list[tuple]:
    with planned_cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
