"""The activities of a unit, for what its pages cost: so many over three years, one of them with everything on it.

Rows as the actions leave them, by bulk; the same for the same numbers.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from hoctap.activities.enums import CostSource, EvidenceKind, MarkWay, Opening, SessionState
from hoctap.activities.models import (
    Activity,
    ActivityKind,
    Attendance,
    CoHost,
    Cost,
    Evidence,
    Partner,
    Registration,
    Session,
    Topic,
)
from hoctap.kernel import clock
from hoctap.kernel.models import StoredFile
from hoctap.kernel.vietnamese import fold, sort_key
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Membership, Seat, Unit
from hoctap.people.models import Person

PEOPLE, SESSIONS, PHOTOS = 40, 10, 12  # of the full one
_DAYS = 1000
_NAMES = ("Tin học cho người lớn", "Nói chuyện về học tập suốt đời", "Sinh hoạt câu lạc bộ đọc sách", "Hội thi kể chuyện",
    "Tập huấn kỹ năng số", "Tuyên truyền phòng, chống tệ nạn")  # fmt: skip


@dataclass
class Deeds:
    """``full``: an open class of PEOPLE people, SESSIONS sessions, the last of them ``today``, and PHOTOS photos; ``below``:
    one of a unit below."""

    full: Activity
    today: Session
    below: Activity


def write(seat: Seat, below: list[Unit], count: int) -> Deeds:
    """``count`` activities of the seat's unit and as many of units below it."""
    kinds = list(ActivityKind.objects.filter(with_people=True))
    hosts = [seat.unit] * count + [below[n % len(below)] for n in range(count)]
    activities = Activity.objects.bulk_create(
        (_activity(seat, host, kinds[n % len(kinds)], n) for n, host in enumerate(hosts)), batch_size=1000
    )
    people = _people(seat.unit, 300)
    rng = random.Random(count)
    sessions = Session.objects.bulk_create(
        (_session(one, day) for one in activities for day in (0, 7)), batch_size=1000
    )
    Attendance.objects.bulk_create(
        (_attendance(one, who) for one in sessions for who in rng.sample(people, 3)), batch_size=5000
    )
    full, today = _full(seat, kinds[0], people[:PEOPLE], below[0])
    return Deeds(full, today, activities[-1])


def _activity(seat: Seat, host: Unit, kind: ActivityKind, n: int) -> Activity:
    day, name = clock.today() - timedelta(days=n * 7 % _DAYS - 30), f"{_NAMES[n % len(_NAMES)]} {n}"
    return Activity(
        host=host, kind=kind, name=name, name_folded=fold(name), token=uuid.uuid4(), made_by=seat,
        starts_on=day, ends_on=day + timedelta(days=7),
    )  # fmt: skip


def _session(activity: Activity, later: int) -> Session:
    starts_at = clock.start_of(activity.starts_on) + timedelta(days=later, hours=18)
    held = starts_at < clock.now()
    return Session(
        activity=activity, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2), place="Hội trường",
        state=SessionState.HELD if held else SessionState.PLANNED, unnamed=12 if held else 0,
        code="ABCDEF", secret=uuid.uuid4().hex,
    )  # fmt: skip


def _attendance(session: Session, person: Person) -> Attendance:
    return Attendance(session=session, person=person, way=MarkWay.NAME, at=session.starts_at)


def _people(unit: Unit, count: int) -> list[Person]:
    names = [f"Nguyễn Thị Học {n}" for n in range(count)]
    people = Person.objects.bulk_create(
        Person(full_name=name, name_folded=fold(name), sort_key=sort_key(name), birth_year=1960 + n % 40)
        for n, name in enumerate(names)
    )
    valid = DateRange(clock.today() - timedelta(days=_DAYS), None)
    Membership.objects.bulk_create(
        Membership(person=one, unit=unit, standing=Standing.WORKER, valid=valid) for one in people
    )
    return people


def _full(seat: Seat, kind: ActivityKind, people: list[Person], other: Unit) -> tuple[Activity, Session]:
    today, name = clock.today(), "Lớp kỹ năng số cho công nhân"
    activity = Activity.objects.create(
        host=seat.unit, kind=kind, name=name, name_folded=fold(name), topic=Topic.objects.first(),
        opening=Opening.PUBLIC, capacity=PEOPLE + 5, token=uuid.uuid4(), made_by=seat,
        starts_on=today - timedelta(days=SESSIONS - 1), ends_on=today,
        description="Mười buổi tối, học trên máy của lớp.",
    )  # fmt: skip
    CoHost.objects.create(activity=activity, unit=other)
    Partner.objects.create(activity=activity, name="Trường Cao đẳng Nghề", kind="university")
    Cost.objects.create(activity=activity, source=CostSource.STATE, amount=12_500_000)
    Registration.objects.bulk_create(_places(activity, people))
    sessions = [_session(activity, day) for day in range(SESSIONS)]
    sessions[-1].starts_at, sessions[-1].ends_at = clock.now() - timedelta(minutes=30), None
    sessions[-1].self_check_in = True
    Session.objects.bulk_create(sessions)
    Attendance.objects.bulk_create(_attendance(one, who) for one in sessions for who in people)
    file, _ = StoredFile.objects.get_or_create(sha256="0" * 64, defaults={"size": 200_000})
    Evidence.objects.bulk_create(
        Evidence(activity=activity, kind=EvidenceKind.PHOTO, file=file, token=uuid.uuid4(), seat=seat)
        for _ in range(PHOTOS)
    )
    return activity, sessions[-1]


def _places(activity: Activity, people: list[Person]) -> Iterator[Registration]:
    for one in people:
        yield Registration(activity=activity, person=one, unit_id=activity.host_id, token=uuid.uuid4().hex)
