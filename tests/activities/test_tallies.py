"""What is kept of activities says what their sessions and marks do, whatever is done to them and in whatever order."""

import os
from collections import defaultdict
from contextlib import suppress
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.activities import tallies
from hoctap.activities.actions import (
    ActivityData,
    SessionData,
    add_session,
    cancel_activity,
    cancel_session,
    change_activity,
    correct_session,
    erase_person,
    merge_persons,
    reinstate_activity,
    restore_session,
    undo_merge,
)
from hoctap.activities.actions.attendance import close, mark
from hoctap.activities.enums import Part, SessionState
from hoctap.activities.facts import collect
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Activity, Attendance, Session, Tally
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.people.models import Merge, Person
from tests.activities.people import resident
from tests.cast import Cast, make_cast
from tests.deeds import DAY, LATER, came, deed, held, on, people
from tests.reports.test_races import overlap

SEQUENCES = 300 if os.environ.get("CI") else 40
FIRST, LAST = date(2023, 10, 2), date(2023, 10, 6)
OUTSIDE = date(2023, 10, 7)
COUNT, PERSONS, ALL = "classes.life-skills.count", "classes.life-skills.persons", "classes.all.persons"

which = st.integers(0, 3)
day = st.sampled_from([FIRST, DAY, LAST, OUTSIDE])
act = st.one_of(
    *[st.tuples(st.just("count"))] * 3,
    *[st.tuples(st.just("mark"), which, which, st.booleans())] * 4,
    *[st.tuples(st.just("close"), which, st.integers(0, 5))] * 2,
    st.tuples(st.just("add"), which, day),
    st.tuples(st.just("correct"), which, day, st.integers(0, 5), st.booleans()),
    st.tuples(st.sampled_from(["cancel", "restore", "toggle", "give"]), which),
    *[st.tuples(st.just("merge"), which, which)] * 2,
    st.tuples(st.just("undo")),
    st.tuples(st.just("erase"), which),
)


class Play:
    """Two classes of Phường 1 and four persons; a moment goes by with each act."""

    def __init__(self, cast: Cast):
        self.cast, self.seat, self.now = cast, cast.q3_officer, LATER
        self.classes = [
            deed(cast.p1_officer, held(unnamed=2), held(LAST), of="class.life-skills"),
            deed(cast.p1_officer, held(hour=14), of="class.it"),
        ]
        self.persons = [resident(cast, name) for name in ("An", "Bình", "Châu", "Dung")]

    def do(self, name: str, *args) -> None:
        self.now += timedelta(minutes=1)
        with clock.frozen(self.now), suppress(Refusal), transaction.atomic():
            getattr(self, name)(*args)

    def session(self, index: int) -> Session:
        found = list(Session.objects.select_related("activity__host").order_by("pk"))
        return found[index % len(found)]

    def activity(self, index: int) -> Activity:
        return Activity.objects.get(pk=self.classes[index % 2].pk)

    def count(self) -> None:
        tallies.count_missing()

    def mark(self, index: int, person: int, present: bool) -> None:
        session = self.session(index)
        marks = [MarkData(at=self.now, person=self.persons[person].pk, present=present)]
        mark(seat=self.seat, session=session, marks=marks)

    def close(self, index: int, unnamed: int) -> None:
        session = self.session(index)
        close(seat=self.seat, session=session, unnamed=unnamed)

    def add(self, index: int, when: date) -> None:
        activity = self.activity(index)
        add_session(seat=self.seat, activity=activity, data=held(when, unnamed=1, hour=18))

    def correct(self, index: int, when: date, unnamed: int, is_held: bool) -> None:
        session = self.session(index)
        data = SessionData(on(when, 9 + index), held=is_held, unnamed=unnamed)
        correct_session(seat=self.seat, session=session, data=data)

    def cancel(self, index: int) -> None:
        session = self.session(index)
        cancel_session(seat=self.seat, session=session, why="thử")

    def restore(self, index: int) -> None:
        session = self.session(index)
        restore_session(seat=self.seat, session=session)

    def toggle(self, index: int) -> None:
        activity = self.activity(index)
        if activity.cancelled_at:
            reinstate_activity(seat=self.seat, activity=activity)
        else:
            cancel_activity(seat=self.seat, activity=activity, reason="thử")

    def give(self, index: int) -> None:
        """To another host."""
        activity = self.activity(index)
        to = self.cast.pgd if activity.host == self.cast.p1 else self.cast.p1
        data = ActivityData(kind=activity.kind, name=activity.name)
        change_activity(seat=self.seat, activity=activity, data=data, host=to)

    def merge(self, kept: int, gone: int) -> None:
        merge_persons(seat=None, kept=self.persons[kept], gone=self.persons[gone])

    def undo(self) -> None:
        if merge := Merge.objects.filter(undone_at=None).order_by("pk").last():
            undo_merge(seat=None, merge=merge)

    def erase(self, index: int) -> None:
        erase_person(seat=None, person=Person.objects.get(pk=self.persons[index].pk))


def plain(activities: list[int]) -> dict:
    """By indicator the people, lượt and activities that count, from the rows one by one."""
    found: dict[str, list] = defaultdict(lambda: [set(), 0, 0, []])
    for activity in Activity.objects.filter(pk__in=activities, cancelled_at=None).order_by("pk"):
        who, most, times = set(), 0, 0
        for session in activity.sessions.filter(state=SessionState.HELD):
            if not FIRST <= session.starts_at.astimezone(clock.VIETNAM).date() <= LAST:
                continue
            marks = Attendance.objects.filter(session=session, present=True, part=Part.LEARNER)
            ids = [mark.person.merged_into_id or mark.person_id for mark in marks.select_related("person")]
            who |= {*ids}
            most, times = max(most, session.unnamed), times + session.unnamed + len(ids)
        if not times:
            continue
        for code, measure in activity.kind.feeds.items():
            if measure == "people":
                sums = found[code]
                sums[0] |= who
                sums[1:] = sums[1] + most, sums[2] + times, [*sums[3], activity.pk]
    return {code: (len(who) + most, times, tuple(ids)) for code, (who, most, times, ids) in found.items()}


def said(activities: list[int]) -> dict:
    facts = collect({0: activities}, FIRST, LAST)[0]
    return {
        code: (fact.value, fact.attendances, fact.sources)
        for code, fact in facts.items()
        if "persons" in code
    }


@pytest.mark.django_db
@settings(
    max_examples=SEQUENCES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(act, min_size=10, max_size=30))
def test_what_is_kept_is_what_a_recount_says(cast: Cast, steps):
    with transaction.atomic():
        play = Play(cast)
        ids = [activity.pk for activity in play.classes]
        for name, *args in steps:
            play.do(name, *args)
            assert said(ids) == plain(ids), name
            assert list(tallies.wrong()) == [], name
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_is_kept_is_read_and_a_wrong_one_is_found(cast: Cast):
    an, binh = people("An", "Bình")
    one = deed(cast.p1_officer, held(unnamed=3), name="Lớp may")
    came(one, an, binh)
    with clock.frozen(LATER):
        assert tallies.count_missing() == 1 and tallies.count_missing() == 0
    assert list(tallies.wrong()) == [] and said([one.pk])[PERSONS] == (5, 5, (one.pk,))
    Tally.objects.update(most=7)
    assert said([one.pk])[PERSONS][0] == 9
    assert list(tallies.wrong()) == ["Lớp may"]


@pytest.mark.django_db
def test_two_marks_folded_into_one_are_counted_anew(cast: Cast):
    an, again = people("An", "An")
    one = deed(cast.p1_officer)
    came(one, an, again)
    with clock.frozen(LATER):
        tallies.count_missing()
    merge_persons(seat=None, kept=an, gone=again)
    assert said([one.pk])[PERSONS] == (1, 1, (one.pk,)) and list(tallies.wrong()) == []


@pytest.mark.django_db
def test_what_reaches_out_of_the_days_is_counted_anew(cast: Cast):
    one = deed(cast.p1_officer, held(unnamed=3), held(OUTSIDE, unnamed=8))
    with clock.frozen(LATER):
        tallies.count_missing()
    assert Tally.objects.get().most == 8 and said([one.pk])[PERSONS] == (3, 3, (one.pk,))


@pytest.mark.django_db
def test_what_is_not_over_is_not_counted_yet(cast: Cast):
    deed(cast.p1_officer, held(unnamed=3))
    with clock.frozen(datetime(2023, 10, 4, 20, 0, tzinfo=clock.VIETNAM)):
        assert tallies.count_missing() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
class TestTogether:
    """Counting and marking at one moment."""

    @pytest.fixture
    def klass(self, db) -> Activity:
        self.cast = make_cast()
        with clock.frozen(LATER):
            self.person = resident(self.cast, "An")
        return deed(self.cast.p1_officer, held())

    def come(self, klass: Activity) -> None:
        session = klass.sessions.get()
        came = [MarkData(at=LATER, person=self.person.pk)]
        mark(seat=self.cast.p1_officer, session=session, marks=came)

    def test_who_counts_leaves_what_is_being_marked(self, klass):
        with clock.frozen(LATER):
            _, counted = overlap(lambda: self.come(klass), tallies.count_missing)
            assert counted == 0 and not Tally.objects.exists()
            assert tallies.count_missing() == 1 and Tally.objects.get().people == [self.person.pk]

    def test_who_marks_takes_away_what_is_being_counted(self, klass):
        with clock.frozen(LATER):
            counted, _ = overlap(tallies.count_missing, lambda: self.come(klass))
        assert counted == 1 and not Tally.objects.exists()
        assert said([klass.pk])[PERSONS] == (1, 1, (klass.pk,))
