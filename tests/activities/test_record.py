"""A person's record: hours only of known lengths, activities once, and nothing of who was no learner."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.activities.actions import cancel_activity
from hoctap.activities.enums import MarkWay, Part, SessionState
from hoctap.activities.models import Attendance, Session
from hoctap.activities.record import record_of
from tests.learning import FIRST_DAY, attend, held_class, learner, sessions_of


def test_hours_are_those_of_the_sessions_attended(cast):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    attend(held_class(cast.p1_officer, 3, hours=1.5), person, 2)
    record = record_of(person)
    (one,) = record.attended
    assert (one.lengths.sessions, one.lengths.hours, one.lengths.unknown) == (2, Decimal("3.0"), 0)
    assert record.activities == 1


@pytest.mark.parametrize("shape", [{"hours": None}, {"whole_day": True}, {"hours": 13}])
def test_a_session_without_a_plain_length_counts_as_a_session_only(cast, shape):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    attend(held_class(cast.p1_officer, 2, **shape), person)
    total = record_of(person).total
    assert (total.sessions, total.minutes, total.unknown) == (2, 0, 2)


def test_only_held_sessions_and_only_presence_count(cast):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    activity = held_class(cast.p1_officer, 3)
    attend(activity, person)
    first, second, _third = sessions_of(activity)
    Session.objects.filter(pk=first.pk).update(state=SessionState.CANCELLED)
    Attendance.objects.filter(session=second).update(present=False)
    assert record_of(person).total.sessions == 1


def test_a_cancelled_activity_is_no_learning(cast):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    activity = held_class(cast.p1_officer, 2)
    attend(activity, person)
    cancel_activity(seat=cast.p1_officer, activity=activity, reason="Ghi nhầm")
    record = record_of(person)
    assert (record.attended, record.total.sessions) == ([], 0)


def test_a_speaker_is_no_learner(cast):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    attend(held_class(cast.p1_officer, 2), person, part=Part.SPEAKER)
    record = record_of(person)
    assert [one.part for one in record.attended] == [Part.SPEAKER]
    assert (record.activities, record.total.sessions) == (0, 0)


def test_an_activity_over_new_year_stands_in_one_year(cast):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    start = FIRST_DAY.replace(month=12, day=31)
    attend(held_class(cast.p1_officer, 2, start=start), person)
    record = record_of(person)
    assert record.years == [2023]
    assert record.year(2023).total.sessions == 2


PIECES = st.lists(
    st.tuples(
        st.integers(0, 3),  # of which activity
        st.integers(1, 20 * 60) | st.none(),  # minutes it lasted
        st.booleans(),  # there
        st.sampled_from(list(SessionState)),
    ),
    max_size=12,
)


@given(pieces=PIECES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_total_is_the_sum_that_plain_code_makes(cast, pieces):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    activities = [held_class(cast.p1_officer, 1, hours=None, name=f"Lớp {n}") for n in range(4)]
    for number, (which, minutes, there, state) in enumerate(pieces):
        start = FIRST_DAY + timedelta(days=number)
        session = Session.objects.create(
            activity=activities[which], starts_at=start, state=state, code="ABCDEF", secret=f"{person.pk}-{number}",
            ends_at=start + timedelta(minutes=minutes) if minutes else None,
        )  # fmt: skip
        Attendance.objects.create(
            session=session, person=person, present=there, way=MarkWay.NAME, at=start, part=Part.LEARNER
        )
    counted = [(w, m) for w, m, there, state in pieces if there and state == SessionState.HELD]
    known = [m for _w, m in counted if m and m <= 12 * 60]
    record = record_of(person)
    assert record.activities == len({w for w, _m in counted})
    assert (record.total.sessions, record.total.minutes, record.total.unknown) == (
        len(counted), sum(known), len(counted) - len(known),
    )  # fmt: skip


def test_a_long_record_costs_three_questions(cast, django_assert_num_queries):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    for n in range(5):
        attend(held_class(cast.p1_officer, 2, name=f"Lớp {n}"), person)
    record_of(person)  # queries are written once
    with django_assert_num_queries(3):
        assert record_of(person).activities == 5
