"""Marking who came: from several phones, late, twice, of people who are no longer what they were."""

import uuid
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.activities import attending, marking
from hoctap.activities.actions import (
    SessionData,
    cancel_session,
    correct_session,
    erase_person,
    merge_persons,
    move_session,
    restore_session,
)
from hoctap.activities.actions.attendance import close, let_check_in, mark, mark_all_present, reopen
from hoctap.activities.actions.checking_in import check_in, require_open, say_present, session_of_code
from hoctap.activities.actions.registering import register
from hoctap.activities.enums import MarkWay, Part, SessionState
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Attendance, Claim, Mark
from hoctap.kernel import clock
from hoctap.kernel.errors import Conflict, Refusal
from hoctap.people.actions import issue_cards, revoke_card
from hoctap.people.models import Person
from tests.activities.conftest import at
from tests.activities.people import class_of, resident, tick, who_came

EVENING = at(7, 18, 40)


@pytest.fixture
def evening(week, cast):
    """(its session, its six people), at 18:40 on the evening itself."""
    activity, people = class_of(cast)
    with clock.frozen(EVENING):
        yield activity.sessions.get(), people


def test_the_whole_class_is_there_but_who_was_marked_absent_stays_so(evening, cast):
    session, people = evening
    mark(seat=cast.p1_officer, session=session, marks=[tick(people[2], EVENING, present=False)])
    mark_all_present(seat=cast.p1_leader, session=session)
    assert attending.counts(session) == {
        "present": 5,
        "walk_ins": 0,
        "unnamed": 0,
        "expected": 6,
        "claims": 0,
    }
    assert "Huỳnh Ngọc Diệp" not in who_came(session)


def test_a_class_of_more_than_a_sending_holds_is_there_whole(evening, cast, monkeypatch):
    monkeypatch.setattr(marking, "MOST", 4)
    session, _people = evening
    op = uuid.uuid4()
    first = mark_all_present(seat=cast.p1_leader, session=session, op=op)
    assert attending.counts(session)["present"] == 6
    assert mark_all_present(seat=cast.p1_leader, session=session, op=op) == first
    assert attending.counts(session)["present"] == 6


def test_the_same_sending_changes_nothing_and_is_answered_alike(evening, cast):
    session, people = evening
    op, marks = uuid.uuid4(), [tick(people[0], EVENING)]
    first = mark(seat=cast.p1_officer, session=session, marks=marks, unnamed=12, op=op)
    mark(
        seat=cast.p1_officer,
        session=session,
        marks=[tick(people[0], EVENING + timedelta(0), False)],
        unnamed=13,
    )
    assert mark(seat=cast.p1_officer, session=session, marks=marks, unnamed=12, op=op) == first
    session.refresh_from_db()
    assert session.unnamed == 13
    assert Mark.objects.count() == 1


def test_an_id_of_another_session_is_refused(evening, cast):
    session, people = evening
    op = uuid.uuid4()
    mark(seat=cast.p1_officer, session=session, marks=[tick(people[0], EVENING)], op=op)
    with clock.frozen(at(7, 19)):
        other = class_of(cast, ["Vũ Thị Mơ"])[0].sessions.get()
        with pytest.raises(Conflict, match="buổi khác"):
            mark(seat=cast.p1_officer, session=other, op=op)


def test_of_two_officers_the_later_mark_stands_and_who_marks_is_told(evening, cast):
    session, people = evening
    earlier, later = EVENING - timedelta(minutes=9), EVENING - timedelta(minutes=4)
    mark(seat=cast.p1_leader, session=session, marks=[tick(people[5], later, present=False)])
    outcome = mark(seat=cast.p1_officer, session=session, marks=[tick(people[5], earlier)])
    assert who_came(session) == []
    assert outcome["notes"] == [
        "Trần Ngọc Ẩn: giữ “vắng” do Lãnh đạo UBND Phường 1 ghi lúc 18:36, sau lần ghi “có mặt” của anh/chị."
    ]
    outcome = mark(seat=cast.p1_officer, session=session, marks=[tick(people[5], EVENING)])
    assert who_came(session) == ["Trần Ngọc Ẩn"]
    assert "nay là “có mặt”" in outcome["notes"][0]


marks_of_three = st.lists(
    st.tuples(
        st.integers(0, 2), st.booleans(), st.integers(0, 90), st.sampled_from([MarkWay.NAME, MarkWay.ALL])
    ),
    max_size=5,
)


@given(said=marks_of_three, order=st.randoms(use_true_random=False), batches=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_whatever_order_phones_come_back_in_the_same_stands(said, order, batches):
    """Pure: the rule that decides row by row gives the same as looking at all at once."""
    made = [
        MarkData(EVENING + timedelta(seconds=s), present or way == MarkWay.ALL, way, who)
        for who, present, s, way in said
    ]
    stands: dict[int, Attendance] = {}
    shuffled = made * batches
    order.shuffle(shuffled)
    for one in shuffled:
        old = stands.get(one.person)
        if old is None or marking.takes_over(old, one):
            stands[one.person] = Attendance(present=one.present, way=one.way, said_at=one.at)
    best = {
        who: max(marking.order(m.way, m.at, m.present) for m in made if m.person == who)[2]
        for who in {m.person for m in made}
    }
    assert {who: row.present for who, row in stands.items()} == best


@given(seed=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_queue_of_two_phones_in_any_order_and_twice_lands_once(seed, evening_once):
    session, people, cast = evening_once
    Attendance.objects.filter(session=session).delete()
    phones = [(cast.p1_officer, 0), (cast.p1_leader, 1)]
    sendings = []
    for seat, phone in phones:
        for _n in range(4):
            who, moment = seed.choice(people), EVENING - timedelta(seconds=seed.randrange(300) * 2 + phone)
            sendings.append((seat, uuid.uuid4(), tick(who, moment, seed.random() < 0.7)))
    latest: dict[int, MarkData] = {}
    for _seat, _op, one in sendings:
        if (
            one.person not in latest
            or one.at > latest[one.person].at
            or (one.at == latest[one.person].at and one.present)
        ):
            latest[one.person] = one
    wanted = {who: one.present for who, one in latest.items()}
    replayed = sendings * 2
    seed.shuffle(replayed)
    for seat, op, one in replayed:
        mark(seat=seat, session=session, marks=[one], op=op)
    rows = session.attendances.values_list("person", "present")
    assert dict(rows) == wanted


@pytest.fixture
def evening_once(evening, cast):
    return *evening, cast


def test_a_second_scan_says_when_and_who(evening, cast):
    session, people = evening
    (_card,) = issue_cards(persons=[people[0]], seat=cast.p1_officer)
    token = people[0].cards.get().token
    scan = MarkData(at=EVENING - timedelta(minutes=5), card=token, way=MarkWay.SCAN)
    assert mark(seat=cast.p1_leader, session=session, marks=[scan])["said"] == []
    again = MarkData(at=EVENING, card=token, way=MarkWay.SCAN)
    outcome = mark(seat=cast.p1_officer, session=session, marks=[again])
    assert outcome["said"] == ["Bùi Thị Lan đã điểm danh lúc 18:35, Lãnh đạo UBND Phường 1 ghi."]
    assert attending.counts(session)["present"] == 1
    assert session.attendances.get().at == EVENING - timedelta(minutes=5)


def test_a_revoked_card_is_refused_with_why_and_the_rest_lands(evening, cast):
    session, people = evening
    issue_cards(persons=people[:2], seat=cast.p1_officer)
    tokens = [person.cards.get().token for person in people[:2]]
    revoke_card(person=people[0], seat=cast.p1_officer)
    marks = [MarkData(at=EVENING, card=token, way=MarkWay.SCAN) for token in [*tokens, "khong-co"]]
    outcome = mark(seat=cast.p1_officer, session=session, marks=marks)
    assert who_came(session) == ["Đoàn Văn Hải"]
    assert "Thẻ của Bùi Thị Lan đã thu hồi" in outcome["notes"][0]
    assert "không phải thẻ học tập" in outcome["notes"][1]


def test_merged_between_scan_and_sync_the_surviving_one_is_marked_erased_is_said(evening, cast):
    session, people = evening
    twin = resident(cast, "Bùi Thị Lan")
    register(seat=cast.p1_officer, activity=session.activity, person=twin)
    merge_persons(seat=cast.p1_officer, kept=people[0], gone=twin)
    erase_person(seat=cast.p1_officer, person=people[1])
    marks = [tick(twin, EVENING), tick(people[1], EVENING), tick(people[2], EVENING)]
    outcome = mark(seat=cast.p1_officer, session=session, marks=marks)
    assert who_came(session) == ["Bùi Thị Lan", "Huỳnh Ngọc Diệp"]
    assert session.attendances.get(person=people[0]).present
    assert len(outcome["notes"]) == 1
    assert "đã xóa dữ liệu" in outcome["notes"][0]


def test_only_people_of_the_class_or_walk_ins_marked_as_such(evening, cast):
    session, people = evening
    neighbour = resident(cast, "Vũ Thị Mơ")
    stranger = Person.objects.create(full_name="Người lạ", name_folded="nguoi la", sort_key="x")
    marks = [
        tick(neighbour, EVENING), tick(stranger, EVENING), tick(people[0], EVENING),
        MarkData(at=EVENING, name="Cao Văn Mới", birth_year=1980), MarkData(at=EVENING, name="  vũ thị mơ "),
        MarkData(at=EVENING, person=10**15),
    ]  # fmt: skip
    outcome = mark(seat=cast.p1_officer, session=session, marks=marks)
    assert who_came(session) == ["Bùi Thị Lan", "Cao Văn Mới", "Vũ Thị Mơ"]
    walked = session.attendances.filter(walk_in=True).values_list("person__full_name", flat=True)
    assert set(walked) == {"Cao Văn Mới", "Vũ Thị Mơ"}
    assert attending.counts(session) == {
        "present": 3,
        "walk_ins": 2,
        "unnamed": 0,
        "expected": 6,
        "claims": 0,
    }
    assert len(outcome["notes"]) == 1


def test_organisers_and_speakers_are_no_learners(evening, cast):
    session, people = evening
    speaker = resident(cast, "Ngô Thị Giảng")
    register(seat=cast.p1_officer, activity=session.activity, person=speaker, part=Part.SPEAKER)
    mark(
        seat=cast.p1_officer, session=session, marks=[tick(p, EVENING) for p in [speaker, *people]], unnamed=4
    )
    with clock.frozen(at(7, 20)):
        close(seat=cast.p1_officer, session=session)
    assert attending.counts(session)["present"] == 6
    pk = session.activity_id
    assert attending.present_learners([pk]) == {pk: attending.Present(6, 6, 4, 4)}
    assert attending.distinct_learners([pk]) == 6


def test_a_part_given_afterwards_holds_for_the_marks_before(evening, cast):
    session, people = evening
    mark(seat=cast.p1_officer, session=session, marks=[tick(p, EVENING) for p in people])
    register(seat=cast.p1_officer, activity=session.activity, person=people[0], part=Part.SPEAKER)
    close(seat=cast.p1_officer, session=session)
    assert attending.present_learners([session.activity_id])[session.activity_id].people == len(people) - 1
    register(seat=cast.p1_officer, activity=session.activity, person=people[0], part=Part.LEARNER)
    assert attending.present_learners([session.activity_id])[session.activity_id].people == len(people)


def test_turns_and_people_are_different_measures(evening, cast):
    session, people = evening
    second = session.activity.sessions.create(starts_at=at(7, 18), code="ABCDEF", secret="s2")
    for one, whom in ((session, people), (second, people[:4])):
        mark(seat=cast.p1_officer, session=one, marks=[tick(p, EVENING) for p in whom], unnamed=3)
        close(seat=cast.p1_officer, session=one)
    merge_persons(seat=cast.p1_officer, kept=people[4], gone=people[5])
    assert attending.present_learners([session.activity_id])[session.activity_id] == attending.Present(
        9, 5, 6, 3
    )


@pytest.mark.parametrize(
    ("now", "said", "words"),
    [
        (at(7, 16, 29), at(7, 16, 29), "điểm danh được từ 16:30"),
        (at(6, 9), at(6, 9), "bắt đầu lúc 18:30, 07/10/2023"),
        (EVENING, EVENING + timedelta(minutes=6), "tương lai"),
        (EVENING, at(6, 9), "điểm danh được từ 16:30"),
    ],
)
def test_neither_before_its_time_nor_in_the_future(evening, cast, now, said, words):
    session, people = evening
    with clock.frozen(now), pytest.raises(Refusal, match=words):
        mark(seat=cast.p1_officer, session=session, marks=[tick(people[0], said)])
    assert Attendance.objects.count() == 0


@pytest.mark.parametrize(
    "ahead", [timedelta(days=365), -timedelta(days=365), timedelta(seconds=-40), timedelta()]
)
def test_a_phones_clock_is_corrected(ahead):
    at_the_phone = EVENING + ahead - timedelta(minutes=3)
    assert marking.correct(at_the_phone, ahead, EVENING) == EVENING - timedelta(minutes=3)
    assert marking.correct(EVENING + ahead + timedelta(seconds=2), ahead, EVENING) == EVENING


def test_a_phones_clock_that_no_calendar_knows_is_left_aside():
    never = datetime(1, 1, 1, tzinfo=UTC)
    assert marking.correct(never, timedelta(days=10), EVENING) == EVENING


def test_what_was_marked_before_it_was_closed_still_lands(evening, cast):
    session, people = evening
    with clock.frozen(at(7, 20)):
        close(seat=cast.p1_leader, session=session)
    with clock.frozen(at(8, 7)):
        mark(seat=cast.p1_officer, session=session, marks=[tick(people[0], EVENING)])
        with pytest.raises(Refusal, match="đã chốt lúc 20:30"):
            mark(seat=cast.p1_officer, session=session, marks=[tick(people[1], at(8, 7))])
        reopen(seat=cast.p1_officer, session=session)
        mark(seat=cast.p1_officer, session=session, marks=[tick(people[1], at(8, 7))])
    assert who_came(session) == ["Bùi Thị Lan", "Đoàn Văn Hải"]
    session.refresh_from_db()
    assert (session.state, session.closed_at) == (SessionState.HELD, None)


def test_not_of_a_cancelled_session_nor_before_it_began(evening, cast):
    session, people = evening
    with clock.frozen(at(7, 18, 0)), pytest.raises(Refusal, match="chưa chốt được"):
        close(seat=cast.p1_officer, session=session)
    cancel_session(seat=cast.p1_officer, session=session, why="Mất điện")
    with pytest.raises(Refusal, match="đã hủy"):
        mark(seat=cast.p1_officer, session=session, marks=[tick(people[0], EVENING)])


def test_who_may_mark(evening, cast):
    session, people = evening
    for seat in (cast.p1_officer, cast.p1_leader, cast.q3_officer):
        mark(seat=seat, session=session, marks=[tick(people[0], EVENING)])
    for seat in (cast.stranger_officer, cast.p2_officer, cast.pgd_officer):
        with pytest.raises(Refusal, match="Chỉ đơn vị tổ chức"):
            mark(seat=seat, session=session, marks=[tick(people[0], EVENING)])
    with pytest.raises(Refusal, match="không có quyền"):
        mark(seat=cast.q3_viewer, session=session)


def test_at_most_five_hundred_at_once(evening, cast):
    session, people = evening
    with pytest.raises(Refusal, match="nhiều nhất 500"):
        mark(seat=cast.p1_officer, session=session, marks=[tick(people[0], EVENING)] * 501)


def test_a_hundred_thousand_in_a_room_of_forty_is_questioned(week, cast):
    session = class_of(cast, capacity=40)[0].sessions.get()
    with clock.frozen(EVENING):
        outcome = mark(seat=cast.p1_officer, session=session, unnamed=100_000)
    assert "100.000 người" in outcome["notes"][0]


def test_people_mark_themselves_by_name_without_diacritics(evening, cast):
    session, _people = evening
    let_check_in(seat=cast.p1_officer, session=session, open_=True)
    found = session_of_code(f" {session.code.lower()} ")
    assert found == session
    for name in ("bui thi lan", "Bùi Thị Lan"):
        say_present(session=found, name=name, consented=True)
    assert who_came(session) == ["Bùi Thị Lan"]
    assert not Claim.objects.exists()
    with pytest.raises(Refusal, match="đồng ý"):
        say_present(session=found, name="Đoàn Văn Hải")


def test_who_comes_early_is_told_when_and_never_shut_out(evening, cast):
    session, people = evening
    let_check_in(seat=cast.p1_officer, session=session, open_=True)
    session.refresh_from_db()
    with clock.frozen(at(7, 16, 28)), pytest.raises(Refusal, match="Mở lại trang này từ 16:30"):
        check_in(session=session, person=people[0])
    with clock.frozen(at(7, 22)):
        assert not check_in(session=session, person=people[0]).already
        assert check_in(session=session, person=people[0]).already
    with clock.frozen(at(7, 22, 31)), pytest.raises(Refusal, match="Nhờ người tổ chức"):
        require_open(session)


def test_marked_absent_by_an_officer_one_does_not_mark_oneself_present(evening, cast):
    session, people = evening
    let_check_in(seat=cast.p1_officer, session=session, open_=True)
    session.refresh_from_db()
    mark(seat=cast.p1_officer, session=session, marks=[tick(people[0], EVENING, present=False)])
    with pytest.raises(Refusal, match="ghi anh/chị vắng lúc 18:40"):
        check_in(session=session, person=people[0])


def test_a_moved_session_is_marked_at_its_new_time(week, cast):
    activity, people = class_of(cast)
    session = move_session(
        seat=cast.p1_officer, session=activity.sessions.get(), starts_at=at(8), ends_at=None, why="Mưa"
    )
    with clock.frozen(EVENING), pytest.raises(Refusal, match="08/10/2023"):
        mark(seat=cast.p1_officer, session=session, marks=[tick(people[0], EVENING)])


def test_three_marks_of_one_person_in_every_order(evening, cast):
    session, people = evening
    moments = [(0, True), (3, False), (5, True)]
    for order in permutations(moments):
        Attendance.objects.all().delete()
        for minute, present in order:
            one = tick(people[0], EVENING - timedelta(minutes=10 - minute), present)
            mark(seat=cast.p1_officer, session=session, marks=[one])
        assert who_came(session) == ["Bùi Thị Lan"], order


def _cancelled_and_restored(seat, session):
    cancel_session(seat=seat, session=session, why="Mất điện")
    restore_session(seat=seat, session=session)


def _not_held_after_all(seat, session):
    correct_session(seat=seat, session=session, data=SessionData(session.starts_at, session.ends_at))


@pytest.mark.parametrize("undone", [_cancelled_and_restored, _not_held_after_all])
def test_a_closing_sent_again_does_not_close_what_was_undone_since(evening, cast, undone):
    session, _people = evening
    closing = clock.now()
    close(seat=cast.p1_officer, session=session, at=closing)
    with clock.frozen(EVENING + timedelta(minutes=2)):
        undone(cast.p1_officer, session)
        close(seat=cast.p1_officer, session=session, at=closing)
    session.refresh_from_db()
    assert (session.state, session.closed_at) == (SessionState.PLANNED, None)


def test_who_was_merged_meanwhile_is_marked_and_enrolled_as_the_one_who_stays(evening, cast):
    session, people = evening
    twin, other = resident(cast, "Bùi Thị Lan"), resident(cast, "Cao Văn Mới")
    let_check_in(seat=cast.p1_officer, session=session, open_=True)
    for gone in (twin, other):
        merge_persons(seat=None, kept=people[0], gone=Person.objects.get(pk=gone.pk))
    check_in(session=session, person=twin)
    assert Attendance.objects.get().person == people[0]
    assert register(seat=cast.p1_officer, activity=session.activity, person=other).person == people[0]


def test_who_was_erased_has_a_place_still_and_every_screen_says_the_same(evening, cast):
    session, people = evening
    mark_all_present(seat=cast.p1_officer, session=session)
    erase_person(seat=cast.p1_officer, person=people[0])
    counts = attending.counts(session)
    assert (counts["present"], counts["expected"]) == (5, 6)
    assert counts == attending.counts(session, attending.marked(session), attending.the_class_at(session))
