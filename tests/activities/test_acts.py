"""Recording, changing, cancelling and doing again."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from hoctap.activities.actions import (
    AlreadyRecorded,
    SessionData,
    add_session,
    cancel_activity,
    cancel_session,
    change_activity,
    close_session,
    copy_activity,
    correct_session,
    move_session,
    record_activity,
    reinstate_activity,
    restore_session,
    warnings_of,
)
from hoctap.activities.enums import CostSource, Opening, PartnerKind, SessionState
from hoctap.activities.models import Activity
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from tests.activities.conftest import NOW, at, said


def test_the_same_form_sent_twice_makes_one(week, cast):
    token = uuid.uuid4()
    first = record_activity(seat=cast.p1_officer, host=cast.p1, data=said(), token=token)
    again = record_activity(seat=cast.p1_officer, host=cast.p1, data=said(), token=token)
    assert again == first
    assert Activity.objects.count() == 1
    with pytest.raises(Refusal, match="đơn vị khác"):
        record_activity(seat=cast.stranger_officer, host=cast.stranger, data=said(), token=token)


def test_the_same_form_sent_with_other_data_is_refused_and_says_what_was_recorded(week, cast):
    more = {
        "co_hosts": (cast.p2, cast.p1),
        "partners": [("Đại học Sài Gòn", PartnerKind.UNIVERSITY)],
        "costs": {CostSource.STATE: 500_000, CostSource.OTHER: None},
    }
    data = said("Lớp may ", "class.it", SessionData(at(3), place=" Phường 1 ", held=True, unnamed=12), **more)
    sent = {"seat": cast.p1_officer, "host": cast.p1, "token": uuid.uuid4()}
    first = record_activity(data=data, **sent)
    assert record_activity(data=data, **sent) == first
    others = (
        replace(data, name="Lớp thêu"),
        replace(data, sessions=[replace(data.sessions[0], unnamed=21)]),
        replace(data, sessions=[*data.sessions, SessionData(at(10))]),
        replace(data, co_hosts=()),
        replace(data, partners=()),
        replace(data, costs={CostSource.STATE: 600_000}),
        replace(data, capacity=30),
    )
    for other in others:
        with pytest.raises(AlreadyRecorded, match="đã thành hoạt động “Lớp may”") as refused:
            record_activity(data=other, **sent)
        assert refused.value.first == first
    assert Activity.objects.get().sessions.get().unnamed == 12


def test_a_plan_sent_again_after_its_hour_came_is_the_same_one(week, cast):
    planned = said("Lớp may", "class.it", SessionData(at(6, 10)))
    sent = {"seat": cast.p1_officer, "host": cast.p1, "token": uuid.uuid4()}
    first = record_activity(data=planned, **sent)
    with clock.frozen(at(6, 11)):
        begun = replace(planned, sessions=[replace(planned.sessions[0], held=True)])
        assert record_activity(data=begun, **sent) == first


def test_who_may_record_for_whom(week, cast):
    record_activity(seat=cast.q3_officer, host=cast.p1, data=said())  # a unit below
    with pytest.raises(Refusal, match="ngoài phạm vi"):
        record_activity(seat=cast.p1_officer, host=cast.q3, data=said())
    with pytest.raises(Refusal, match="không có quyền"):
        record_activity(seat=cast.q3_viewer, host=cast.q3, data=said())


@pytest.mark.parametrize(
    ("session", "why"),
    [
        (SessionData(at(7), at(7, 18, 0)), "sau giờ bắt đầu"),
        (SessionData(at(7), at(7)), "sau giờ bắt đầu"),
        (SessionData(at(7), held=True), "chưa tới giờ"),
        (SessionData(at(7), unnamed=12), "đánh dấu Đã diễn ra"),
        (SessionData(at(3, year=1923), held=True), "Năm 1923"),
        (SessionData(at(3, year=2203)), "Năm 2203"),
        (SessionData(at(3), held=True, unnamed=-1), "số nguyên từ 0"),
        (SessionData(at(3), held=True, unnamed=3_000_000_000), "nhiều nhất"),
        (SessionData(at(3), held=True, unnamed=3, unnamed_women=4), "Số nữ"),
        (SessionData(at(3), at(5)), "không dài quá một ngày"),
    ],
)
def test_what_cannot_be_so_is_refused(week, cast, session, why):
    with pytest.raises(Refusal, match=why) as refused:
        record_activity(
            seat=cast.p1_officer, host=cast.p1, data=said("Lớp", "class.it", SessionData(at(2)), session)
        )
    assert [place for place, _ in refused.value.places] == ["Buổi 2"]
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"name": "  "}, "Tên hoạt động"),
        ({"name": "a" * 251}, "Tên hoạt động"),
        ({"quantities": {"books": 4}}, "Số lượng"),  # a class has no books to count
        ({"costs": {CostSource.STATE: -1}}, "Kinh phí"),
        ({"capacity": 0}, "Số chỗ"),
        ({"sessions": (SessionData(at(7)), SessionData(at(7)))}, "Các buổi"),
    ],
)
def test_a_refusal_names_the_place(week, cast, more, place):
    with pytest.raises(Refusal) as refused:
        record_activity(seat=cast.p1_officer, host=cast.p1, data=replace(said(), **more))
    assert refused.value.places[0][0] == place


def test_a_session_before_the_activity_was_written_down_is_ordinary(week, cast):
    held = record_activity(
        seat=cast.p1_officer,
        host=cast.p1,
        data=said("Lớp", "class.it", SessionData(at(2, month=3), held=True, unnamed=12)),
    )
    assert held.starts_on == at(2, month=3).date()


def test_a_hundred_thousand_in_a_room_of_forty_is_asked_about(week):
    session = SessionData(at(3), held=True, unnamed=100_000)
    assert warnings_of(said("Lớp", "class.it", session, capacity=40)) == ["100.000 người ở nơi có 40 chỗ."]
    assert warnings_of(said("Lớp", "class.it", session)) == ["100.000 người ở một buổi."]
    assert warnings_of(said("Lớp", "class.it", replace(session, unnamed=40), capacity=40)) == []
    late = said("Lớp", "class.it", SessionData(at(7)), opening=Opening.UNIT, registration_ends_at=at(8))
    assert "Hạn đăng ký" in warnings_of(late)[0]


def test_everything_said_is_changed_at_once(course, cast):
    data = replace(
        said("Tin học văn phòng", "books.drive"),
        co_hosts=[cast.p2],
        partners=[("Trường Cao đẳng Kinh tế", PartnerKind.UNIVERSITY)],
        costs={CostSource.STATE: 2_000_000},
        quantities={"books": 120},
    )
    changed = change_activity(seat=cast.q3_officer, activity=course, data=data)
    changed.refresh_from_db()
    assert (changed.name, changed.kind.code, changed.quantities) == (
        "Tin học văn phòng",
        "books.drive",
        {"books": 120},
    )
    assert [row.unit for row in changed.co_hosts.all()] == [cast.p2]
    assert [row.name for row in changed.partners.all()] == ["Trường Cao đẳng Kinh tế"]
    assert [row.amount for row in changed.costs.all()] == [2_000_000]
    assert changed.sessions.count() == 2
    act = Act.objects.get(verb="activity.change")
    assert set(act.details["fields"]) == {"name", "name_folded", "kind", "quantities", "capacity"}


def test_a_co_host_sees_and_does_not_change(course, cast):
    with pytest.raises(Refusal, match="do Phòng Giáo dục"):
        change_activity(seat=cast.p1_officer, activity=course, data=said())
    with pytest.raises(Refusal, match="do Phòng Giáo dục"):
        cancel_activity(seat=cast.p1_leader, activity=course, reason="thôi")


def test_a_cancelled_activity_comes_back_whole(course, cast):
    with pytest.raises(Refusal, match="lý do"):
        cancel_activity(seat=cast.pgd_officer, activity=course, reason=" ")
    cancel_activity(seat=cast.pgd_officer, activity=course, reason="Mưa lớn")
    with pytest.raises(Refusal, match="đã hủy"):
        add_session(seat=cast.pgd_officer, activity=course, data=SessionData(at(20)))
    reinstate_activity(seat=cast.pgd_officer, activity=course)
    course.refresh_from_db()
    assert course.cancelled_at is None
    assert [s.state for s in course.sessions.order_by("starts_at")] == ["held", "planned"]


def test_a_moved_session_keeps_when_it_was_to_be(course, cast):
    later = course.sessions.get(state=SessionState.PLANNED)
    with pytest.raises(Refusal, match="lý do"):
        move_session(seat=cast.pgd_officer, session=later, starts_at=at(12), ends_at=None, why="")
    moved = move_session(
        seat=cast.pgd_officer, session=later, starts_at=at(12), ends_at=None, why="Trùng lễ khai mạc"
    )
    moved = move_session(seat=cast.pgd_officer, session=moved, starts_at=at(13), ends_at=None, why="Mưa")
    assert (moved.starts_at, moved.moved_from, moved.note) == (at(13), at(10), "Mưa")
    course.refresh_from_db()
    assert (course.starts_on.day, course.ends_on.day) == (3, 13)
    with pytest.raises(Refusal, match="đã diễn ra"):
        move_session(
            seat=cast.pgd_officer,
            session=course.sessions.get(state=SessionState.HELD),
            starts_at=at(20),
            ends_at=None,
            why="x",
        )


def test_two_sessions_never_start_at_one_moment(course, cast):
    with pytest.raises(Refusal, match="Đã có buổi lúc 18:30, 10/10/2023"):
        add_session(seat=cast.pgd_officer, activity=course, data=SessionData(at(10)))
    add_session(seat=cast.pgd_officer, activity=course, data=SessionData(at(17)))
    course.refresh_from_db()
    assert course.ends_on.day == 17


def test_a_cancelled_session_leaves_the_days(course, cast):
    later = course.sessions.get(state=SessionState.PLANNED)
    cancel_session(seat=cast.pgd_officer, session=later, why="Không đủ người")
    course.refresh_from_db()
    assert course.ends_on.day == 3
    with pytest.raises(Refusal, match="chưa tới giờ"):
        close_session(seat=cast.pgd_officer, session=later)
    restore_session(seat=cast.pgd_officer, session=later)
    course.refresh_from_db()
    assert course.ends_on.day == 10


def test_closing_says_it_was_held_and_by_how_many(week, cast):
    activity = record_activity(
        seat=cast.p1_officer,
        host=cast.p1,
        data=said("Lớp", "class.it", SessionData(NOW - timedelta(hours=1))),
    )
    session = activity.sessions.get()
    closed = close_session(seat=cast.p1_officer, session=session, unnamed=12, unnamed_women=7)
    assert (closed.state, closed.unnamed, closed.closed_at) == (SessionState.HELD, 12, NOW)
    kept = close_session(seat=cast.p1_officer, session=session)
    assert (kept.unnamed, kept.unnamed_women) == (12, 7)
    fixed = correct_session(
        seat=cast.p1_officer, session=session, data=SessionData(session.starts_at, held=False)
    )
    assert (fixed.state, fixed.unnamed, fixed.closed_at) == (SessionState.PLANNED, 0, None)


def test_last_years_class_on_the_same_weekdays_without_its_people(course, cast):
    change_activity(
        seat=cast.pgd_officer,
        activity=course,
        data=replace(
            said("Tin học cho người lớn"),
            co_hosts=[cast.p1],
            costs={CostSource.STATE: 5_000_000},
            registration_ends_at=at(2),
            opening=Opening.PUBLIC,
        ),
    )
    course.refresh_from_db()
    copied = copy_activity(seat=cast.pgd_officer, activity=course)
    starts = [s.starts_at for s in copied.sessions.order_by("starts_at")]
    assert starts == [at(1, month=10, year=2024), at(8, month=10, year=2024)]
    assert [s.weekday() for s in starts] == [1, 1] == [at(3).weekday(), at(10).weekday()]
    assert {(s.state, s.unnamed) for s in copied.sessions.all()} == {(SessionState.PLANNED, 0)}
    assert [row.unit for row in copied.co_hosts.all()] == [cast.p1]
    assert copied.registration_ends_at == at(30, month=9, year=2024)
    assert copied.copied_from == course
    assert not copied.costs.exists()


def test_the_next_of_a_series_and_a_template(course, cast):
    following = copy_activity(
        seat=cast.pgd_officer, activity=course, first_day=at(17).date(), series="Tin học buổi tối"
    )
    assert [s.starts_at for s in following.sessions.order_by("starts_at")] == [at(17), at(24)]
    assert following.series == "Tin học buổi tối"
    template = copy_activity(
        seat=cast.pgd_officer, activity=course, first_day=course.starts_on, is_template=True
    )
    assert template.is_template
    used = copy_activity(seat=cast.p1_officer, activity=template, host=cast.p1, first_day=at(7).date())
    assert (used.host, used.is_template, used.starts_on.day) == (cast.p1, False, 7)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_sessions_added_at_the_same_moment_are_each_there_once_and_none_is_left_out_of_the_days(cast):
    with clock.frozen(NOW):
        course = record_activity(seat=cast.p1_officer, host=cast.p1, data=said())

    def add(n: int) -> bool:
        try:
            with clock.frozen(NOW):
                add_session(seat=cast.p1_officer, activity=course, data=SessionData(at(10 + n % 4)))
        except Refusal:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as many:
        assert sum(many.map(add, range(16))) == 4
    course.refresh_from_db()
    assert course.ends_on.day == 13
