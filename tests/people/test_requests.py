"""Requests about data and the clocks of Nghị định 356/2025/NĐ-CP."""

from datetime import date, datetime

import pytest

from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.people.actions import add_person, answer_request, finish_request, note_request
from hoctap.people.enums import RequestKind
from hoctap.people.rules import answer_by

FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=clock.VIETNAM)


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        (date(2026, 3, 2), date(2026, 3, 4)),  # Monday → Wednesday
        (date(2026, 3, 5), date(2026, 3, 9)),  # Thursday → Monday
        (date(2026, 3, 6), date(2026, 3, 10)),  # Friday → Tuesday
        (date(2026, 3, 7), date(2026, 3, 10)),  # Saturday → Tuesday
        (date(2026, 4, 29), date(2026, 5, 1)),  # holidays are not left out: never later than the law's
    ],
)
def test_an_answer_within_two_working_days(asked, by):
    assert answer_by(asked) == by


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        (RequestKind.ACCESS, date(2026, 3, 16)),
        (RequestKind.RECTIFY, date(2026, 3, 16)),
        (RequestKind.WITHDRAW, date(2026, 3, 21)),
        (RequestKind.ERASE, date(2026, 3, 26)),
    ],
)
def test_each_kind_is_done_within_its_days(db, kind, by):
    with clock.frozen(FRIDAY):
        noted = note_request(person=add_person(full_name="Hà"), kind=kind)
    assert (noted.asked_on, noted.answer_by, noted.finish_by) == (date(2026, 3, 6), date(2026, 3, 10), by)


def test_the_same_asked_twice_is_one_request_until_it_is_done(db):
    person = add_person(full_name="Hà")
    first = note_request(person=person, kind=RequestKind.ACCESS)
    assert note_request(person=person, kind=RequestKind.ACCESS) == first
    assert note_request(person=person, kind=RequestKind.ERASE) != first
    finish_request(request=first)
    assert note_request(person=person, kind=RequestKind.ACCESS) != first


def test_answered_then_done_and_done_answers(db):
    with clock.frozen(FRIDAY):
        person = add_person(full_name="Hà")
        one = note_request(person=person, kind=RequestKind.ACCESS)
        other = note_request(person=person, kind=RequestKind.RECTIFY)
        answer_request(request=one)
        one.refresh_from_db()
        assert (one.answered_at, one.done_at) == (FRIDAY, None)
        finish_request(request=other)
        other.refresh_from_db()
        assert (other.answered_at, other.done_at) == (FRIDAY, FRIDAY)


def test_a_request_of_tomorrow_is_refused(db):
    with clock.frozen(FRIDAY), pytest.raises(Refusal, match="chưa tới"):
        note_request(person=add_person(full_name="Hà"), kind=RequestKind.ACCESS, asked_on=date(2026, 3, 7))
