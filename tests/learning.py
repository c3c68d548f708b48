"""People who learn, and classes held for them, as the tests of records and certificates need them."""

import secrets
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from hoctap.activities.actions import ActivityData, SessionData, record_activity
from hoctap.activities.enums import MarkWay, Part
from hoctap.activities.models import Activity, Attendance, Session
from hoctap.activities.queries import kind
from hoctap.kernel import clock
from hoctap.orgs.actions.memberships import join
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Seat, Unit
from hoctap.people.actions import add_person
from hoctap.people.models import Card, Person
from tests.cast import SINCE

FIRST_DAY = datetime(2023, 10, 2, 8, 0, tzinfo=clock.VIETNAM)
PIN = "246810"


def learner(unit: Unit, name: str, birth_year: int | None = 1985) -> Person:
    person = add_person(full_name=name, birth_year=birth_year)
    join(seat=None, person=person, unit=unit, standing=Standing.WORKER, since=SINCE)
    return person


def held_class(
    seat: Seat,
    sessions: int = 3,
    *,
    name: str = "Lớp kỹ năng số",
    hours: float | None = 2,
    host: Unit | None = None,
    start: datetime = FIRST_DAY,
    whole_day: bool = False,
) -> Activity:
    """A class of so many sessions, one a day, all held; ``hours`` None: nobody wrote when they ended."""
    data = ActivityData(
        kind=kind("class.it"),
        name=name,
        sessions=[
            SessionData(
                starts_at=start + timedelta(days=n),
                ends_at=start + timedelta(days=n, hours=hours) if hours else None,
                whole_day=whole_day,
                held=True,
            )
            for n in range(sessions)
        ],
    )  # fmt: skip
    return record_activity(seat=seat, host=host or seat.unit, data=data)


def sessions_of(activity: Activity) -> list[Session]:
    return list(activity.sessions.order_by("starts_at"))


def attend(activity: Activity, person: Person, count: int | None = None, part: Part = Part.LEARNER) -> None:
    """At the first so many sessions (all)."""
    Attendance.objects.bulk_create(
        Attendance(session=session, person=person, part=part, way=MarkWay.NAME, at=session.starts_at)
        for session in sessions_of(activity)[:count]
    )


def card(person: Person, pin: str = PIN) -> Card:
    return Card.objects.create(person=person, token=secrets.token_hex(16), pin=make_password(pin))


DAY = date(2023, 10, 20)
