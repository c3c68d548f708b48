"""Reading surveys: who is asked, and what people want to learn, by topic and unit, each person once.

A unit may answer by its people and by a figure of its own. That figure is the unit's total, those included who answered
themselves; so of the two the larger holds, and they are never added.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

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


def surveys_of(seat: Seat) -> QuerySet[Survey]:
    """Surveys that the seat's unit is asked in, and those of units that it reaches; the newest first."""
    paths = Subordination.objects.filter(unit=seat.unit_id, valid__contains=clock.today())
    above = {
        int(part, 36) for path in paths.values_list("path", flat=True) for part in path.split(".") if part
    }
    seen = Q(unit__in=above | {seat.unit_id}) | Q(unit__in=org_rules.reachable_ids(seat))
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
    SELECT part, unit_id FROM under WHERE unit_id IN (SELECT unit_id FROM under WHERE part = %(root)s)
),
answers AS MATERIALIZED (
    SELECT need.id, unit_id, topic_id, people, coalesce(person.merged_into_id, person.id) AS who
    FROM activities_need need LEFT JOIN people_person person ON person.id = need.person_id
    WHERE survey_id = %(survey)s
),
once AS MATERIALIZED (
    SELECT DISTINCT ON (who, topic_id) who, topic_id, unit_id FROM answers WHERE who IS NOT NULL ORDER BY who, topic_id, id
),
by_unit AS (
    SELECT unit_id, topic_id, greatest(count(who), max(people)) AS people
    FROM (
        SELECT unit_id, topic_id, who, NULL::int AS people FROM once
        UNION ALL SELECT unit_id, topic_id, NULL, people FROM answers WHERE who IS NULL
    ) AS said
    GROUP BY unit_id, topic_id
),
answered AS (
    SELECT unit_id FROM answers
    UNION SELECT unit_id FROM activities_exemption WHERE year = %(year)s AND topic_id IS NULL
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
    rows = [Asked(0, part, day) for part in {*parts, survey.unit_id}]
    given: dict[str, Any] = {
        "asked": asked(rows),
        "root": survey.unit_id,
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
