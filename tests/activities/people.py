"""A class of some people, for the tests of registration and attendance."""

from datetime import date, datetime

from hoctap.activities.actions import SessionData, record_activity
from hoctap.activities.actions.registering import register
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Activity, Attendance
from hoctap.orgs.actions.memberships import join
from hoctap.orgs.enums import Standing
from hoctap.people.actions import add_person
from hoctap.people.models import Person
from tests.activities.conftest import at, said

NAMES = ["Bùi Thị Lan", "Đoàn Văn Hải", "Huỳnh Ngọc Diệp", "Lê Quang Vinh", "Phạm Thị Út", "Trần Ngọc Ẩn"]


def resident(cast, name: str, **more) -> Person:
    """Somebody of Phường 1."""
    person = add_person(full_name=name, seat=cast.p1_officer, **more)
    join(
        seat=cast.p1_officer, person=person, unit=cast.p1, standing=Standing.RESIDENT, since=date(2023, 1, 1)
    )
    return person


def class_of(cast, names=NAMES, **more) -> tuple[Activity, list[Person]]:
    """An evening of Phường 1 at 18:30 on 07/10/2023, with these people on its list."""
    data = said("Tin học cho người lớn", "class.it", SessionData(at(7), at(7, 20)), **more)
    activity = record_activity(seat=cast.p1_officer, host=cast.p1, data=data)
    people = [resident(cast, name) for name in names]
    for person in people:
        register(seat=cast.p1_officer, activity=activity, person=person)
    return activity, people


def tick(person: Person, when: datetime, present: bool = True, **more) -> MarkData:
    return MarkData(at=when, person=person.pk, present=present, **more)


def who_came(session) -> list[str]:
    rows = Attendance.objects.filter(session=session, present=True).order_by("person__sort_key")
    return list(rows.values_list("person__full_name", flat=True))
