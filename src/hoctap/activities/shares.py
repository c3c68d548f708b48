"""Tỷ lệ được đào tạo: how many of a unit's people learned in a year, against how many it has.

A person counts once, by any membership that held on the day of a session he or she was at. Where its unit is no more when
the year ends (merged, split, dissolved), the next membership stands for it: the person is in the headcount of that one. Who
has none among the units asked learned elsewhere, as far as they are where that unit stood last. A share is of the units and
groups whose people were counted; who learned elsewhere is told apart, and so are people whom nobody named: they are never
added to persons, because nobody knows whether they are the same.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from hoctap.activities.enums import Family
from hoctap.kernel import clock
from hoctap.orgs.enums import HeadcountGroup, Standing
from hoctap.orgs.under import UNDER, Asked, asked

STANDINGS = {
    Standing.STAFF: HeadcountGroup.WORKERS,
    Standing.WORKER: HeadcountGroup.WORKERS,
    Standing.TEACHER: HeadcountGroup.TEACHERS,
    Standing.MEMBER: HeadcountGroup.MEMBERS,
}
"""To which group of a headcount a person's standing belongs; students and residents belong to none."""

EMPLOYED = (HeadcountGroup.TEACHERS, HeadcountGroup.WORKERS)  # "nhà giáo, người lao động"
BRIEFING = "news.briefing"


@dataclass(frozen=True)
class Learning:
    """Which activities are meant: kinds of these families, and these kinds; of these topics (codes), where any is named."""

    families: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


TRAINING = Learning(families=(Family.CLASS,))
ALL_LEARNING = Learning(families=(Family.CLASS, Family.TALK), kinds=(BRIEFING,))


@dataclass(frozen=True)
class Question:
    """What is asked under one key: a year, learning, groups; over a part with all under it, or exactly these units."""

    year: int
    learning: Learning
    groups: tuple[str, ...]
    part: int = 0
    units: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Share:
    """The answer. ``heads``: people of the ``declared`` of ``units``, which told of any of the groups (null: no unit told; 0
    was told); ``complete`` told of each. ``women`` of them, as told by ``women_units``. ``trained``: distinct persons of
    what was declared; ``elsewhere``: those of units and groups that nobody counted. ``unnamed``: people without a name at
    what these units held, the most of each activity's sessions; ``unnamed_women`` of them, null where nowhere told.
    """

    units: int
    declared: int
    complete: int
    heads: int | None
    women: int | None
    women_units: int
    trained: int
    elsewhere: int
    unnamed: int
    unnamed_women: int | None

    @property
    def percent(self) -> float | None:
        """Null where there is nobody to be a share of."""
        return self.trained * 100 / self.heads if self.heads else None

    @property
    def is_over(self) -> bool:
        """More learned than there are: the headcount is of one day, persons came and went all year."""
        return bool(self.heads is not None and self.trained > self.heads)


@dataclass(frozen=True)
class Part:
    """Of one question the persons who learned under one kind or topic, by its name; empty: no topic."""

    name: str
    trained: int
    elsewhere: int


def day_of(year: int) -> date:
    """The day whose headcounts and tree hold for a year: its last, or today while it runs."""
    return min(date(year, 12, 31), clock.today())


# Of a question, what of that which a person was at it asks for.
_ASKED = """
    FROM question
    JOIN was ON was.starts_at >= question.first AND was.starts_at < question.past
        AND (was.family = ANY(question.families) OR was.kind = ANY(question.kinds))
        AND (cardinality(question.topics) = 0 OR was.topic = ANY(question.topics))
"""

# gone: units dissolved in the year, under the part where they stood last; their people may have learned elsewhere by now.
# ended: memberships in units that are no more. successor: the next in units that stand; all that begin on one day.
_CAME = f"""
WITH {UNDER},
question AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(questions)s::jsonb) AS given(
        key bigint, day date, first timestamptz, past timestamptz,
        families text[], kinds text[], topics text[], groups text[]
    )
),
latest AS MATERIALIZED (
    SELECT DISTINCT ON (member.key, member.unit_id, counted.group) member.key, member.unit_id, counted.group AS grp,
        counted.total, counted.women
    FROM (SELECT DISTINCT key, unit_id FROM under) AS member
    JOIN question USING (key)
    JOIN orgs_headcount counted ON counted.unit_id = member.unit_id AND counted.on <= question.day
        AND counted.group = ANY(question.groups) AND counted.trade = ''
    ORDER BY member.key, member.unit_id, counted.group, counted.on DESC
),
gone AS MATERIALIZED (
    SELECT DISTINCT asked.key, asked.part, unit.id AS unit_id
    FROM asked
    JOIN orgs_subordination above ON above.unit_id = asked.part
    JOIN orgs_subordination below ON below.line = above.line
        AND below.path >= above.path AND below.path < above.path || '{{'
        AND upper(below.valid) > date_trunc('year', asked.day)::date AND upper(below.valid) <= asked.day
        AND lower(above.valid) < upper(below.valid) AND coalesce(upper(above.valid) >= upper(below.valid), true)
    JOIN orgs_unit unit ON unit.id = below.unit_id AND unit.dissolved_on = upper(below.valid)
    WHERE asked.units IS NULL
),
among AS MATERIALIZED (SELECT key, part, unit_id FROM under UNION ALL SELECT key, part, unit_id FROM gone),
standing AS MATERIALIZED (
    SELECT * FROM unnest(%(standings)s::text[], %(of_groups)s::text[]) AS given(standing, grp)
),
belonging AS MATERIALIZED (
    SELECT membership.unit_id, membership.valid, standing.grp, coalesce(person.merged_into_id, person.id) AS who
    FROM orgs_membership membership
    JOIN standing USING (standing)
    JOIN people_person person ON person.id = membership.person_id
    WHERE membership.unit_id IN (SELECT unit_id FROM among)
),
known AS MATERIALIZED (
    SELECT DISTINCT who, who AS person_id FROM belonging
    UNION SELECT belonging.who, other.id FROM belonging JOIN people_person other ON other.merged_into_id = belonging.who
),
was AS MATERIALIZED (
    SELECT known.who, (session.starts_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day, session.starts_at,
        activity.kind_id, activity.topic_id, kind.family, kind.code AS kind, topic.code AS topic
    FROM known
    JOIN activities_attendance attendance ON attendance.person_id = known.person_id
        AND attendance.present AND attendance.part = 'learner'
    JOIN activities_session session ON session.id = attendance.session_id AND session.state = 'held'
    JOIN activities_activity activity ON activity.id = session.activity_id
        AND activity.cancelled_at IS NULL AND NOT activity.is_template
    JOIN activities_activitykind kind ON kind.id = activity.kind_id
    LEFT JOIN activities_topic topic ON topic.id = activity.topic_id
),
ended AS MATERIALIZED (
    SELECT known.who, standing.grp, unit.dissolved_on, lower(membership.valid) AS since,
        least(upper(membership.valid), unit.dissolved_on) AS until
    FROM orgs_unit unit
    JOIN orgs_membership membership ON membership.unit_id = unit.id
    JOIN standing USING (standing)
    JOIN known ON known.person_id = membership.person_id
    WHERE unit.dissolved_on > (SELECT date_trunc('year', min(day))::date FROM question)
),
successor AS MATERIALIZED (
    SELECT asking.day, asking.groups, ended.who, ended.since, ended.until, membership.unit_id, standing.grp,
        rank() OVER (PARTITION BY asking.day, asking.groups, ended.who, ended.until ORDER BY lower(membership.valid)) AS turn
    FROM (SELECT DISTINCT day, groups FROM question) AS asking
    JOIN ended ON ended.dissolved_on > date_trunc('year', asking.day)::date AND ended.dissolved_on <= asking.day
        AND ended.grp = ANY(asking.groups)
    JOIN known ON known.who = ended.who
    JOIN orgs_membership membership ON membership.person_id = known.person_id
        AND lower(membership.valid) >= ended.until AND lower(membership.valid) <= asking.day
    JOIN standing ON standing.standing = membership.standing AND standing.grp = ANY(asking.groups)
    JOIN orgs_unit unit ON unit.id = membership.unit_id AND coalesce(unit.dissolved_on > asking.day, true)
),
came AS MATERIALIZED (
    SELECT question.key, was.who, belonging.unit_id, belonging.grp, was.kind_id, was.topic_id
    {_ASKED}
    JOIN belonging ON belonging.who = was.who AND lower(belonging.valid) <= was.day
        AND coalesce(upper(belonging.valid) > was.day, true) AND belonging.grp = ANY(question.groups)
    UNION
    SELECT question.key, was.who, successor.unit_id, successor.grp, was.kind_id, was.topic_id
    {_ASKED}
    JOIN among ON among.key = question.key
    JOIN successor ON successor.who = was.who AND successor.unit_id = among.unit_id AND successor.turn = 1
        AND successor.day = question.day AND successor.groups = question.groups
        AND successor.since <= was.day AND successor.until > was.day
),
learned AS MATERIALIZED (
    SELECT among.key, among.part, came.who, came.kind_id, came.topic_id,
        (came.key, came.unit_id, came.grp) IN (SELECT key, unit_id, grp FROM latest) AS declared  -- hashed, as a join is not
    FROM among
    JOIN came ON came.key = among.key AND came.unit_id = among.unit_id
)
"""

_SHARES = f"""
{_CAME},
heads AS (
    SELECT under.key, under.part, count(*) AS units, count(told.unit_id) AS declared,
        count(*) FILTER (WHERE told.groups = cardinality(question.groups)) AS complete,
        sum(told.total) AS heads, sum(told.women) AS women, count(told.women) AS women_units
    FROM under
    JOIN question USING (key)
    LEFT JOIN (
        SELECT key, unit_id, count(*) AS groups, sum(total) AS total, sum(women) AS women FROM latest GROUP BY key, unit_id
    ) AS told ON told.key = under.key AND told.unit_id = under.unit_id
    GROUP BY under.key, under.part
),
persons AS (
    SELECT key, part, count(DISTINCT who) FILTER (WHERE declared) AS trained, count(DISTINCT who) AS everybody
    FROM learned GROUP BY key, part
),
unnamed AS (
    SELECT key, part, sum(most) AS people, sum(women) AS women
    FROM (
        SELECT under.key, under.part, activity.id, max(session.unnamed) AS most,
            (array_agg(session.unnamed_women ORDER BY session.unnamed DESC, session.id))[1] AS women
        FROM under
        JOIN question USING (key)
        JOIN activities_activity activity ON activity.host_id = under.unit_id
            AND activity.cancelled_at IS NULL AND NOT activity.is_template
        JOIN activities_activitykind kind ON kind.id = activity.kind_id
            AND (kind.family = ANY(question.families) OR kind.code = ANY(question.kinds))
        LEFT JOIN activities_topic topic ON topic.id = activity.topic_id
        JOIN activities_session session ON session.activity_id = activity.id AND session.state = 'held'
            AND session.starts_at >= question.first AND session.starts_at < question.past AND session.unnamed > 0
        WHERE cardinality(question.topics) = 0 OR topic.code = ANY(question.topics)
        GROUP BY under.key, under.part, activity.id
    ) AS each
    GROUP BY key, part
)
SELECT heads.key, heads.part, heads.units, heads.declared, heads.complete, heads.heads, heads.women, heads.women_units,
    coalesce(persons.trained, 0), coalesce(persons.everybody - persons.trained, 0),
    coalesce(unnamed.people, 0), unnamed.women
FROM heads
LEFT JOIN persons USING (key, part)
LEFT JOIN unnamed USING (key, part)
ORDER BY heads.key
"""

_PARTS = f"""
{_CAME}
SELECT of, label, count(DISTINCT who) FILTER (WHERE declared),
    count(DISTINCT who) - count(DISTINCT who) FILTER (WHERE declared)
FROM learned
JOIN activities_activitykind kind ON kind.id = kind_id LEFT JOIN activities_topic topic ON topic.id = topic_id
CROSS JOIN LATERAL (VALUES ('kind', kind.name), ('topic', coalesce(topic.name, ''))) AS called(of, label)
GROUP BY of, label ORDER BY of, count(DISTINCT who) DESC, label
"""


def shares(questions: Sequence[Question]) -> list[Share]:
    """The answers in the order of the questions; one statement however many."""
    found = {row[0]: row for row in _rows(_SHARES, questions)}
    return [_share(found[key][2:]) if key in found else _NOBODY for key in range(len(questions))]


_NOBODY = Share(0, 0, 0, None, None, 0, 0, 0, 0, None)


def _share(row: Sequence) -> Share:
    units, declared, complete, heads, women, women_units, *people = row
    trained, elsewhere, unnamed, unnamed_women = people
    return Share(
        units,
        declared,
        complete,
        None if heads is None else int(heads),
        None if women is None else int(women),
        women_units,
        trained,
        elsewhere,
        int(unnamed),
        None if unnamed_women is None else int(unnamed_women),
    )


def parts(question: Question) -> tuple[list[Part], list[Part]]:
    """Persons who learned, by kind of activity and by topic; one who did two kinds is in both."""
    rows = _rows(_PARTS, [question])
    kinds, topics = ([Part(*row[1:]) for row in rows if row[0] == of] for of in ("kind", "topic"))
    return kinds, topics


def _rows(sql: str, questions: Iterable[Question]) -> list[tuple]:
    numbered = list(enumerate(questions))
    below = [Asked(key, q.part, day_of(q.year), q.units) for key, q in numbered]
    asks = [
        {
            "key": key,
            "day": day_of(q.year),
            "first": clock.start_of(date(q.year, 1, 1)),
            "past": clock.start_of(date(q.year, 12, 31) + timedelta(days=1)),
            "groups": list(q.groups),
            **asdict(q.learning),
        }
        for key, q in numbered
    ]
    given: dict[str, Any] = {
        "asked": asked(below),
        "questions": json.dumps(asks, cls=DjangoJSONEncoder),
        "standings": [str(standing) for standing in STANDINGS],
        "of_groups": [str(group) for group in STANDINGS.values()],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()
