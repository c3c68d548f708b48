"""A class of the Phòng for people of the schools under it: found, enrolled, marked, each the person she is."""

from datetime import date

import pytest

from hoctap.activities.actions import SessionData, checking_in, record_activity
from hoctap.activities.actions.attendance import let_check_in, mark
from hoctap.activities.actions.registering import register, register_oneself
from hoctap.activities.attending import claimed, listed_for, people_for
from hoctap.activities.enums import MarkWay, Opening, RegistrationState
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Session
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs.actions.memberships import join
from hoctap.orgs.enums import Standing
from hoctap.people.actions import add_person
from hoctap.people.models import Person
from tests.activities.conftest import at, said
from tests.activities.people import tick, who_came

EVENING = at(7, 18, 40)


def of(unit, name: str, **more) -> Person:
    person = add_person(full_name=name, **more)
    join(seat=None, person=person, unit=unit, standing=Standing.WORKER, since=date(2023, 1, 1))
    return person


@pytest.fixture
def evening(week, cast) -> Session:
    data = said("Tập huấn của Phòng", "class.it", SessionData(at(7), at(7, 20)), opening=Opening.UNIT)
    with clock.frozen(EVENING):
        yield record_activity(seat=cast.pgd_officer, host=cast.pgd, data=data).sessions.get()


def names(rows) -> list[str]:
    return [row.full_name for row in rows]


def test_the_host_adds_people_of_the_units_under_it(evening, cast):
    her, stranger = of(cast.thcs, "Trần Thị Kín", birth_year=1990), of(cast.stranger, "Trần Thị Lạ")
    activity, seat = evening.activity, cast.pgd_officer
    assert her in people_for(activity, seat) and stranger not in people_for(activity, seat)
    outcome = mark(seat=seat, session=evening, marks=[tick(her, EVENING), tick(stranger, EVENING)])
    assert who_came(evening) == ["Trần Thị Kín"] and len(outcome["notes"]) == 1
    assert register(seat=seat, activity=activity, person=her).unit == cast.thcs


def test_a_list_is_of_the_hosts_own_people_and_of_those_below_by_their_names(evening, cast):
    activity, seat = evening.activity, cast.pgd_officer
    below = of(cast.thcs, "Trần Thị Kín")
    found = listed_for(activity, seat, most=50)
    assert [(row.pk, row.unit) for row in found] == [
        (below.pk, cast.thcs.short_name)
    ]  # the host has none itself
    of(cast.pgd, "Võ Văn Của Phòng")
    assert names(listed_for(activity, seat, most=50)) == ["Võ Văn Của Phòng"]
    assert names(listed_for(activity, seat, "kin", most=50)) == ["Trần Thị Kín"]
    assert names(listed_for(activity, seat, "kin", without={below.pk}, most=50)) == []
    assert listed_for(activity, cast.stranger_officer, "kin", most=50) == []


def test_a_name_alone_means_nobody_below_but_makes_no_second_person_either(evening, cast):
    her = of(cast.thcs, "Trần Thị Kín", birth_year=1990)
    persons = Person.objects.count()
    typed = MarkData(at=EVENING, way=MarkWay.NAME, name="Trần Thị Kín")
    outcome = mark(seat=cast.pgd_officer, session=evening, marks=[typed])
    assert "Có người tên Trần Thị Kín ở đơn vị trực thuộc" in outcome["notes"][0]
    assert who_came(evening) == []
    with_year = MarkData(at=EVENING, way=MarkWay.NAME, name="Trần Thị Kín", birth_year=1990)
    mark(seat=cast.pgd_officer, session=evening, marks=[with_year])
    assert evening.attendances.get(present=True).person == her
    assert Person.objects.count() == persons


def test_who_types_her_name_at_the_door_is_proposed_to_the_officer(evening, cast):
    her = of(cast.thcs, "Trần Thị Kín")
    let_check_in(seat=cast.pgd_officer, session=evening, open_=True)
    checking_in.say_present(session=evening, name="tran thi kin", consented=True)
    assert who_came(evening) == []
    assert [meant.people for meant in claimed(evening, cast.pgd_officer)] == [[her]]


def test_a_class_of_the_unit_is_for_the_people_below_too(evening, cast):
    her, stranger = of(cast.thcs, "Trần Thị Kín"), of(cast.stranger, "Trần Thị Lạ")
    row = register_oneself(activity=evening.activity, person=her)
    assert (row.state, row.unit) == (RegistrationState.TAKEN, cast.thcs)
    with pytest.raises(Refusal, match="các đơn vị trực thuộc"):
        register_oneself(activity=evening.activity, person=stranger)


def test_of_a_co_host_its_officers_add_the_people_below(week, cast):
    """A co-host's own officers do; the host's do not."""
    data = said("Lớp chung", "class.it", SessionData(at(7), at(7, 20)), co_hosts=[cast.pgd])
    activity = record_activity(seat=cast.stranger_officer, host=cast.stranger, data=data)
    her = of(cast.thcs, "Trần Thị Kín")
    assert her in people_for(activity, cast.pgd_officer)
    assert names(listed_for(activity, cast.pgd_officer, "kin", most=9)) == ["Trần Thị Kín"]
    assert her not in people_for(activity, cast.stranger_officer)
