"""Which deeds belong to which report of a round, and what they say of its cells.

An activity counts once in a round (ARCHITECTURE, counting rule 1). Who may count it: its host, or the host's nearest
ancestor, in any line on the activity's day, that reports in the round; then its co-hosts, by unit code. Who does is kept
in ``Counted``.
"""

from collections import defaultdict
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

    def falls_to(self, asked: Collection[int]) -> int | None:
        """Which of these obligations counts it, were they to send now."""
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
WITH asked AS MATERIALIZED (
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
)
SELECT a.id FROM near JOIN activities_activity a USING (id)
WHERE a.starts_on <= %(last)s::date AND a.ends_on >= %(first)s::date AND NOT a.is_template AND a.cancelled_at IS NULL
  AND EXISTS (
    SELECT FROM activities_session s WHERE s.activity_id = a.id AND s.state = 'held'
      AND s.starts_at >= %(since)s::timestamptz AND s.starts_at < %(until)s::timestamptz)
ORDER BY a.id
"""


def found(opened: Round, obligations: Iterable[int]) -> list[int]:
    """Ids of the activities held in the round's period that these obligations may have to count, or do."""
    days = period(opened)
    if days is None:
        return []
    given: dict[str, Any] = {
        "round": opened.pk, "obligations": [*obligations], "first": days.first, "last": days.last,
        "since": start_of(days.first), "until": start_of(days.last + timedelta(days=1)),
    }  # fmt: skip
    return [pk for (pk,) in _rows(_FOUND, given)]


# Each activity's host and day, with the host's own obligation where it has one, and where it is counted.
_OF_HOST = """
SELECT a.id, a.host_id, a.starts_on, o.id, c.obligation_id, c.decided_by_id IS NOT NULL
FROM activities_activity a
LEFT JOIN obligations_obligation o ON o.round_id = %(round)s::bigint AND o.unit_id = a.host_id
LEFT JOIN reports_counted c ON c.round_id = %(round)s::bigint AND c.activity_id = a.id
WHERE a.id = ANY(%(activities)s::bigint[]) ORDER BY a.id
"""
_CO_HOSTS = """
SELECT c.activity_id, o.id FROM activities_cohost c
JOIN obligations_obligation o ON o.round_id = %(round)s::bigint AND o.unit_id = c.unit_id
JOIN orgs_unit u ON u.id = c.unit_id
WHERE c.activity_id = ANY(%(activities)s::bigint[]) ORDER BY c.activity_id, u.code
"""
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
    if not activities:
        return []
    given: dict[str, Any] = {"round": opened.pk, "activities": [*activities]}
    rows = _rows(_OF_HOST, given)
    co_hosts: dict[int, list[int]] = defaultdict(list)
    for activity, obligation in _rows(_CO_HOSTS, given):
        co_hosts[activity].append(obligation)
    above = _nearest(opened, {(host, day) for _, host, day, own, *_ in rows if own is None})
    deeds = []
    for activity, host, day, own, counted, decided in rows:
        first = own or above.get((host, day))
        order = dict.fromkeys([first] if first else []) | dict.fromkeys(co_hosts[activity])
        deeds.append(Deed(activity, tuple(order), counted, decided))
    return deeds


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


def assigned(deeds: Iterable[Deed], asked: Collection[int]) -> dict[int, list[int]]:
    """The activities of each of the obligations asked, were they to send now."""
    groups: dict[int, list[int]] = {pk: [] for pk in asked}
    for deed in deeds:
        at = deed.falls_to(asked)
        if at is not None:
            groups[at].append(deed.activity)
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
    deeds: tuple[Deed, ...] = ()

    def elsewhere(self, obligation: int) -> list[Deed]:
        """Counted at another."""
        return [deed for deed in self.deeds if deed.counted not in (None, obligation)]

    def shared(self) -> list[Deed]:
        """Counted nowhere yet, and others may come first."""
        return [deed for deed in self.deeds if deed.counted is None and len(deed.candidates) > 1]


def of_report(obligation: Obligation, spec: FormSpec | None) -> OfReport:
    """As the report's page shows them; one query where the unit has no deeds."""
    activities = found(obligation.round, [obligation.pk]) if spec else []
    if spec is None or not activities:
        return OfReport({})
    known = read(obligation.round, activities)
    groups = assigned(known, {obligation.pk})
    said = cells(obligation.round, spec, groups, {obligation.pk: obligation.unit.area_type})
    return OfReport(said[obligation.pk], tuple(known))


def _rows(sql: str, given: Mapping[str, Any]) -> list[tuple]:
    with planned_cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
