"""Learning over a wide world: who learned, how many there are, and what people want, at every unit below one."""

import random
import uuid
from datetime import date, datetime, timedelta

from bench.wide import ALWAYS, BATCH, World


def write(made: World) -> tuple[int, str]:
    """A survey's id and token. Of each unit: two headcounts, three persons of whom two came to its one class this year, two
    who answered, and a figure for two topics. Rows as the actions leave them, by bulk."""
    from hoctap.activities.models import Need, Survey, Topic
    from hoctap.kernel import clock
    from hoctap.orgs.enums import HeadcountGroup, Standing
    from hoctap.orgs.models import Headcount, Membership
    from hoctap.people.models import Person

    rng, today, seat = random.Random(5), clock.today(), made.officer
    units = [child.unit_id for child in made.children]
    heads = [
        Headcount(unit_id=unit, on=date(today.year, 1, 1), group=group, total=rng.randint(10, 400), seat=seat)
        for unit in units
        for group in (HeadcountGroup.WORKERS, HeadcountGroup.TEACHERS)
    ]
    Headcount.objects.bulk_create(heads, batch_size=BATCH)
    persons = Person.objects.bulk_create(
        [
            Person(full_name=f"Người {n}", name_folded=f"nguoi {n}", sort_key=f"{n}")
            for n in range(3 * len(units))
        ],
        batch_size=BATCH,
    )
    Membership.objects.bulk_create(
        [
            Membership(person=person, unit_id=units[n // 3], standing=Standing.WORKER, valid=ALWAYS)
            for n, person in enumerate(persons)
        ],
        batch_size=BATCH,
    )
    _hold(made, persons)
    topics = list(Topic.objects.order_by("order"))
    survey = Survey.objects.create(
        unit=made.node.unit, year=today.year, name="Nhu cầu học tập", ends_on=today + timedelta(days=30),
        token=uuid.uuid4().hex, seat=seat,
    )  # fmt: skip
    needs = [
        Need(survey=survey, unit_id=unit, topic=topic, people=rng.randint(0, 30))
        for unit in units
        for topic in rng.sample(topics, 2)
    ]
    needs += [
        Need(survey=survey, unit_id=units[n // 3], topic=rng.choice(topics), person=person)
        for n, person in enumerate(persons)
        if n % 3
    ]
    Need.objects.bulk_create(needs, batch_size=BATCH)
    _reckon(made, survey)
    return survey.pk, survey.token


def _reckon(made: World, survey) -> None:
    """What is asked of so many units was asked for, and counted, before."""
    from hoctap.activities import reckoning
    from hoctap.activities.shares import EMPLOYED, TRAINING, Question
    from hoctap.kernel import clock

    year = clock.today().year
    questions = [Question(one, TRAINING, EMPLOYED) for one in range(year, year - 5, -1)]
    abouts = [reckoning.about_survey(survey), *(reckoning.about_trained(question) for question in questions)]
    reckoning.ask(seat=made.officer, unit=made.node.unit, abouts=abouts)
    reckoning.count_asked()


def _hold(made: World, persons: list) -> None:
    from hoctap.activities.enums import MarkWay, SessionState
    from hoctap.activities.models import Activity, ActivityKind, Attendance, Session
    from hoctap.kernel import clock

    day = clock.today() - timedelta(days=1)
    kinds = list(ActivityKind.objects.filter(family="class"))
    activities = Activity.objects.bulk_create(
        [
            Activity(
                host_id=child.unit_id, kind=kinds[n % len(kinds)], name=f"Lớp {n}", token=uuid.uuid4(),
                made_by=made.officer, starts_on=day, ends_on=day,
            )
            for n, child in enumerate(made.children)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    at = datetime(day.year, day.month, day.day, 8, tzinfo=clock.VIETNAM)
    sessions = Session.objects.bulk_create(
        [
            Session(
                activity=activity, starts_at=at, state=SessionState.HELD, unnamed=n % 20, code="ABCDEF",
                secret=uuid.uuid4().hex,
            )
            for n, activity in enumerate(activities)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, person=persons[3 * n + one], way=MarkWay.ALL, at=at)
            for n, session in enumerate(sessions)
            for one in (0, 1)
        ],
        batch_size=BATCH,
    )
