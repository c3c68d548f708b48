"""Counts over so many units that no page waits for them: asked for by somebody, counted in the background, kept with the
time, counted again each night for thirty days after somebody asked.

A question is a text: ``survey 17``, or ``trained`` with what a ``Question`` names but its part.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, astuple, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, Q

from hoctap.activities.models import Reckoning, Survey
from hoctap.activities.needs import Wanted, wanted
from hoctap.activities.needs import day_of as survey_day
from hoctap.activities.shares import Learning, Part, Question, Share, day_of, parts, shares
from hoctap.kernel import clock
from hoctap.orgs import rules as org_rules
from hoctap.orgs.models import Seat, Subordination, Unit
from hoctap.orgs.under import WIDE

LIVE = 300  # so many units under one are counted while a page is read
KEPT = timedelta(days=30)  # since somebody asked
FRESH = timedelta(minutes=5)  # since it was counted


@dataclass(frozen=True)
class Trained:
    """Of one question about a unit and all under it."""

    share: Share
    kinds: list[Part]
    topics: list[Part]
    counted_at: datetime


def about_trained(question: Question) -> str:
    learning = question.learning
    said = [question.year, question.groups, learning.families, learning.kinds, learning.topics]
    return "trained " + json.dumps(said, separators=(",", ":"))


def about_survey(survey: Survey) -> str:
    return f"survey {survey.pk}"


def trained(
    question: Question, units: Collection[int], years: Iterable[int]
) -> dict[int, dict[int, Trained | None]]:
    """Of those of the units that are wide: what is kept of the question in these years, by year; null: nothing."""
    abouts = {about_trained(replace(question, year=year)): year for year in years}
    return {
        unit: {year: _trained(*kept[about]) if about in kept else None for about, year in abouts.items()}
        for unit, kept in _wide(units, day_of(question.year), abouts).items()
    }


def surveyed(survey: Survey, units: Collection[int]) -> dict[int, tuple[Wanted, datetime] | None]:
    """Of those of the units that are wide: what is kept of the survey under them, and since when; null: nothing."""
    about = about_survey(survey)
    found = _wide(units, survey_day(survey), [about])
    return {unit: _wanted(*kept[about]) if kept else None for unit, kept in found.items()}


_KEPT = f"""
SELECT unit, kept.about, kept.answer, kept.counted_at FROM unnest(%(units)s::bigint[]) AS asked(unit)
LEFT JOIN activities_reckoning kept
    ON kept.unit_id = unit AND kept.about = ANY(%(abouts)s) AND jsonb_typeof(kept.answer) = 'object'
WHERE {WIDE}
"""


def _wide(
    units: Collection[int], day: date, abouts: Iterable[str]
) -> dict[int, dict[str, tuple[dict, datetime]]]:
    given: dict[str, Any] = {"units": [*units], "abouts": [*abouts], "day": day, "most": LIVE}
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, given)
        rows = cursor.fetchall()
    found: dict[int, dict[str, tuple[dict, datetime]]] = {unit: {} for unit, *_ in rows}
    for unit, about, answer, counted_at in rows:
        if about:
            found[unit][about] = json.loads(answer), counted_at
    return found


def _trained(said: dict, counted_at: datetime) -> Trained:
    kinds, topics = ([Part(*part) for part in said[name]] for name in ("kinds", "topics"))
    # Counted before ``complete`` was kept: as it was said then, until the next night.
    share = {"complete": said["share"]["declared"]} | said["share"]
    return Trained(Share(**share), kinds, topics, counted_at)


def _wanted(said: dict, counted_at: datetime) -> tuple[Wanted, datetime]:
    return Wanted(**said | {"people": {int(topic): n for topic, n in said["people"].items()}}), counted_at


def ask(*, seat: Seat, unit: Unit, abouts: Collection[str]) -> None:
    """Have these counted soon, of the unit and of the wide ones right under it; not again what has just been counted.
    Refusal out of the seat's reach."""
    org_rules.require_reach(seat, unit)
    now = clock.now()
    asked: list[Reckoning] = []
    for about in abouts:
        day = _day(about)
        below = Subordination.objects.filter(parent=unit, valid__contains=day).values_list("unit", flat=True)
        units = {unit.pk, *_wide([*below], day, [])}
        fresh = Reckoning.objects.filter(unit__in=units, about=about, counted_at__gt=now - FRESH)
        due = units - {*fresh.values_list("unit", flat=True)}
        asked += [Reckoning(unit_id=pk, about=about, asked_at=now) for pk in sorted(due)]
    Reckoning.objects.bulk_create(
        asked, update_conflicts=True, unique_fields=["unit", "about"], update_fields=["asked_at"]
    )


def count_asked() -> int:
    """Count what was asked for and not counted since; how many."""
    done = 0
    waiting = Reckoning.objects.filter(Q(counted_at=None) | Q(counted_at__lt=F("asked_at")))
    while row := waiting.order_by("asked_at", "pk").first():
        _count(row)
        done += 1
    return done


def count_again() -> None:
    """Each night: those that somebody asked for not long ago; older ones go."""
    Reckoning.objects.filter(asked_at__lt=clock.now() - KEPT).delete()
    for row in Reckoning.objects.order_by("pk").iterator():
        _count(row)


def _count(row: Reckoning) -> None:
    now = clock.now()
    survey, question = _read(row)
    if survey:
        total = wanted(survey, [row.unit_id]).get(row.unit_id)
        answer = asdict(total) if total else None
    elif question:
        kinds, topics = parts(question)
        lists = {"kinds": [astuple(part) for part in kinds], "topics": [astuple(part) for part in topics]}
        answer = {"share": asdict(shares([question])[0]), **lists}
    else:
        answer = None
    Reckoning.objects.filter(pk=row.pk).update(answer=answer, counted_at=max(now, row.asked_at))


def _read(row: Reckoning) -> tuple[Survey | None, Question | None]:
    """What it asks; a survey that is gone asks nothing."""
    kind, text = row.about.split(" ", 1)
    if kind == "survey":
        return Survey.objects.filter(pk=int(text)).first(), None
    year, groups, families, kinds, topics = json.loads(text)
    learning = Learning(tuple(families), tuple(kinds), tuple(topics))
    return None, Question(year, learning, tuple(groups), row.unit_id)


def _day(about: str) -> date:
    """Whose tree it is about."""
    survey, question = _read(Reckoning(about=about))
    if survey:
        return survey_day(survey)
    return day_of(question.year) if question else clock.today()
