"""Deeds for tests: an activity recorded through the action, with people as rows."""

from datetime import date, datetime, time

from hoctap.activities.actions import ActivityData, SessionData, record_activity
from hoctap.activities.enums import MarkWay, Part
from hoctap.activities.models import Activity, Attendance
from hoctap.activities.queries import kind
from hoctap.kernel import clock
from hoctap.orgs.models import Seat, Unit
from hoctap.people.models import Person

DAY = date(2023, 10, 4)
LATER = datetime(2023, 10, 9, 8, 0, tzinfo=clock.VIETNAM)  # when it is written down


def on(day: date, hour: int = 8) -> datetime:
    return datetime.combine(day, time(hour), clock.VIETNAM)


def held(day: date = DAY, unnamed: int = 0, hour: int = 8) -> SessionData:
    return SessionData(on(day, hour), held=True, unnamed=unnamed)


def deed(
    seat: Seat,
    *sessions: SessionData,
    host: Unit | None = None,
    of: str = "class.life-skills",
    name: str = "",
    **data,
) -> Activity:
    """Held once on DAY with nobody counted, unless sessions say otherwise."""
    with clock.frozen(LATER):
        return record_activity(
            seat=seat,
            host=host or seat.unit,
            data=ActivityData(
                kind=kind(of),
                name=name or f"Lớp của {seat.unit.short_name}",
                sessions=sessions or (held(),),
                **data,
            ),
        )


def people(*names: str) -> list[Person]:
    return [Person.objects.create(full_name=n, name_folded=n.lower(), sort_key=n.lower()) for n in names]


def came(
    activity: Activity, *persons: Person, session: int = 0, part: str = Part.LEARNER, present: bool = True
) -> None:
    at = activity.sessions.order_by("starts_at")[session]
    Attendance.objects.bulk_create(
        Attendance(session=at, person=p, part=part, present=present, way=MarkWay.NAME, at=at.starts_at)
        for p in persons
    )
