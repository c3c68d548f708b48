"""Places in a class: never more than there are, in the order people came, and nobody lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from hoctap.activities import calendars
from hoctap.activities.actions import (
    SessionData,
    add_session,
    cancel_activity,
    cancel_session,
    change_activity,
    correct_session,
    merge_persons,
    move_session,
    record_activity,
    reinstate_activity,
    restore_session,
    undo_merge,
)
from hoctap.activities.actions.registering import (
    Applicant,
    apply,
    fill_places,
    give_up,
    is_open,
    register,
    register_oneself,
)
from hoctap.activities.actions.telling import remind_tomorrow, session_cancelled, session_moved
from hoctap.activities.enums import Opening, Part, RegistrationState
from hoctap.activities.models import Activity, Registration
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.notify.models import Letter
from hoctap.people.enums import Purpose
from hoctap.people.models import Consent, Person, User
from tests.activities.conftest import NOW, at, said
from tests.activities.people import class_of, resident

TAKEN, WAITING, GIVEN_UP = RegistrationState


@pytest.fixture
def small(week, cast) -> Activity:
    """An evening open to all, with two places."""
    return class_of(cast, [], capacity=2, opening=Opening.PUBLIC, registration_ends_at=at(7, 12))[0]


def anna(name: str = "Cao Văn Mới", **more) -> Applicant:
    return Applicant(full_name=name, record=True, **more)


def standing(activity: Activity) -> list[tuple[str, str]]:
    rows = Registration.objects.filter(activity=activity).order_by("at", "pk")
    return list(rows.values_list("person__full_name", "state"))


def test_who_comes_after_the_last_place_waits_and_gets_the_one_given_up(small):
    first, second, third, fourth = [apply(activity=small, applicant=anna(f"Người {n}")) for n in "ABCD"]
    assert [row.state for row in (first, second, third, fourth)] == [TAKEN, TAKEN, WAITING, WAITING]
    give_up(registration=first)
    assert standing(small) == [
        ("Người A", GIVEN_UP), ("Người B", TAKEN), ("Người C", TAKEN), ("Người D", WAITING),
    ]  # fmt: skip
    assert give_up(registration=first).state == GIVEN_UP
    assert dict(standing(small))["Người D"] == WAITING


def test_more_places_let_those_in_who_wait(small):
    rows = [apply(activity=small, applicant=anna(f"Người {n}")) for n in "ABCDE"]
    Activity.objects.filter(pk=small.pk).update(capacity=4)
    assert [row.pk for row in fill_places(activity=small)] == [rows[2].pk, rows[3].pk]
    Activity.objects.filter(pk=small.pk).update(capacity=None)
    assert [row.pk for row in fill_places(activity=small)] == [rows[4].pk]


def test_a_form_that_says_more_places_lets_them_in(small, cast):
    for n in "ABC":
        apply(activity=small, applicant=anna(f"Người {n}"))
    data = said("Tin học cho người lớn", "class.it", capacity=3, opening=Opening.PUBLIC)
    change_activity(seat=cast.p1_officer, activity=small, data=data)
    assert [state for _name, state in standing(small)] == [TAKEN] * 3


def test_who_gave_up_and_comes_again_comes_last(small):
    rows = [apply(activity=small, applicant=anna(f"Người {n}"), page=n) for n in "ABC"]
    give_up(registration=rows[0])
    again = apply(activity=small, applicant=anna("Người A"), page="A")
    assert (again.pk, again.state) == (rows[0].pk, WAITING)
    give_up(registration=again)
    elsewhere = apply(activity=small, applicant=anna("Người A"), page="later")
    assert (elsewhere.state, elsewhere.token == again.token) == (WAITING, False)


def test_the_same_page_again_is_the_same_registration(small):
    first = apply(activity=small, applicant=anna(), page="p")
    assert apply(activity=small, applicant=anna(), page="p") == first
    assert Person.objects.count() == 1
    assert apply(activity=small, applicant=anna(birth_year=1980), page="q").person_id != first.person_id


def test_whoever_knows_a_name_does_not_get_its_place_or_its_link(small):
    first = apply(activity=small, applicant=anna(contact="0903 000 000"), page="p")
    with pytest.raises(Refusal, match="Đã có người đăng ký"):
        apply(activity=small, applicant=anna("cao văn  mới", contact="0903 000 000"), page="q")
    assert apply(activity=small, applicant=anna(), page="r").token != first.token


def test_speakers_and_organisers_take_no_place(small, cast):
    for part in (Part.SPEAKER, Part.ORGANISER):
        register(seat=cast.p1_officer, activity=small, person=resident(cast, f"Ban {part}"), part=part)
    assert [apply(activity=small, applicant=anna(f"Người {n}")).state for n in "ABC"] == [
        TAKEN,
        TAKEN,
        WAITING,
    ]


acts = st.lists(st.tuples(st.sampled_from(["come", "go", "grow"]), st.integers(0, 7)), max_size=25)


@given(acts=acts, capacity=st.integers(0, 3))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_never_over_capacity_order_kept_nobody_lost(acts, capacity, small):
    Registration.objects.all().delete()
    Activity.objects.filter(pk=small.pk).update(capacity=capacity)
    rows: dict[int, Registration] = {}
    line: list[int] = []  # who is in or waits, in the order they came
    for second, (act, n) in enumerate(acts):
        with clock.frozen(NOW + timedelta(seconds=second)):
            if act == "come":
                rows[n] = apply(activity=small, applicant=anna(f"Người {n}"), page=str(n + 1))
                line += [n] if n not in line else []
            elif act == "go" and n in rows:
                give_up(registration=rows[n])
                line = [one for one in line if one != n]
            elif act == "grow":
                capacity += n % 2
                Activity.objects.filter(pk=small.pk).update(capacity=capacity)
                fill_places(activity=small)
        states = {k: Registration.objects.get(pk=row.pk).state for k, row in rows.items()}
        assert {k for k, state in states.items() if state == TAKEN} == set(line[:capacity])
        assert {k for k, state in states.items() if state == WAITING} == set(line[capacity:])
        assert set(states) == set(rows)


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_twenty_at_once_for_two_places_while_some_give_up(cast):
    with clock.frozen(NOW):
        activity = class_of(cast, [], capacity=2, opening=Opening.PUBLIC)[0]

    def come(n: int):
        try:
            with clock.frozen(NOW):
                row = apply(activity=activity, applicant=anna(f"Người {n}"))
                if n % 3 == 0:
                    give_up(registration=row)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as many:
        list(many.map(come, range(20)))
    rows = list(Registration.objects.filter(activity=activity).exclude(state=GIVEN_UP).order_by("at", "pk"))
    assert len(rows) == 13
    assert [row.state for row in rows].count(TAKEN) == 2
    assert Registration.objects.filter(activity=activity).count() == 20


def test_the_closing_moment_is_too_late(small, cast):
    with clock.frozen(at(7, 12)):
        assert not is_open(small)
        with pytest.raises(Refusal, match="hết hạn đăng ký lúc 12:30, 07/10/2023"):
            apply(activity=small, applicant=anna())
        register(seat=cast.p1_officer, activity=small, person=resident(cast, "Người đến muộn"))
    with clock.frozen(at(7, 12) - timedelta(seconds=1)):
        apply(activity=small, applicant=anna())


@pytest.mark.parametrize(
    ("applicant", "words"),
    [
        (Applicant(full_name="Cao Văn Mới"), "Đánh dấu đồng ý"),
        (Applicant(full_name="  ", record=True), "Ghi họ tên"),
        (Applicant(full_name="Bé Na", birth_year=2015, record=True), "người giám hộ"),
        (Applicant(full_name="Cụ Rùa", birth_year=1780, record=True), "Năm sinh"),
    ],
)
def test_what_is_missing_is_said_and_nobody_is_kept(small, applicant, words):
    with pytest.raises(Refusal, match=words):
        apply(activity=small, applicant=applicant)
    assert not Person.objects.exists()


def test_consent_is_kept_for_what_was_ticked_a_childs_by_the_guardian(small):
    apply(activity=small, applicant=anna(contact="moi@example.vn"))
    assert list(Consent.objects.values_list("purpose", flat=True)) == [Purpose.RECORD]
    child = apply(
        activity=small, applicant=anna("Bé Na", birth_year=2015, guardian_name="Lê Thị Mẹ", write=True)
    ).person
    kept = child.consents.order_by("purpose").values_list("purpose", "by_guardian", "given_by")
    assert list(kept) == [(Purpose.CONTACT, True, "Lê Thị Mẹ"), (Purpose.RECORD, True, "Lê Thị Mẹ")]


def test_a_class_of_the_unit_takes_its_own_people(week, cast):
    activity = class_of(cast, [], opening=Opening.UNIT)[0]
    own, other = resident(cast, "Bùi Thị Lan"), Person.objects.create(full_name="Ngoài", sort_key="x")
    assert register_oneself(activity=activity, person=own).state == TAKEN
    with pytest.raises(Refusal, match="dành cho người của"):
        register_oneself(activity=activity, person=other)
    with pytest.raises(Refusal, match="không mở đăng ký công khai"):
        apply(activity=activity, applicant=anna())


def test_who_becomes_an_organiser_leaves_the_place_to_the_next(small, cast):
    people = [resident(cast, name) for name in ("Bùi Thị Lan", "Đoàn Văn Hải", "Lê Quang Vinh")]
    for person in people:
        register(seat=cast.p1_officer, activity=small, person=person)
    assert dict(standing(small))["Lê Quang Vinh"] == RegistrationState.WAITING
    register(seat=cast.p1_officer, activity=small, person=people[0], part=Part.ORGANISER)
    assert small.registrations.get(person=people[0]).part == Part.ORGANISER
    assert {state for _name, state in standing(small)} == {TAKEN}


def test_who_may_enrol_others(small, cast):
    person = resident(cast, "Bùi Thị Lan")
    for seat in (cast.stranger_officer, cast.p2_officer):
        with pytest.raises(Refusal):
            register(seat=seat, activity=small, person=person)
    row = register(seat=cast.p1_officer, activity=small, person=person)
    assert row.unit == cast.p1
    with pytest.raises(Refusal):
        give_up(registration=row, seat=cast.stranger_officer)


def _letters() -> list[tuple[str, str]]:
    return list(Letter.objects.order_by("pk").values_list("to", "subject"))


def test_letters_go_only_to_an_account_or_who_agreed(small):
    apply(activity=small, applicant=anna("Người A", contact="a@example.vn"))
    apply(activity=small, applicant=anna("Người B", contact="b@example.vn", write=True))
    apply(activity=small, applicant=anna("Người C", contact="0903 000 000", write=True))
    account = Person.objects.create(
        full_name="Người D", sort_key="d", user=User.objects.create_user("d", "Người D", email="d@example.vn")
    )
    register_oneself(activity=small, person=account)
    assert _letters() == [
        ("b@example.vn", "Đã đăng ký: Tin học cho người lớn"),
        ("d@example.vn", "Chờ chỗ: Tin học cho người lớn"),
    ]


def test_reminded_once_the_day_before(small):
    apply(activity=small, applicant=anna("Người B", contact="b@example.vn", write=True))
    Letter.objects.all().delete()
    for _ in range(2):
        remind_tomorrow()
    assert _letters() == [("b@example.vn", "Nhắc lịch: Tin học cho người lớn")]
    body = Letter.objects.get().body
    assert "18:30 ngày 07/10/2023" in body
    assert f"/dang-ky/rut/{Registration.objects.get().token}/" in body
    with clock.frozen(at(7, 8)):
        remind_tomorrow()
    assert len(_letters()) == 1


def test_moved_and_cancelled_sessions_tell_those_registered(small, cast):
    row = apply(activity=small, applicant=anna("Người B", contact="b@example.vn", write=True))
    gone = apply(activity=small, applicant=anna("Người C", contact="c@example.vn", write=True))
    give_up(registration=gone)
    Letter.objects.all().delete()
    session = small.sessions.get()
    session = move_session(seat=cast.p1_officer, session=session, starts_at=at(8), ends_at=None, why="Mưa")
    session_moved(session)
    session = cancel_session(seat=cast.p1_officer, session=session, why="Mất điện")
    session_cancelled(session)  # told by the act itself already: once each
    assert row.state == TAKEN
    assert [to for to, _ in _letters()] == ["b@example.vn"] * 2
    assert "dời sang 18:30 ngày 08/10/2023 (Mưa)" in Letter.objects.order_by("pk")[0].body


@pytest.fixture
def told(small, cast):
    """Does one act after another on the evening, a minute apart, and gives what who has a place, and who waits, read."""
    for name in ("a@example.vn", "b@example.vn", "c@example.vn"):
        apply(activity=small, applicant=anna(name, contact=name, write=True))
    give_up(registration=Registration.objects.get(person__full_name="a@example.vn"))
    apply(activity=small, applicant=anna("d@example.vn", contact="d@example.vn", write=True))
    Activity.objects.filter(pk=small.pk).update(capacity=1)
    Letter.objects.all().delete()

    def act(*deeds) -> list[str]:
        for minute, (deed, more) in enumerate(deeds, 1):
            of = {"session": small.sessions.get()} if "session" in deed.__name__ else {"activity": small}
            with clock.frozen(NOW + timedelta(minutes=minute)):
                deed(seat=cast.p1_officer, **of, **more)
        rows = list(Letter.objects.order_by("pk").values_list("to", "body"))
        assert {to for to, _body in rows} <= {"b@example.vn", "c@example.vn", "d@example.vn"}
        said = [body.split("\n")[2] for to, body in rows if to == "b@example.vn"]
        assert len(rows) == 3 * len(said)
        return said

    return act


def _to(day: int, **more) -> tuple:
    return move_session, {"starts_at": at(day), "ends_at": None, "why": "Mưa", **more}


def _corrected(*when, **more) -> tuple:
    return correct_session, {"data": SessionData(*when, **more)}


def test_moved_there_and_back_again_is_told_each_time(told):
    assert told(_to(8), _to(9), _to(8)) == [
        "Buổi học dời sang 18:30 ngày 08/10/2023 (Mưa).",
        "Buổi học dời sang 18:30 ngày 09/10/2023 (Mưa).",
        "Buổi học dời sang 18:30 ngày 08/10/2023 (Mưa).",
    ]


def test_a_form_sent_twice_tells_once(told):
    twice = [(cancel_session, {"why": "Mất điện"})] * 2 + [(restore_session, {})] * 2 + [_to(8)] * 2
    assert told(*twice, *[_corrected(at(9))] * 2) == [
        "Buổi 18:30 ngày 07/10/2023 đã hủy: Mất điện.",
        "Buổi 18:30 ngày 07/10/2023 không hủy nữa, vẫn học như cũ.",
        "Buổi học dời sang 18:30 ngày 08/10/2023 (Mưa).",
        "Buổi học dời sang 18:30 ngày 09/10/2023.",
    ]


@pytest.mark.parametrize(
    ("cancel", "restore", "what"),
    [
        ((cancel_session, {"why": "Mưa"}), (restore_session, {}), "Buổi 18:30 ngày 07/10/2023"),
        ((cancel_activity, {"reason": "Mưa"}), (reinstate_activity, {}), "Hoạt động này"),
    ],
)
def test_cancelled_restored_and_cancelled_again_is_told_each_time(told, cancel, restore, what):
    off, on = f"{what} đã hủy: Mưa.", f"{what} không hủy nữa, vẫn học như cũ."
    assert told(cancel, restore, cancel) == [off, on, off]


@pytest.mark.parametrize(
    ("deed", "says", "moved_from"),
    [
        (_corrected(at(9), at(9, 20)), "Buổi học dời sang 18:30 ngày 09/10/2023.", at(7)),
        (_corrected(at(7, 19), at(7, 20)), "Buổi học dời sang 19:30 ngày 07/10/2023.", at(7)),
        (_corrected(at(7), at(7, 20), place="Nhà văn hóa"), "Buổi 18:30 ngày 07/10/2023 đổi nơi học: Nhà văn hóa.", None),
        (
            _corrected(at(7), at(7, 20), online_link="https://hop.vn/x"),
            "Buổi 18:30 ngày 07/10/2023 đổi nơi học: https://hop.vn/x.",
            None,
        ),
        (_corrected(at(7), at(7, 21)), None, None),
        (_corrected(at(5), at(5, 20), held=True), None, None),
    ],
)  # fmt: skip
def test_a_coming_session_corrected_to_another_time_or_place_is_told_like_a_moved_one(
    told, small, deed, says, moved_from
):
    assert told(deed) == ([says] if says else [])
    assert small.sessions.get().moved_from == moved_from


def test_why_it_was_moved_before_is_not_why_it_is_corrected(told):
    assert told(_to(8), _corrected(at(9)))[1] == "Buổi học dời sang 18:30 ngày 09/10/2023."


def test_what_is_corrected_of_the_past_or_of_a_class_without_people_moves_nothing(small, cast):
    session = small.sessions.get()
    data = SessionData(at(8), at(8, 20))
    assert correct_session(seat=cast.p1_officer, session=session, data=data).moved_from is None
    apply(activity=small, applicant=anna("Người B", contact="b@example.vn", write=True))
    Letter.objects.all().delete()
    with clock.frozen(at(10)):
        data = SessionData(at(9), at(9, 20), place="Nhà văn hóa")
        assert correct_session(seat=cast.p1_officer, session=session, data=data).moved_from is None
    assert _letters() == []


@pytest.mark.parametrize(
    ("data", "last", "over"),
    [
        (SessionData(at(7), at(7, 20)), at(7, 20) - timedelta(seconds=1), at(7, 20)),
        (SessionData(at(7)), at(7, 20, 29), at(7, 20, 30)),
        (SessionData(at(7, 7), whole_day=True), at(7, 23, 59), at(8, 0, 0)),
        (SessionData(at(7, 22), at(8, 1)), at(8, 1, 29), at(8, 1, 30)),  # beyond midnight
    ],
)
def test_nobody_gets_a_place_once_the_last_session_ended(week, cast, data, last, over):
    name = said("Tin học cho người lớn", "class.it", data, capacity=1, opening=Opening.PUBLIC)
    activity = record_activity(seat=cast.p1_officer, host=cast.p1, data=name)
    later = add_session(seat=cast.p1_officer, activity=activity, data=SessionData(at(20)))
    cancel_session(seat=cast.p1_officer, session=later, why="Mất điện")
    first = apply(activity=activity, applicant=anna("Người A"))
    for n in "BC":
        apply(activity=activity, applicant=anna(f"Người {n}", contact=f"{n}@example.vn", write=True))
    Letter.objects.all().delete()
    activity.refresh_from_db()
    with clock.frozen(last):
        assert is_open(activity)
        give_up(registration=first)
    with clock.frozen(over):
        assert not is_open(activity)
        with pytest.raises(Refusal, match="không nhận đăng ký"):
            apply(activity=activity, applicant=anna("Người D"))
        give_up(registration=Registration.objects.get(person__full_name="Người B"))
    assert standing(activity) == [("Người A", GIVEN_UP), ("Người B", GIVEN_UP), ("Người C", WAITING)]
    assert _letters() == [("B@example.vn", "Đã có chỗ: Tin học cho người lớn")]


def _token(path: str) -> str:
    return path.removeprefix("/lich/").removesuffix(".ics")


def _events(path: str) -> dict[str, dict]:
    found = Calendar.from_ical(calendars.written(calendars.sessions_at(_token(path))))
    return {str(event["summary"]): event for event in found.walk("VEVENT")}


def test_the_calendar_tells_of_sessions_deadlines_and_changes(small, cast):
    path = calendars.path_of("activity", small.pk)
    event = _events(path)["Tin học cho người lớn"]
    assert (event["dtstart"].dt, event["status"], event["sequence"]) == (at(7), "CONFIRMED", 0)
    assert _events(path)["Hết hạn đăng ký: Tin học cho người lớn"]["dtstart"].dt == at(7, 12)
    with clock.frozen(NOW + timedelta(minutes=5)):
        move_session(
            seat=cast.p1_officer, session=small.sessions.get(), starts_at=at(8), ends_at=None, why="Mưa"
        )
        moved = _events(path)["Tin học cho người lớn"]
        assert (moved["dtstart"].dt, moved["uid"]) == (at(8), event["uid"])
        assert moved["sequence"] > event["sequence"]
    with clock.frozen(NOW + timedelta(minutes=9)):
        cancel_session(seat=cast.p1_officer, session=small.sessions.get(), why="Mất điện")
        gone = _events(path)["Tin học cho người lớn"]
        assert (gone["status"], gone["sequence"] > moved["sequence"]) == ("CANCELLED", True)


def test_every_moment_stands_in_a_zone_that_the_calendar_describes(small):
    written = calendars.written(calendars.sessions_at(_token(calendars.path_of("activity", small.pk))))
    assert b"DTSTART:20231007T113000Z" in written
    assert b"DTEND:20231007T133000Z" in written
    assert b"TZID" not in written
    assert len(written) < 1000


def test_what_is_coming_is_never_cut_from_a_feed(week, cast, monkeypatch):
    monkeypatch.setattr(calendars, "MOST", 3)
    days = [
        *(SessionData(at(day), held=True) for day in (2, 3, 4)),
        SessionData(at(6, 8)),
        SessionData(at(9)),
    ]
    activity = record_activity(seat=cast.p1_officer, host=cast.p1, data=said("Lớp", "class.it", *days))

    def shown() -> list[int]:
        sessions = calendars.sessions_at(_token(calendars.path_of("unit", cast.p1.pk)))
        return [session.starts_at.astimezone(clock.VIETNAM).day for session in sessions]

    assert shown() == [4, 6, 9]
    for day in (10, 11):
        add_session(seat=cast.p1_officer, activity=activity, data=SessionData(at(day)))
    assert shown() == [6, 9, 10]  # what is nearest


def test_feeds_of_a_unit_and_a_person_and_nothing_else(small, cast):
    row = apply(activity=small, applicant=anna())
    class_of(cast, [])
    assert len(_events(calendars.path_of("unit", cast.p1.pk))) == 2
    mine = calendars.path_of("person", row.person_id)
    assert set(_events(mine)) == {"Tin học cho người lớn", "Hết hạn đăng ký: Tin học cho người lớn"}
    give_up(registration=row)
    assert _events(mine) == {}
    token = _token(mine)
    for forged in (token[:-1], f"u{cast.p1.pk}" + token[token.index(".") :], "x", ""):
        assert calendars.sessions_at(forged) is None


def test_two_places_of_one_person_let_the_next_in_who_waits(small, cast):
    """Merged, the class has a free place; taken apart again, who has it by then keeps it."""
    one, other = resident(cast, "Lê Văn Hai"), resident(cast, "Lê Văn Hai")
    rows = [register(seat=cast.p1_officer, activity=small, person=person) for person in (one, other)]
    third = apply(activity=small, applicant=anna("Người C", contact="c@example.vn", write=True))
    apply(activity=small, applicant=anna("Người D"))
    assert [row.state for row in (*rows, third)] == [TAKEN, TAKEN, WAITING]
    merge = merge_persons(seat=cast.p1_officer, kept=one, gone=other)
    assert standing(small) == [("Lê Văn Hai", TAKEN), ("Người C", TAKEN), ("Người D", WAITING)]
    assert Letter.objects.filter(to="c@example.vn", subject__startswith="Đã có chỗ").count() == 1
    undo_merge(seat=cast.p1_officer, merge=merge)
    assert standing(small) == [
        ("Lê Văn Hai", TAKEN), ("Lê Văn Hai", WAITING), ("Người C", TAKEN), ("Người D", WAITING),
    ]  # fmt: skip
    give_up(registration=third)
    assert standing(small)[1] == ("Lê Văn Hai", TAKEN)  # whose place it was is the first in line


def test_a_merge_that_frees_nothing_lets_nobody_in(small, cast):
    one, other = resident(cast, "Lê Văn Hai"), resident(cast, "Lê Văn Hai")
    register(seat=cast.p1_officer, activity=small, person=one)
    apply(activity=small, applicant=anna("Người B"))
    for person in (other, resident(cast, "Lê Văn Ba")):
        register(seat=cast.p1_officer, activity=small, person=person)
    merge = merge_persons(seat=cast.p1_officer, kept=other, gone=one)
    assert standing(small) == [("Lê Văn Hai", TAKEN), ("Người B", TAKEN), ("Lê Văn Ba", WAITING)]
    undo_merge(seat=cast.p1_officer, merge=merge)
    assert [state for _name, state in standing(small)] == [TAKEN, TAKEN, WAITING, WAITING]


def test_of_two_who_wait_the_earlier_place_in_line_stays(small, cast):
    one, other = resident(cast, "Lê Văn Hai"), resident(cast, "Lê Văn Hai")
    for n in "AB":
        apply(activity=small, applicant=anna(f"Người {n}"))
    register(seat=cast.p1_officer, activity=small, person=one)
    apply(activity=small, applicant=anna("Người C"))
    register(seat=cast.p1_officer, activity=small, person=other)
    merge_persons(seat=cast.p1_officer, kept=other, gone=one)
    assert [name for name, state in standing(small) if state == WAITING] == ["Lê Văn Hai", "Người C"]
