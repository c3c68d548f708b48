"""What deeds say of one report: a unit with 2,000 activities in the round, as its page, and its sending, count them.

Each activity has two sessions; people come by name, some to several, others as head counts. ``read``: as the system has
them, counted by its hourly job but for ten where somebody was marked since; ``uncounted``: before that job ever ran.
``none``: a unit that has no deeds, among as many of others. Every act is done as in a request, on a warm connection.
Processor time is that of this process and of the database's process that answers it.
"""

from __future__ import annotations

import argparse
import random
import uuid
from datetime import date, datetime, timedelta

DATABASE = True
MOST = 20.0  # milliseconds of processor


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--activities", type=int, default=2000, help="of the unit, in the round")
    parser.add_argument("--named", type=int, default=3, help="people by name at each session")
    parser.add_argument("--people", type=int, default=3000, help="who they are, over all activities")
    parser.add_argument("--times", type=int, default=40)


def run(options: argparse.Namespace) -> dict:
    """``ok``: the median of reading stays within MOST."""
    from bench.meter import Costs, Meter, median, p95
    from hoctap.activities.tallies import count_missing
    from hoctap.forms.queries import version_spec
    from hoctap.reports.deeds import of_report

    filled, empty = _world(options)
    spec = version_spec(filled.round.form_version_id)
    found = {}
    for name, obligation in (("uncounted", filled), ("read", filled), ("none", empty)):
        if name == "read":
            count_missing()
            _mark_again(filled.unit, 10)
            _analyze()
        meter, costs = Meter(), Costs()
        for _ in range(8):
            of_report(obligation, spec)
        for _ in range(options.times):
            meter(lambda one=obligation: of_report(one, spec), costs)
        found[name] = {
            "web, ms": median(costs.web),
            "database, ms": median(costs.database),
            "both, ms": median(costs.both()),
            "both p95, ms": p95(costs.both()),
        }
    cells = of_report(filled, spec).cells
    return {
        "activities": options.activities,
        "attendances": options.activities * 2 * options.named,
        "people": cells[1].value,
        **found,
        "goal": f"both at most {MOST} ms",
        "ok": found["read"]["both, ms"] <= MOST,
    }


def _world(options: argparse.Namespace):
    """Two wards under an office, each with its obligation; all activities are the first one's or other units'."""
    from hoctap.cli.demo.play import Story, make_world, moment
    from hoctap.kernel import clock
    from hoctap.obligations.models import Obligation

    with clock.frozen(moment("02/10 08:00")):
        story = Story(make_world())
    story.play("02/10 15:10 open")
    world = story.world
    _record(options, world, world.units["p1-q3"])
    _record(options, world, world.units["ubnd-hcm"])
    _analyze()
    ready = Obligation.objects.select_related("round", "unit")
    return tuple(ready.get(pk=story.owed[code].pk) for code in ("p1-q3", "p2-q3"))


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _mark_again(host, activities: int) -> None:
    from hoctap.activities.models import Attendance

    for mark in Attendance.objects.filter(session__activity__host=host).order_by("pk")[: activities * 6 : 6]:
        mark.save(update_fields=["present"])


def _record(options: argparse.Namespace, world, host) -> None:
    """Rows as the actions leave them, by bulk."""
    from hoctap.activities.enums import MarkWay, SessionState
    from hoctap.activities.models import Activity, ActivityKind, Attendance, Session
    from hoctap.kernel.clock import VIETNAM
    from hoctap.people.models import Person

    rng, seat = random.Random(host.pk), world.officer("p1-q3")
    kinds = [kind for kind in ActivityKind.objects.all() if kind.with_people]
    persons = Person.objects.bulk_create(
        Person(full_name=f"Người {n}", name_folded=f"nguoi {n}", sort_key=f"{n}")
        for n in range(options.people)
    )
    activities = Activity.objects.bulk_create(
        Activity(
            host=host, kind=kinds[n % len(kinds)], name=f"Hoạt động {n}", token=uuid.uuid4(), made_by=seat,
            starts_on=date(2023, 10, 2), ends_on=date(2023, 10, 3), made_at=datetime(2023, 10, 4, tzinfo=VIETNAM),
        )
        for n in range(options.activities)
    )  # fmt: skip
    start = datetime(2023, 10, 2, 8, tzinfo=VIETNAM)
    sessions = Session.objects.bulk_create(
        Session(
            activity=activity, starts_at=start + timedelta(days=day), state=SessionState.HELD,
            unnamed=rng.randint(0, 40), code="ABCDEF", secret=uuid.uuid4().hex,
        )
        for activity in activities
        for day in (0, 1)
    )  # fmt: skip
    Attendance.objects.bulk_create(
        [
            Attendance(session=session, person=person, way=MarkWay.ALL, at=session.starts_at)
            for session in sessions
            for person in rng.sample(persons, options.named)
        ],
        batch_size=5000,
    )
