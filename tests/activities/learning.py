"""Quick deeds and people for the tests of needs, shares and targets."""

from collections.abc import Sequence
from datetime import date, datetime, time

from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.activities.actions.recording import ActivityData, SessionData, record_activity
from hoctap.activities.enums import MarkWay, Part, SessionState
from hoctap.activities.models import Activity, ActivityKind, Attendance, Topic
from hoctap.kernel import clock
from hoctap.orgs.enums import Role, Standing
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.people.actions import add_person
from hoctap.people.models import Person
from tests.cast import SINCE


def at(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), clock.VIETNAM)


def person(name: str, unit: Unit, standing: Standing = Standing.WORKER, since: date = SINCE, until=None):
    made = add_person(full_name=name, birth_year=1980)
    Membership.objects.create(person=made, unit=unit, standing=standing, valid=DateRange(since, until))
    return made


def topic(code: str) -> Topic:
    return Topic.objects.get(code=code)


def seat_at(unit: Unit) -> Seat:
    """Any seat of the unit, only to say by whom."""
    return Seat.objects.filter(unit=unit, role=Role.OFFICER).first() or Seat.objects.first()


def held(
    host: Unit,
    on: date,
    came: Sequence[Person] = (),
    *,
    kind: str = "class.it",
    about: str | None = "it",
    unnamed: int = 0,
    seat: Seat | None = None,
    part: Part = Part.LEARNER,
    state: SessionState = SessionState.HELD,
) -> Activity:
    """One session of an activity with these people at it."""
    seat = seat or Seat(unit=host, role=Role.OFFICER, user=Seat.objects.first().user)
    if seat.pk is None:
        seat.pk = Seat.objects.first().pk
    made = record_activity(
        seat=seat,
        host=host,
        data=ActivityData(
            kind=ActivityKind.objects.get(code=kind),
            name=f"Lớp {kind} {on}",
            sessions=[SessionData(at(on))],
            topic=topic(about) if about else None,
        ),
    )
    session = made.sessions.get()
    session.state, session.unnamed = state, unnamed
    session.save()
    Attendance.objects.bulk_create(
        Attendance(session=session, person=p, part=part, way=MarkWay.NAME, at=at(on), seat=None) for p in came
    )
    return made
