"""Tỷ lệ được đào tạo: people once, against those counted; what is not known is told apart."""

from datetime import date, datetime
from itertools import product

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
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
from hoctap.orgs.actions.units import dissolve_unit
from hoctap.orgs.enums import HeadcountGroup, Standing
from hoctap.orgs.models import Headcount, Membership, Unit
from hoctap.people.models import Person
from tests.activities.learning import held, person, topic

NOW = datetime(2023, 11, 20, 9, 0, tzinfo=clock.VIETNAM)
MAY, JULY = date(2023, 5, 10), date(2023, 7, 1)
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


def moved(who, unit, on, standing=Standing.WORKER):
    """As the officers write it down: the old membership ends, the new one begins."""
    for row in Membership.objects.filter(person=who, valid__contains=on):
        row.valid = DateRange(row.valid.lower, on)
        row.save()
    Membership.objects.create(person=who, unit=unit, standing=standing, valid=DateRange(on, None))


def test_who_learned_in_a_unit_merged_since_counts_where_its_people_are_now(now):
    who = [person(name, now.p1) for name in ("An", "Bình", "Chi")]
    held(now.p1, MAY, who)
    heads(now.q3_officer, now.p1, 3)
    assert (share(now.q3).trained, share(now.q3).heads, share(now.p2).trained) == (3, 3, 0)
    dissolve_unit(seat=None, unit=now.p1, on=JULY)
    lost = share(now.q3)
    assert (lost.trained, lost.elsewhere, lost.units) == (0, 3, 4)  # nobody has written yet where they are
    for one in who:
        moved(one, now.p2, JULY)
    heads(now.q3_officer, now.p2, 3, on=JULY)
    for unit in (now.q3, now.p2):
        found = share(unit)
        assert (found.trained, found.heads, found.elsewhere) == (3, 3, 0)
    kinds, _topics = parts(Question(2023, TRAINING, (WORKERS,), now.q3.pk))
    assert [(part.trained, part.elsewhere) for part in kinds] == [(3, 0)]
    assert share(now.p1).trained == 3  # asked of what it was
    exactly = shares([Question(2023, TRAINING, (WORKERS,), units=(now.p2.pk,))])[0]
    assert (exactly.trained, exactly.heads) == (3, 3)


def test_of_a_unit_split_each_part_counts_its_own_and_who_moved_away_is_elsewhere(now):
    an, binh, chi, dung = (person(name, now.p1) for name in ("An", "Bình", "Chi", "Dung"))
    held(now.p1, MAY, [an, binh, chi, dung])
    dissolve_unit(seat=None, unit=now.p1, on=JULY)
    moved(an, now.p2, JULY)
    moved(
        binh, now.pgd, date(2023, 8, 15), Standing.TEACHER
    )  # a month and a half later, and a teacher by then
    moved(chi, now.stranger, JULY)
    moved(
        chi, now.p2, date(2023, 9, 1)
    )  # came back: learned for the strangers, as who changes between units that stand
    Membership.objects.filter(person=dung).update(standing=Standing.STUDENT)
    for unit, seat in (
        (now.p2, now.q3_officer),
        (now.pgd, now.q3_officer),
        (now.stranger, now.stranger_officer),
    ):
        count_heads(seat=seat, counts=[Heads(unit, JULY, group, 5) for group in EMPLOYED])
    told = {unit: share(unit, groups=EMPLOYED) for unit in (now.p2, now.pgd, now.stranger, now.q3, now.tp)}
    assert [(one.trained, one.elsewhere) for one in told.values()] == [(1, 0), (1, 0), (1, 0), (2, 1), (3, 0)]


def test_a_unit_merged_twice_and_one_that_ends_next_year(now):
    an = person("An", now.p1)
    held(now.p1, MAY, [an])
    dissolve_unit(seat=None, unit=now.p1, on=JULY)
    moved(an, now.p2, JULY)
    dissolve_unit(seat=None, unit=now.p2, on=date(2023, 9, 1))
    moved(an, now.pgd, date(2023, 9, 1))
    dissolve_unit(seat=None, unit=now.thcs, on=date(2024, 1, 1))
    heads(now.q3_officer, now.pgd, 1, on=date(2023, 9, 1))
    heads(now.q3_officer, now.thcs, 1)
    held(now.thcs, MAY, [person("Bình", now.thcs)])
    assert (share(now.pgd).trained, share(now.q3).trained, share(now.q3).elsewhere) == (2, 2, 0)


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
        "moved": st.lists(
            st.tuples(
                st.integers(0, 5),
                st.integers(0, 5),
                st.sampled_from([date(2023, 3, 1), JULY, date(2023, 9, 1)]),
                st.sampled_from([Standing.WORKER, Standing.TEACHER]),
            ),
            max_size=4,
        ),
        "dissolved": st.dictionaries(
            st.sampled_from([1, 2, 4]), st.sampled_from([JULY, date(2023, 9, 1)]), max_size=2
        ),
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
        units = [now.pgd, now.thcs, now.p1, now.q3, now.p2, now.stranger]
        ended = {units[u] for u in scene["dissolved"]}
        _play(now, units, scene)
        roots = {
            now.q3: {now.q3, now.pgd, now.thcs, now.p1, now.p2},
            now.pgd: {now.pgd, now.thcs},
            now.p1: {now.p1},
        }
        asked = list(product((2022, 2023), roots))
        found = shares([Question(year, learning, groups, unit.pk) for year, unit in asked])
        for (year, unit), answer in zip(asked, found, strict=True):
            gone = {u for u in roots[unit] if u in ended and year == 2023} - {unit}
            assert _numbers(answer) == _recount(roots[unit] - gone, gone, year, learning, groups)
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
    for n, u, day, standing in sorted(scene["moved"], key=lambda move: move[2]):
        if (
            n < len(people)
            and not Membership.objects.filter(person=people[n], unit=units[u], standing=standing).exists()
        ):
            moved(people[n], units[u], day, standing)
    for u, day in scene["dissolved"].items():
        dissolve_unit(seat=None, unit=Unit.objects.get(pk=units[u].pk), on=day)
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


def _recount(units, gone, year, learning, groups) -> dict:
    """The same from the rows, one by one; ``gone``: units that stood there and do not when the year ends."""
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
        day = session.starts_at.astimezone(clock.VIETNAM).date()
        lives = Membership.objects.filter(person__in=[who, *Person.objects.filter(merged_into=who)])
        lives = lives.exclude(valid__isempty=True).select_related("unit")
        lives = [row for row in lives if STANDINGS.get(row.standing) in groups]
        for row in [row for row in lives if row.valid.lower <= day and day < (row.valid.upper or date.max)]:
            for counts in [row, *_next(row, lives, year)]:
                if counts.unit in units | gone:
                    everybody.add(who)
                if counts.unit in units and (counts.unit_id, STANDINGS[counts.standing]) in told:
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


def _next(row, lives, year) -> list:
    """The first memberships in units that stand, after one in a unit dissolved by the end of the year."""
    until, end = row.unit.dissolved_on, clock.today() if year == 2023 else date(year, 12, 31)
    if not until or until > end:
        return []
    until = min(until, row.valid.upper or until)
    later = [
        one
        for one in lives
        if until <= one.valid.lower <= end and not (one.unit.dissolved_on and one.unit.dissolved_on <= end)
    ]
    return [one for one in later if one.valid.lower == min(one.valid.lower for one in later)]


def _numbers(answer) -> dict:
    return {
        name: getattr(answer, name)
        for name in ("units", "declared", "complete", "heads", "trained", "elsewhere", "unnamed")
    }
