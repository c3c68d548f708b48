"""How far a target of 100 % is reached: people who learned of people there are, or units that did of units with need.

The units are those that got the document, its issuer apart. What people of a unit want outweighs that the unit said it had
no need. A target says how it is counted by ``TargetMeasure``; without
one its words decide, and the screen says so.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from hoctap.activities.enums import Family, Reached
from hoctap.activities.models import TargetMeasure
from hoctap.activities.shares import ALL_LEARNING, Learning, Question, Share, shares
from hoctap.directives.models import Delivery
from hoctap.kernel import clock
from hoctap.kernel.vietnamese import fold
from hoctap.obligations.models import Target
from hoctap.orgs import rules as org_rules
from hoctap.orgs.enums import HeadcountGroup
from hoctap.orgs.models import Seat

# What a target's words mean, folded; every one found counts.
_GROUPS = {
    HeadcountGroup.TEACHERS: ("nha giao", "giao vien"),
    HeadcountGroup.WORKERS: ("nguoi lao dong", "cong nhan", "lao dong", "can bo", "vien chuc"),
    HeadcountGroup.MEMBERS: ("doan vien", "hoi vien"),
}
_TOPICS = {
    "it": ("cong nghe thong tin", "tin hoc"),
    "digital": ("cong nghe so", "chuyen doi so", "ky nang so"),
    "politics": ("chu truong, duong loi", "ly luan chinh tri"),
    "law": ("phap luat",),
    "life-skills": ("ky nang song",),
    "profession": ("nghiep vu", "chuyen mon"),
    "skills": ("tay nghe",),
    "languages": ("ngoai ngu",),
    "lifelong": ("cong dan hoc tap", "don vi hoc tap", "hoc tap suot doi", "xa hoi hoc tap"),
}
_CONTESTS = {
    "contest.teacher": ("giao vien day gioi", "giao vien chu nhiem gioi"),
    "contest.skilled-worker": ("tho gioi", "ban tay vang"),
}
_UNITS = ("don vi", "cong doan co so", "cdcs", "to chuc cong doan", "doanh nghiep", "truong", "co quan")


@dataclass(frozen=True)
class Measure:
    """How one target is counted; ``groups`` only where people are."""

    reached: Reached
    where_needed: bool
    learning: Learning
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class TargetState:
    """``reached`` of ``all_``, null where it cannot be told (no unit got the document; nobody told how many people).

    ``units`` got the document; ``exempt`` of them have no need and are left out where the target says so. Of people, the
    whole ``share`` besides. ``is_set``: somebody said how it is counted, else its words were read.
    """

    target: Target
    measure: Measure
    is_set: bool
    units: int
    exempt: int
    reached: int | None
    all_: int | None
    share: Share | None = None

    @property
    def percent(self) -> float | None:
        return self.reached * 100 / self.all_ if self.all_ and self.reached is not None else None

    @property
    def is_done(self) -> bool:
        """Everybody, and everybody told of every group."""
        complete = self.share is None or self.share.complete == self.share.units
        return bool(self.all_ and complete and self.reached is not None and self.reached >= self.all_)


def measure_of(target: Target) -> tuple[Measure, bool]:
    """How it is counted, and whether somebody set it so."""
    kept: TargetMeasure | None = getattr(target, "measured", None)
    if kept is None:
        return read_measure(target.measure, target.subject), False
    learning = Learning(tuple(kept.families), tuple(kept.kinds), tuple(kept.topics))
    return Measure(Reached(kept.reached), kept.where_needed, learning, tuple(kept.groups)), True


def read_measure(whom: str, what: str) -> Measure:
    """What the words of a target most likely mean: ``"nhà giáo, người lao động"``, ``"phải được tuyên truyền …"``."""
    whom, what = fold(whom), fold(what)
    groups = tuple(str(group) for group in _named(_GROUPS, whom))
    needed = "noi co nhu cau" in f"{whom} {what}"
    if groups and not whom.startswith(_UNITS):
        return Measure(Reached.PEOPLE, needed, _learning(what), groups)
    planned = "vao ke hoach" in what or ("co ke hoach" in what and "thuc hien" not in what)
    return Measure(Reached.PLANNED if planned else Reached.HELD, needed, _learning(what))


def _learning(what: str) -> Learning:
    kinds = tuple(_named(_CONTESTS, what))
    if kinds:
        return Learning(kinds=kinds)
    if "hoi thi" in what:
        return Learning(families=(Family.CONTEST,))
    return Learning(ALL_LEARNING.families, ALL_LEARNING.kinds, tuple(_named(_TOPICS, what)))


def _named(words: dict, text: str) -> list:
    return [meant for meant, said in words.items() if re.search(rf"\b({'|'.join(said)})\b", text)]


def states(targets: Sequence[Target], *, year: int, reach: Seat | None = None) -> list[TargetState]:
    """How far each is reached in a year, among the units that got its document (and that ``reach`` reaches).

    Three statements however many targets; ``measured`` is best selected along.
    """
    units = _units(targets, reach)
    measured = [measure_of(target) for target in targets]
    counted = _count_units(
        [(n, year, m.learning, units[t.directive_id]) for n, (t, (m, _)) in _numbered(targets, measured)]
    )
    of_people = [n for n, (m, _) in enumerate(measured) if m.reached == Reached.PEOPLE]
    asked = [_people(measured[n][0], year, units[targets[n].directive_id], counted[n]) for n in of_people]
    answers = dict(zip(of_people, shares(asked), strict=True)) if asked else {}
    return [_state(t, m, counted[n], answers.get(n)) for n, (t, m) in _numbered(targets, measured)]


def _numbered(targets: Sequence[Target], measured: Sequence[tuple[Measure, bool]]) -> list:
    return list(enumerate(zip(targets, measured, strict=True)))


def _units(targets: Iterable[Target], reach: Seat | None) -> dict[int, tuple[int, ...]]:
    directives = {target.directive_id for target in targets}
    rows = Delivery.objects.filter(directive__in=directives)
    if reach:
        rows = rows.filter(unit__in=org_rules.reachable_ids(reach))
    found: dict[int, list[int]] = {directive: [] for directive in directives}
    for directive, issuer, unit in rows.values_list("directive", "directive__issuer", "unit"):
        if unit != issuer:
            found[directive].append(unit)
    return {directive: tuple(units) for directive, units in found.items()}


@dataclass(frozen=True)
class _Counted:
    exempt: frozenset[int]
    planned: int
    held: int
    planned_needed: int
    held_needed: int
    units: tuple[int, ...]


_UNITS_SQL = """
WITH question AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(questions)s::jsonb) AS given(
        key bigint, year int, first timestamptz, past timestamptz,
        families text[], kinds text[], topics text[], units bigint[]
    )
),
asked AS MATERIALIZED (SELECT question.*, unnest(units) AS unit_id FROM question),
exempt AS MATERIALIZED (
    SELECT asked.key, asked.unit_id
    FROM asked
    JOIN activities_exemption exemption ON exemption.unit_id = asked.unit_id AND exemption.year = asked.year
    LEFT JOIN activities_topic topic ON topic.id = exemption.topic_id
    WHERE NOT EXISTS (
        SELECT FROM activities_need need JOIN activities_survey survey ON survey.id = need.survey_id
        WHERE need.unit_id = asked.unit_id AND survey.year = asked.year AND need.people > 0
            AND (exemption.topic_id IS NULL OR exemption.topic_id = need.topic_id)
    )
    GROUP BY asked.key, asked.unit_id, asked.topics
    HAVING bool_or(exemption.topic_id IS NULL)
        OR (cardinality(asked.topics) > 0 AND asked.topics <@ array_agg(topic.code::text))
),
host AS (
    SELECT id AS activity_id, host_id AS unit_id FROM activities_activity WHERE host_id IN (SELECT unit_id FROM asked)
    UNION SELECT activity_id, unit_id FROM activities_cohost WHERE unit_id IN (SELECT unit_id FROM asked)
),
did AS MATERIALIZED (
    SELECT asked.key, asked.unit_id, bool_or(session.state = 'held') AS held
    FROM asked
    JOIN host ON host.unit_id = asked.unit_id
    JOIN activities_activity activity ON activity.id = host.activity_id
        AND activity.cancelled_at IS NULL AND NOT activity.is_template
    JOIN activities_activitykind kind ON kind.id = activity.kind_id
    LEFT JOIN activities_topic topic ON topic.id = activity.topic_id
    JOIN activities_session session ON session.activity_id = activity.id AND session.state <> 'cancelled'
        AND session.starts_at >= asked.first AND session.starts_at < asked.past
    WHERE (kind.family = ANY(asked.families) OR kind.code = ANY(asked.kinds))
        AND (cardinality(asked.topics) = 0 OR topic.code = ANY(asked.topics))
    GROUP BY asked.key, asked.unit_id
)
SELECT asked.key, array_agg(exempt.unit_id) FILTER (WHERE exempt.unit_id IS NOT NULL),
    count(did.unit_id), count(did.unit_id) FILTER (WHERE did.held),
    count(did.unit_id) FILTER (WHERE exempt.unit_id IS NULL),
    count(did.unit_id) FILTER (WHERE did.held AND exempt.unit_id IS NULL)
FROM asked
LEFT JOIN exempt ON exempt.key = asked.key AND exempt.unit_id = asked.unit_id
LEFT JOIN did ON did.key = asked.key AND did.unit_id = asked.unit_id
GROUP BY asked.key
"""


def _count_units(questions: Sequence[tuple[int, int, Learning, tuple[int, ...]]]) -> dict[int, _Counted]:
    asks = [
        {
            "key": key,
            "year": year,
            "first": clock.start_of(date(year, 1, 1)),
            "past": clock.start_of(date(year, 12, 31) + timedelta(days=1)),
            "units": units,
            **asdict(learning),
        }
        for key, year, learning, units in questions
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UNITS_SQL, {"questions": json.dumps(asks, cls=DjangoJSONEncoder)})
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    found = {}
    for key, _year, _learning, units in questions:
        exempt, planned, held, planned_needed, held_needed = rows.get(key, (None, 0, 0, 0, 0))
        found[key] = _Counted(frozenset(exempt or ()), planned, held, planned_needed, held_needed, units)
    return found


def _people(measure: Measure, year: int, units: tuple[int, ...], counted: _Counted) -> Question:
    needing = [unit for unit in units if not (measure.where_needed and unit in counted.exempt)]
    return Question(year, measure.learning, measure.groups, units=tuple(needing))


def _state(target: Target, how: tuple[Measure, bool], counted: _Counted, share: Share | None) -> TargetState:
    measure, is_set = how
    exempt = len(counted.exempt) if measure.where_needed else 0
    said = (target, measure, is_set, len(counted.units), exempt)
    if measure.reached == Reached.PEOPLE:
        told = share is not None and share.heads is not None
        return TargetState(
            *said, share.trained if told and share else None, share.heads if share else None, share
        )
    numbers = {
        (Reached.PLANNED, False): counted.planned,
        (Reached.PLANNED, True): counted.planned_needed,
        (Reached.HELD, False): counted.held,
        (Reached.HELD, True): counted.held_needed,
    }
    needing = len(counted.units) - exempt
    return TargetState(
        *said, numbers[measure.reached, measure.where_needed] if needing else None, needing or None
    )
