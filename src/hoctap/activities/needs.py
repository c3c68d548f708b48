"""Reading surveys: who is asked, and what people want to learn, by topic and unit, each person once.

A unit may answer by its people and by a figure of its own. That figure is the unit's total, those included who answered
themselves; so of the two the larger holds, and they are never added.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from hoctap.activities.models import Need, Survey, Topic
from hoctap.kernel import clock
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Subordination, Unit
from hoctap.orgs.under import UNDER, Asked, asked


def is_open(survey: Survey) -> bool:
    return clock.today() <= survey.ends_on


def day_of(survey: Survey) -> date:
    """Whose tree is asked: of the last day, or of today while it runs."""
    return min(survey.ends_on, clock.today())


def asked_units(survey: Survey) -> QuerySet[Unit]:
    """The units asked, as of its day."""
    return Unit.objects.filter(pk__in=org_rules.ids_under(survey.unit_id, day_of(survey)))


def asks(survey: Survey, unit: Unit) -> bool:
    return unit.pk == survey.unit_id or asked_units(survey).filter(pk=unit.pk).exists()


@dataclass(frozen=True)
class Known:
    """A survey that a seat has to do with. ``is_asked``: whether its unit is; ``bounds``: the asking unit's on its day."""

    survey: Survey
    is_asked: bool
    bounds: Sequence[tuple[str, str]]

    @property
    def units(self) -> QuerySet[Unit]:
        """As ``asked_units``."""
        ids = org_rules.ids_within(self.bounds, self.survey.unit_id, day_of(self.survey))
        return Unit.objects.filter(pk__in=ids)


def known(seat: Seat, pk: int) -> Known | None:
    """One of ``surveys_of``, in two queries."""
    survey = Survey.objects.select_related("unit").filter(pk=pk).first()
    if survey is None:
        return None
    day, today = day_of(survey), clock.today()
    rows = Subordination.objects.filter(
        Q(valid__contains=today) | Q(valid__contains=day), unit__in=[seat.unit_id, survey.unit_id]
    )
    paths: dict[tuple[int, date], dict[str, str]] = defaultdict(dict)
    for row in rows:
        for on in {day, today}:
            if on in row.valid:
                paths[row.unit_id, on][row.line] = row.path
    own, its = paths[seat.unit_id, today], paths[survey.unit_id, today]
    near = any(
        own[line].startswith(its[line]) or its[line].startswith(own[line]) for line in own.keys() & its.keys()
    )
    own, its = paths[seat.unit_id, day], paths[survey.unit_id, day]
    under = any(own[line].startswith(its[line]) for line in own.keys() & its.keys())
    is_own = seat.unit_id == survey.unit_id
    return Known(survey, is_own or under, [*its.items()]) if is_own or near else None


def surveys_of(seat: Seat) -> QuerySet[Survey]:
    """Surveys that the seat's unit is asked in, and those of units that it reaches; the newest first."""
    own = RawSQL("SELECT %s::bigint AS unit_id", [seat.unit_id])
    above = org_rules.ids_at_or_above(own, [clock.today()])
    seen = Q(unit__in=above) | Q(unit__in=org_rules.reachable_ids(seat))
    return Survey.objects.filter(seen).select_related("unit").order_by("-year", "-pk")


@dataclass(frozen=True)
class Wanted:
    """Of one unit and all under it: how many units are asked and have answered; by topic how many people.

    ``people`` {topic id: people}; a topic that nobody said anything of is absent, 0 was said. ``persons``: distinct persons
    who answered themselves. Units without need (exempt for the whole year) have answered.
    """

    units: int
    answered: int
    persons: int
    people: dict[int, int]


_WANTED = f"""
WITH {UNDER},
members AS MATERIALIZED (
    SELECT under.part, under.unit_id FROM under
    WHERE under.unit_id = %(root)s OR EXISTS (
        SELECT FROM orgs_subordination top
        JOIN orgs_subordination below ON below.unit_id = under.unit_id AND below.line = top.line
            AND below.valid @> %(day)s::date AND below.path > top.path AND below.path < top.path || '{{'
        WHERE top.unit_id = %(root)s AND top.valid @> %(day)s::date)
),
answers AS MATERIALIZED (
    SELECT unit_id, topic_id, people, person_id FROM activities_need
    WHERE survey_id = %(survey)s AND unit_id IN (SELECT unit_id FROM members)
),
asking AS MATERIALIZED (
    SELECT DISTINCT coalesce(person.merged_into_id, person.id) AS who
    FROM answers JOIN people_person person ON person.id = answers.person_id
),
known AS MATERIALIZED (
    SELECT who, who AS person_id FROM asking
    UNION ALL SELECT asking.who, other.id FROM asking JOIN people_person other ON other.merged_into_id = asking.who
),
once AS MATERIALIZED (  -- wherever in the survey
    SELECT DISTINCT ON (known.who, need.topic_id) known.who, need.topic_id, need.unit_id
    FROM known JOIN activities_need need ON need.person_id = known.person_id AND need.survey_id = %(survey)s
    ORDER BY known.who, need.topic_id, need.id
),
by_unit AS (
    SELECT unit_id, topic_id, greatest(count(who), max(people)) AS people
    FROM (
        SELECT unit_id, topic_id, who, NULL::int AS people FROM once
        UNION ALL SELECT unit_id, topic_id, NULL, people FROM answers WHERE person_id IS NULL
    ) AS said
    GROUP BY unit_id, topic_id
),
answered AS (
    SELECT unit_id FROM answers
    UNION SELECT unit_id FROM activities_exemption
    WHERE year = %(year)s AND topic_id IS NULL AND unit_id IN (SELECT unit_id FROM members)
)
SELECT
    parts.part, parts.units, parts.answered,
    (SELECT count(DISTINCT who) FROM once JOIN members USING (unit_id) WHERE members.part = parts.part),
    (
        SELECT jsonb_object_agg(topic_id, people)
        FROM (
            SELECT topic_id, sum(people) AS people FROM by_unit JOIN members USING (unit_id)
            WHERE members.part = parts.part GROUP BY topic_id
        ) AS sums
    )
FROM (
    SELECT part, count(*) AS units, count(answered.unit_id) AS answered
    FROM members LEFT JOIN answered USING (unit_id) GROUP BY part
) AS parts
"""


def wanted(survey: Survey, parts: Iterable[int]) -> dict[int, Wanted]:
    """``Wanted`` of each unit, by its id, with those under it that are asked; one statement however many. A unit that is not
    asked, and has none under it that is, is left out."""
    day = day_of(survey)
    rows = [Asked(0, part, day) for part in {*parts}]
    given: dict[str, Any] = {
        "asked": asked(rows),
        "root": survey.unit_id,
        "day": day,
        "survey": survey.pk,
        "year": survey.year,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, given)
        found = cursor.fetchall()
    return {
        part: Wanted(
            units, answered, persons, {int(topic): n for topic, n in json.loads(people or "{}").items()}
        )
        for part, units, answered, persons, people in found
    }


def askers(survey: Survey, topic: Topic, unit_id: int) -> list[Need]:
    """Persons of a unit and under it who want the topic, each once, by name: for its list. Erased ones are left out."""
    return list(
        Need.objects.filter(
            survey=survey,
            topic=topic,
            person__isnull=False,
            person__merged_into=None,
            person__erased_at=None,
            unit__in=org_rules.ids_under(unit_id, day_of(survey)),
        )
        .select_related("person")
        .order_by("person__sort_key", "person_id", "pk")
        .distinct("person__sort_key", "person_id")
    )
