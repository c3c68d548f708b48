"""Tỷ lệ được đào tạo: people once, against those counted; what is not known is told apart."""

from datetime import date, datetime
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.activities.enums import Part, SessionState
from hoctap.activities.models import Activity, ActivityKind, Attendance, Session
from hoctap.activities.shares import (
    ALL_LEARNING,
    EMPLOYED,
    STANDINGS,
    TRAINING,
    Learning,
    Question,
    parts,
    shares,
)
from hoctap.kernel import clock
from hoctap.orgs.actions.headcounts import Heads, count_heads
from hoctap.orgs.enums import HeadcountGroup, Standing
from hoctap.orgs.models import Headcount, Membership
from hoctap.people.models import Person
from tests.activities.learning import held, person, topic

NOW = datetime(2023, 11, 20, 9, 0, tzinfo=clock.VIETNAM)
MAY = date(2023, 5, 10)
WORKERS, TEACHERS = HeadcountGroup.WORKERS, HeadcountGroup.TEACHERS


@pytest.fixture
def now(cast):
    with clock.frozen(NOW):
        yield cast


def heads(seat, unit, total, women=None, on=date(2023, 1, 5), group=WORKERS):
    count_heads(seat=seat, counts=[Heads(unit, on, group, total, women)])


def share(unit, year=2023, learning=TRAINING, groups=(WORKERS,)):
    return shares([Question(year, learning, groups, unit.pk)])[0]


def test_a_person_at_three_classes_is_one_of_the_workers(now):
    a, b = person("An", now.p1), person("Bình", now.p1)
    heads(now.q3_officer, now.p1, 8, 5)
    for day in (1, 2, 3):
        held(now.p1, date(2023, 5, day), [a])
    held(now.q3, MAY, [a, b])
    found = share(now.p1)
    assert (found.trained, found.heads, found.women, found.percent) == (2, 8, 5, 25.0)
    above = share(now.q3)
    assert (above.trained, above.heads, above.declared) == (2, 8, 1)
    assert above.units == 5  # Quận 3, the Phòng, its school, two wards


def test_what_nobody_told_is_no_zero(now):
    held(now.p1, MAY, [person("An", now.p1)])
    untold = share(now.p1)
    assert (untold.heads, untold.declared, untold.percent) == (None, 0, None)
    assert (untold.trained, untold.elsewhere) == (0, 1)
    heads(now.q3_officer, now.p1, 0)
    none = share(now.p1)
    assert (none.heads, none.declared, none.percent) == (0, 1, None)
    assert none.trained == 1 and none.is_over


def test_unnamed_people_stand_beside_and_are_never_added(now):
    heads(now.q3_officer, now.p1, 10)
    made = held(now.p1, MAY, [person("An", now.p1)], unnamed=30)
    first = made.sessions.get()
    Session.objects.create(
        activity=made, starts_at=first.starts_at.replace(day=11), state="held", unnamed=40,
        unnamed_women=25, code="ABCDEF", secret="2",
    )  # fmt: skip
    found = share(now.p1)
    assert (found.trained, found.percent, found.unnamed, found.unnamed_women) == (1, 10.0, 40, 25)


def test_more_learned_than_there_are_is_shown(now):
    heads(now.q3_officer, now.p1, 1)
    held(now.p1, MAY, [person("An", now.p1), person("Bình", now.p1)])
    assert (share(now.p1).percent, share(now.p1).is_over) == (200.0, True)


def test_the_headcount_of_the_years_end_holds_and_history_is_kept(now):
    heads(now.q3_officer, now.p1, 100, on=date(2021, 12, 31))
    heads(now.q3_officer, now.p1, 120, on=date(2022, 12, 31))
    heads(now.q3_officer, now.p1, 125, on=date(2023, 6, 1))
    years = shares([Question(y, TRAINING, (WORKERS,), now.p1.pk) for y in (2020, 2021, 2022, 2023)])
    assert [year.heads for year in years] == [None, 100, 120, 125]


def test_who_is_planned_absent_speaker_or_out_of_the_unit_by_then_is_not_counted(now):
    heads(now.q3_officer, now.p1, 10)
    gone = person("Đi rồi", now.p1, until=date(2023, 5, 1))
    here = person("Còn đây", now.p1)
    held(now.p1, MAY, [gone])
    held(now.p1, MAY, [here], part=Part.SPEAKER)
    held(now.p1, MAY, [here], state=SessionState.CANCELLED)
    held(now.p1, date(2023, 12, 24), [here], state=SessionState.PLANNED)
    absent = held(now.p1, MAY, [here])
    Attendance.objects.filter(session__activity=absent).update(present=False)
    Activity.objects.filter(pk=held(now.p1, MAY, [here]).pk).update(cancelled_at=NOW)
    assert share(now.p1, learning=ALL_LEARNING).trained == 0
    held(now.p1, MAY, [here])
    assert share(now.p1).trained == 1


def test_a_teacher_counts_among_teachers_and_merged_rows_are_one_person(now):
    heads(now.pgd_officer, now.thcs, 40, group=TEACHERS)
    real = person("Lê Thị Hoa", now.thcs, Standing.TEACHER)
    twice = person("Le Thi Hoa", now.thcs, Standing.TEACHER)
    held(now.thcs, MAY, [real])
    held(now.pgd, MAY, [twice])
    assert share(now.thcs, groups=(TEACHERS,)).trained == 2
    Person.objects.filter(pk=twice.pk).update(merged_into=real)
    assert share(now.thcs, groups=(TEACHERS,)).trained == 1
    assert share(now.thcs, groups=(WORKERS,)).trained == 0
    assert share(now.thcs, groups=EMPLOYED).heads == 40


def test_by_topic_a_person_is_in_each(now):
    heads(now.q3_officer, now.p1, 10)
    a = person("An", now.p1)
    held(now.p1, MAY, [a], about="it")
    held(now.p1, MAY, [a, person("Bình", now.p1)], about="digital")
    held(now.p1, MAY, [a], about=None)
    _kinds, topics = parts(Question(2023, TRAINING, (WORKERS,), now.q3.pk))
    assert {p.name: p.trained for p in topics} == {topic("it").name: 1, topic("digital").name: 2, "": 1}
    about = share(now.q3, learning=Learning(families=("class",), topics=("digital",)))
    assert about.trained == 2


SCENE = st.fixed_dictionaries(
    {
        "heads": st.lists(
            st.tuples(
                st.integers(0, 3), st.sampled_from([WORKERS, TEACHERS]), st.integers(1, 5), st.integers(0, 4)
            ),
            max_size=8,
        ),
        "people": st.lists(
            st.tuples(
                st.integers(0, 3), st.sampled_from([Standing.WORKER, Standing.TEACHER, Standing.STUDENT])
            ),
            min_size=1,
            max_size=6,
        ),
        "second": st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=3),
        "merged": st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=1),
        "held": st.lists(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from(["class.it", "talk.club", "contest.other"]),
                st.sampled_from([2022, 2023]),
                st.sets(st.integers(0, 5), max_size=4),
                st.integers(0, 9),
            ),
            max_size=6,
        ),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    scene=SCENE,
    learning=st.sampled_from([TRAINING, ALL_LEARNING]),
    groups=st.sampled_from([(WORKERS,), EMPLOYED]),
)
def test_shares_equal_a_plain_recount(now, scene, learning, groups):
    from django.db import transaction

    with transaction.atomic():
        units = [now.pgd, now.thcs, now.p1, now.q3]
        _play(now, units, scene)
        roots = {
            now.q3: {now.q3, now.pgd, now.thcs, now.p1, now.p2},
            now.pgd: {now.pgd, now.thcs},
            now.p1: {now.p1},
        }
        asked = list(product((2022, 2023), roots))
        found = shares([Question(year, learning, groups, unit.pk) for year, unit in asked])
        for (year, unit), answer in zip(asked, found, strict=True):
            assert _numbers(answer) == _recount(roots[unit], year, learning, groups)
        transaction.set_rollback(True)


def _play(cast, units, scene):
    seat = cast.q3_officer
    count_heads(
        seat=seat,
        counts=[Heads(units[u], date(2022, 6, day), group, total) for u, group, day, total in scene["heads"]],
    )
    people = [person(f"Người {n}", units[u], standing) for n, (u, standing) in enumerate(scene["people"])]
    for n, u in scene["second"]:
        if n < len(people) and not Membership.objects.filter(person=people[n], unit=units[u]).exists():
            Membership.objects.create(
                person=people[n],
                unit=units[u],
                standing=Standing.WORKER,
                valid=people[n].memberships.first().valid,
            )
    for a, b in scene["merged"]:
        if a != b and max(a, b) < len(people):
            Person.objects.filter(pk=people[a].pk).update(merged_into=people[b])
    for u, kind, year, came, unnamed in scene["held"]:
        held(
            units[u],
            date(year, 5, 10),
            [people[n] for n in came if n < len(people)],
            kind=kind,
            unnamed=unnamed,
        )


def _recount(units, year, learning, groups) -> dict:
    """The same from the rows, one by one."""
    kinds = {
        k.pk for k in ActivityKind.objects.all() if k.family in learning.families or k.code in learning.kinds
    }
    told = {}
    for row in Headcount.objects.filter(on__lte=date(year, 12, 31), group__in=groups).order_by("on"):
        if row.unit in units:
            told[row.unit_id, row.group] = row.total
    trained, everybody = set(), set()
    for mark in Attendance.objects.select_related("person", "session__activity"):
        session = mark.session
        if session.starts_at.astimezone(clock.VIETNAM).year != year or session.activity.kind_id not in kinds:
            continue
        who = mark.person.merged_into_id or mark.person_id
        for row in Membership.objects.filter(person__in=[who, *Person.objects.filter(merged_into=who)]):
            group = STANDINGS.get(row.standing)
            if row.unit in units and group in groups:
                everybody.add(who)
                if (row.unit_id, group) in told:
                    trained.add(who)
    unnamed = sum(
        s.unnamed
        for s in Session.objects.select_related("activity__host")
        if s.activity.host in units and s.activity.kind_id in kinds and s.starts_at.year == year
    )
    return {
        "units": len(units), "declared": len({unit for unit, _ in told}),
        "complete": sum(all((unit.pk, group) in told for group in groups) for unit in units),
        "heads": sum(told.values()) if told else None,
        "trained": len(trained), "elsewhere": len(everybody - trained), "unnamed": unnamed,
    }  # fmt: skip


def _numbers(answer) -> dict:
    return {
        name: getattr(answer, name)
        for name in ("units", "declared", "complete", "heads", "trained", "elsewhere", "unnamed")
    }
