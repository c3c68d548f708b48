"""Who belongs to which unit and since when; who sees a person for it."""

from datetime import date

import pytest

from hoctap.kernel.errors import Refusal
from hoctap.orgs import rules
from hoctap.orgs.actions.memberships import enter_person, join, leave
from hoctap.orgs.enums import Standing
from hoctap.people.enums import ConsentWay, Purpose
from hoctap.people.models import Person
from tests.cast import SINCE, Cast

LEFT = date(2023, 6, 1)


@pytest.fixture
def teacher(cast: Cast) -> Person:
    return enter_person(
        seat=cast.pgd_officer, unit=cast.thcs, standing=Standing.TEACHER, since=SINCE, full_name="Nguyễn Thị Hà",
        birth_year=1985, consent=ConsentWay.PAPER,
    )  # fmt: skip


def test_entering_makes_the_person_the_membership_and_the_consent(cast: Cast, teacher):
    held = teacher.memberships.get()
    assert (held.unit, held.standing, held.valid.lower, held.valid.upper) == (
        cast.thcs,
        "teacher",
        SINCE,
        None,
    )
    given = teacher.consents.get()
    assert (given.purpose, given.way, given.noted_by) == (Purpose.RECORD, "paper", cast.pgd_officer.user)


def test_above_sees_beside_and_strangers_do_not(cast: Cast, teacher):
    seats = {"pgd": cast.pgd_officer, "q3": cast.q3_officer, "sgd": cast.sgd_officer, "p1": cast.p1_officer,
             "stranger": cast.stranger_officer, "ldld": cast.ldld_officer}  # fmt: skip
    seeing = {name for name, seat in seats.items() if rules.reaches_person(seat, teacher)}
    assert seeing == {"pgd", "q3", "sgd"}
    assert seeing == {
        name for name, seat in seats.items() if rules.persons_reached(seat).filter(pk=teacher.pk).exists()
    }


def test_who_left_is_still_known_to_the_unit(cast: Cast, teacher):
    leave(seat=cast.pgd_officer, membership=teacher.memberships.get(), on=LEFT)
    assert teacher.memberships.get().valid.upper == LEFT
    assert rules.reaches_person(cast.pgd_officer, teacher)
    leave(
        seat=cast.pgd_officer, membership=teacher.memberships.get(), on=date(2024, 1, 1)
    )  # left before: nothing
    assert teacher.memberships.get().valid.upper == LEFT
    join(
        seat=cast.pgd_officer,
        person=teacher,
        unit=cast.thcs,
        standing=Standing.TEACHER,
        since=date(2024, 1, 1),
    )
    assert teacher.memberships.count() == 2


def test_leaving_before_one_came_is_refused_with_the_day(cast: Cast, teacher):
    with pytest.raises(Refusal, match="sớm nhất là 02/01/2020"):
        leave(seat=cast.pgd_officer, membership=teacher.memberships.get(), on=SINCE)


@pytest.mark.parametrize("seat", ["p1_officer", "pgd_clerk", "pgd_admin", "q3_viewer", "stranger_leader"])
def test_out_of_reach_or_role_nobody_is_entered(cast: Cast, seat):
    with pytest.raises(Refusal):
        enter_person(
            seat=getattr(cast, seat), unit=cast.thcs, standing=Standing.TEACHER, since=SINCE, full_name="Hà"
        )
    assert not Person.objects.exists()


def test_a_child_is_entered_with_the_guardian_who_consents(cast: Cast):
    child = {
        "unit": cast.thcs,
        "standing": Standing.STUDENT,
        "since": SINCE,
        "full_name": "Lê An",
        "birth_year": 2015,
    }
    with pytest.raises(Refusal, match="họ tên cha, mẹ"):
        enter_person(seat=cast.pgd_officer, **child)
    made = enter_person(seat=cast.pgd_officer, guardian_name="Lê Văn Ba", consent=ConsentWay.CALL, **child)
    assert (made.consents.get().given_by, made.consents.get().by_guardian) == ("Lê Văn Ba", True)
