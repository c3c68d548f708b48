"""Names typed at the door that mean nobody, several, or somebody marked absent: they wait for the officer."""

from datetime import date, timedelta

import pytest

from hoctap.activities.actions import SessionData, checking_in, erase_person, record_activity
from hoctap.activities.actions.attendance import close, let_check_in, mark
from hoctap.activities.actions.checking_in import say_present
from hoctap.activities.actions.claims import forget_claims, settle_claims
from hoctap.activities.actions.registering import register
from hoctap.activities.attending import claimed, people_for
from hoctap.activities.enums import MarkWay
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Attendance, Claim, Session
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.orgs.actions.memberships import join
from hoctap.orgs.enums import Standing
from hoctap.people.actions import add_person
from hoctap.people.enums import Purpose
from hoctap.people.models import Consent, Person
from tests.activities.conftest import at, said
from tests.activities.people import NAMES, class_of, resident, tick, who_came

EVENING = at(7, 18, 40)


@pytest.fixture
def door(week, cast) -> Session:
    """The class of six, its people marking themselves; Bùi Thị Lan was marked absent."""
    activity, people = class_of(cast)
    session = activity.sessions.get()
    with clock.frozen(EVENING):
        mark(seat=cast.p1_officer, session=session, marks=[tick(people[0], EVENING, present=False)])
        let_check_in(seat=cast.p1_officer, session=session, open_=True)
        yield session


def _say(session: Session, name: str, **more) -> None:
    assert say_present(session=session, name=name, consented=True, **more) is None


def _only() -> Claim:
    return Claim.objects.get()


def test_a_newcomer_is_nobody_until_the_officer_says_so(door, cast):
    persons = Person.objects.count()
    for name in ("Cao Văn Mới", "cao van moi"):
        _say(door, name)
    assert (Person.objects.count(), who_came(door), _only().name) == (persons, [], "Cao Văn Mới")
    with clock.frozen(EVENING + timedelta(hours=1)):
        outcome = settle_claims(seat=cast.p1_officer, session=door, said={_only().pk: "new"})
    assert outcome == {"present": 1, "notes": []}
    row = Attendance.objects.get(person__full_name="Cao Văn Mới")
    assert (row.walk_in, row.way, row.at, row.seat) == (True, MarkWay.SELF, EVENING, cast.p1_officer)
    assert Consent.objects.get(person=row.person).purpose == Purpose.RECORD
    assert not Claim.objects.exists()


def test_two_of_one_name_and_one_marked_absent_wait_too(door, cast):
    others = [resident(cast, "Đoàn Văn Hai", birth_year=year) for year in (1960, 1990)]
    _say(door, "doan van hai")  # of the class: the one it means
    assert who_came(door) == ["Đoàn Văn Hải"]
    Attendance.objects.filter(present=True).delete()
    door.activity.registrations.filter(person__full_name="Đoàn Văn Hải").delete()
    _say(door, "Đoàn Văn Hai")
    assert who_came(door) == []
    _say(door, NAMES[0])
    absent = Person.objects.get(full_name=NAMES[0])
    claims = dict(Claim.objects.values_list("name", "pk"))
    said = {claims["Đoàn Văn Hai"]: others[1].pk, claims[NAMES[0]]: absent.pk}
    with clock.frozen(EVENING + timedelta(minutes=5)):
        assert settle_claims(seat=cast.p1_officer, session=door, said=said)["present"] == 2
    assert who_came(door) == [NAMES[0], "Đoàn Văn Hai"]


def test_a_year_of_birth_tells_them_apart(door, cast):
    for year in (1960, 1990):
        resident(cast, "Ngô Thị Na", birth_year=year)
    _say(door, "Ngo Thi Na", birth_year=1990)
    assert Attendance.objects.get(present=True).person.birth_year == 1990


def test_who_was_not_there_is_dropped_and_what_is_left_stays(door, cast):
    for name in ("Người Đùa", "Cao Văn Mới"):
        _say(door, name)
    joke = Claim.objects.get(name="Người Đùa")
    settle_claims(seat=cast.p1_officer, session=door, said={joke.pk: "no", joke.pk + 99: "new"})
    assert (_only().name, who_came(door)) == ("Cao Văn Mới", [])


def test_after_closing_what_was_said_before_still_lands(door, cast):
    _say(door, "Cao Văn Mới")
    _say(door, NAMES[0])
    absent = Person.objects.get(full_name=NAMES[0])
    with clock.frozen(EVENING + timedelta(minutes=30)):
        close(seat=cast.p1_officer, session=door)
    with clock.frozen(EVENING + timedelta(hours=3)):
        said = {row.pk: absent.pk if row.name == NAMES[0] else "new" for row in Claim.objects.all()}
        settle_claims(seat=cast.p1_officer, session=door, said=said)
    assert who_came(door) == [NAMES[0], "Cao Văn Mới"]


def test_a_childs_guardian_is_still_to_be_asked(door, cast):
    _say(door, "Bé Na", birth_year=2015)
    notes = settle_claims(seat=cast.p1_officer, session=door, said={_only().pk: "new"})["notes"]
    assert "người giám hộ" in notes[0]
    assert not Consent.objects.exists()


def test_others_settle_nothing(door, cast):
    _say(door, "Cao Văn Mới")
    for seat in (cast.stranger_officer, cast.p2_officer, cast.q3_viewer):
        with pytest.raises(Refusal):
            settle_claims(seat=seat, session=door, said={_only().pk: "new"})
    assert Claim.objects.count() == 1


def test_a_full_list_stops_everybody_not_only_strangers(door, monkeypatch):
    monkeypatch.setattr(checking_in, "MOST_CLAIMS", 1)
    _say(door, "Cao Văn Mới")
    for name in ("Người Lạ", NAMES[1]):
        with pytest.raises(Refusal, match="Nhờ người tổ chức"):
            _say(door, name)


def test_a_name_that_nobody_settles_is_forgotten(door):
    _say(door, "Cao Văn Mới")
    for days, left in ((29, 1), (31, 0)):
        with clock.frozen(EVENING + timedelta(days=days)):
            forget_claims()
        assert Claim.objects.count() == left


def test_who_was_there_was_so_since_the_name_was_typed(door, cast):
    _say(door, NAMES[0])
    absent = Person.objects.get(full_name=NAMES[0])
    with clock.frozen(EVENING + timedelta(hours=14)):
        settle_claims(seat=cast.p1_officer, session=door, said={_only().pk: absent.pk})
    assert Attendance.objects.get(person=absent).at == EVENING


def test_a_name_that_could_not_be_marked_stays_and_is_not_counted(door, cast):
    _say(door, NAMES[0])
    absent = Person.objects.get(full_name=NAMES[0])
    erase_person(seat=cast.p1_officer, person=absent)
    outcome = settle_claims(seat=cast.p1_officer, session=door, said={_only().pk: absent.pk})
    assert outcome["present"] == 0 and outcome["notes"]
    assert _only().name == NAMES[0]


def test_to_be_named_a_co_host_opens_nobodys_list(week, cast):
    """A ward of another district names Phường 1: it finds none of its people, by list, by number or by a typed name."""
    hers = resident(cast, "Trần Thị Kín", birth_year=1990)
    data = said("Lớp của phường khác", "class.it", SessionData(at(7), at(7, 20)), co_hosts=[cast.p1])
    activity = record_activity(seat=cast.stranger_officer, host=cast.stranger, data=data)
    session = activity.sessions.get()
    with clock.frozen(EVENING):
        assert hers not in people_for(activity, cast.stranger_officer)
        marks = [tick(hers, EVENING), MarkData(at=EVENING, way=MarkWay.NAME, name="Trần Thị Kín")]
        outcome = mark(seat=cast.stranger_officer, session=session, marks=marks)
        assert not hers.attendances.exists() and len(outcome["notes"]) == 1
        let_check_in(seat=cast.stranger_officer, session=session, open_=True)
        _say(session, "tran thi kin")
        assert hers not in [one for meant in claimed(session, cast.stranger_officer) for one in meant.people]
        # Its own officers add her, and from then on she is of the class, for both.
        assert hers in people_for(activity, cast.p1_officer)
        register(seat=cast.p1_officer, activity=activity, person=hers)
        assert hers in people_for(activity, cast.stranger_officer)


def test_the_host_meets_no_more_of_the_co_hosts_people(week, cast):
    data = said("Lớp chung", "class.it", SessionData(at(7), at(7, 20)), co_hosts=[cast.p2])
    activity = record_activity(seat=cast.p1_officer, host=cast.p1, data=data)
    ours, theirs = (
        resident(cast, "Trần Thị Của Ta"),
        add_person(full_name="Lê Thị Của Bạn", seat=cast.p2_officer),
    )
    join(
        seat=cast.p2_officer, person=theirs, unit=cast.p2, standing=Standing.RESIDENT, since=date(2023, 1, 1)
    )
    with clock.frozen(EVENING):
        found = {
            seat: set(people_for(activity, seat)) & {ours, theirs}
            for seat in (cast.p1_officer, cast.p2_officer)
        }
    assert found == {cast.p1_officer: {ours}, cast.p2_officer: {theirs}}
