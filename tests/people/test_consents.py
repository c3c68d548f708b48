"""Consent is explicit, for one purpose, by the guardian of a child; it is withdrawn, never lost."""

from datetime import date, datetime

import pytest

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.people.actions import add_person, correct_person, give_consent, withdraw_consent
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Person
from hoctap.people.rules import may_be_child

DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def _day(db):
    with clock.frozen(NOON):
        yield


def _give(person: Person, purpose: Purpose = Purpose.RECORD, **more):
    return give_consent(person=person, purpose=purpose, way=ConsentWay.PAPER, given_on=DAY, **more)


@pytest.mark.parametrize(
    ("year", "child"), [(None, False), (2009, False), (2010, True), (2011, True), (2020, True)]
)
def test_who_may_be_under_16_is_a_child_all_the_year(year, child):
    assert may_be_child(year, DAY) == child


def test_an_adult_agrees_for_each_purpose_once():
    person = add_person(full_name="Nguyễn Thị Hà", birth_year=1985)
    first = _give(person)
    assert (first.given_by, first.by_guardian) == ("Nguyễn Thị Hà", False)
    assert _give(person) == first
    _give(person, Purpose.CONTACT)
    assert person.consents.count() == 2


def test_a_child_needs_the_guardian_and_is_told_why():
    child = add_person(full_name="Lê An", birth_year=2016, guardian_name="Lê Văn Ba")
    with pytest.raises(
        Refusal, match=r"Lê An sinh năm 2016, có thể chưa đủ 16 tuổi: phải có cha, mẹ"
    ) as refusal:
        _give(child)
    assert refusal.value.places[0][0] == "Người giám hộ đồng ý"
    given = _give(child, by_guardian=True)
    assert (given.given_by, given.by_guardian) == ("Lê Văn Ba", True)


def test_a_child_without_a_named_guardian_cannot_be_agreed_for():
    child = add_person(full_name="Lê An", birth_year=2016)
    with pytest.raises(Refusal, match="Chưa ghi tên người giám hộ"):
        _give(child, by_guardian=True)


def test_a_child_of_seven_is_asked_before_its_name_or_photo_is_published():
    older = add_person(full_name="Lê An", birth_year=2016, guardian_name="Lê Văn Ba")
    younger = add_person(full_name="Lê Bé", birth_year=2021, guardian_name="Lê Văn Ba")
    with pytest.raises(Refusal, match="từ 7 tuổi"):
        _give(older, Purpose.PUBLISH, by_guardian=True)
    assert _give(older, Purpose.PUBLISH, by_guardian=True, child_agreed=True).child_agreed
    assert _give(younger, Purpose.PUBLISH, by_guardian=True)


def test_what_was_withdrawn_stays_on_record_and_may_be_given_again():
    person = add_person(full_name="Nguyễn Thị Hà")
    given = _give(person)
    withdraw_consent(consent=given)
    given.refresh_from_db()
    assert given.withdrawn_on == DAY
    withdraw_consent(consent=given, on=date(2020, 1, 1))  # withdrawn already: nothing
    assert _give(person) != given
    assert person.consents.count() == 2


@pytest.mark.parametrize("on", [date(2026, 3, 1), date(2026, 3, 3)])
def test_a_day_of_withdrawing_that_cannot_be_is_refused(on):
    given = _give(add_person(full_name="Nguyễn Thị Hà"))
    with pytest.raises(Refusal, match="02/03/2026"):
        withdraw_consent(consent=given, on=on)


def test_consent_of_tomorrow_is_refused():
    person = add_person(full_name="Nguyễn Thị Hà")
    with pytest.raises(Refusal, match="chưa tới"):
        give_consent(person=person, purpose=Purpose.RECORD, way=ConsentWay.CALL, given_on=date(2026, 3, 3))


def test_correcting_blanks_what_is_not_given_and_keeps_a_childs_guardian():
    person = add_person(full_name="Nguyen Ha", birth_year=1985, contact="0900000001")
    correct_person(person=person, full_name="Nguyễn  Thị Hà", birth_year=1986)
    person.refresh_from_db()
    assert (person.full_name, person.name_folded, person.birth_year, person.contact) == (
        "Nguyễn Thị Hà", "nguyen thi ha", 1986, "",
    )  # fmt: skip
    with pytest.raises(Refusal, match="người giám hộ"):
        correct_person(person=person, full_name="Nguyễn Thị Hà", birth_year=2015)


@pytest.mark.parametrize(("name", "year"), [("  ", 1985), ("A" * 121, 1985), ("Hà", 1899), ("Hà", 2027)])
def test_a_person_that_cannot_be_is_refused_whole(name, year):
    with pytest.raises(Refusal):
        add_person(full_name=name, birth_year=year)
    assert not Person.objects.exists()


def test_the_journal_holds_ids_and_no_names():
    person = add_person(full_name="Nguyễn Thị Hà", birth_year=1985, contact="0900000001")
    _give(person)
    correct_person(person=person, full_name="Trần Thị Hà", birth_year=1985)
    acts = list(Act.objects.values_list("verb", "details"))
    assert [verb for verb, _ in acts] == ["person.add", "consent.give", "person.correct"]
    assert not any(word in str(acts) for word in ("Hà", "1985", "0900000001"))
