"""Targets of 100 %: what their words mean, and how far they are reached with units that have no need left out."""

from datetime import date, datetime
from importlib.resources import files

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.activities.actions.measuring import set_measure
from hoctap.activities.actions.surveying import exempt
from hoctap.activities.enums import Reached, SessionState
from hoctap.activities.models import CoHost
from hoctap.activities.shares import ALL_LEARNING, Learning
from hoctap.activities.targets import Measure, measure_of, read_measure, states
from hoctap.directives.actions import DirectiveData, register_directive
from hoctap.directives.enums import DocumentKind
from hoctap.directives.reading import read
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Target
from hoctap.orgs.actions.headcounts import Heads, count_heads
from hoctap.orgs.enums import HeadcountGroup, Standing
from tests.activities.learning import held, person, topic

NOW = datetime(2023, 11, 20, 9, 0, tzinfo=clock.VIETNAM)
MAY = date(2023, 5, 10)
TEACHERS, WORKERS = HeadcountGroup.TEACHERS, HeadcountGroup.WORKERS
NEED = (
    "đơn vị cơ sở",
    "nơi có nhu cầu đào tạo, nâng cao nghiệp vụ và tay nghề đưa nhu cầu này vào kế hoạch hoạt động",
)
DIGITAL = (
    "nhà giáo, người lao động tại đơn vị",
    "được phổ biến, cập nhật về công nghệ thông tin, công nghệ số",
)


@pytest.fixture
def now(cast):
    with clock.frozen(NOW):
        yield cast


def target(cast, words=NEED, order=1) -> Target:
    document = register_directive(
        seat=cast.q3_leader,
        data=DirectiveData(
            kind=DocumentKind.KH, number_text=f"{70 + order}/KH-UBND", issuer=cast.q3, issued_on=date(2023, 1, 10),
            subject="Xây dựng xã hội học tập", body="Các đơn vị thực hiện.",
        ),
        deliver_to=[cast.pgd, cast.thcs, cast.p1, cast.p2],
    )[0]  # fmt: skip
    return Target.objects.create(
        directive=document, order=order, percent=100, measure=words[0], subject=words[1], text=" ".join(words)
    )


def state(target, **more):
    return states([target], year=2023, **more)[0]


def test_units_without_need_are_left_out_of_where_there_is_need(now):
    found = target(now)
    assert measure_of(found) == (
        Measure(
            Reached.PLANNED,
            True,
            Learning(ALL_LEARNING.families, ALL_LEARNING.kinds, ("profession", "skills")),
        ),
        False,
    )
    assert (state(found).reached, state(found).all_) == (0, 4)
    exempt(seat=now.p2_officer, unit=now.p2, year=2023, reason="Không tuyển thêm")
    exempt(seat=now.p1_officer, unit=now.p1, year=2023, reason="Đã đủ chuẩn", topic=topic("skills"))
    held(now.pgd, date(2023, 12, 20), kind="class.teachers", about="profession", state=SessionState.PLANNED)
    held(now.thcs, MAY, kind="class.teachers", about="law")
    after = state(found)
    assert (after.units, after.exempt, after.reached, after.all_, after.is_done) == (4, 1, 1, 3, False)
    shared = held(now.pgd, MAY, kind="class.teachers", about="skills")
    CoHost.objects.create(activity=shared, unit=now.thcs)
    exempt(seat=now.p1_officer, unit=now.p1, year=2023, reason="Đã đủ chuẩn", topic=topic("profession"))
    assert (state(found).reached, state(found).all_, state(found).is_done) == (2, 2, True)


def test_a_target_for_all_leaves_nobody_out(now):
    found = target(now, ("đơn vị", "có thực hiện tập huấn"))
    exempt(seat=now.p2_officer, unit=now.p2, year=2023, reason="Không có nhu cầu")
    held(now.p1, MAY, kind="class.other", about=None)
    held(now.p2, date(2023, 12, 20), kind="class.other", state=SessionState.PLANNED)
    assert (state(found).reached, state(found).all_, state(found).exempt) == (1, 4, 0)


def test_people_are_counted_against_those_told_of(now):
    found = target(now, DIGITAL)
    assert state(found).reached is None and state(found).all_ is None
    for unit, total in ((now.thcs, 2), (now.p1, 3)):
        for group in (TEACHERS, WORKERS):
            count_heads(seat=now.q3_officer, counts=[Heads(unit, MAY, group, total)])
    a, b = person("An", now.thcs, Standing.TEACHER), person("Bình", now.p1)
    held(now.thcs, MAY, [a, b], kind="talk.other", about="digital")
    held(now.thcs, MAY, [a], kind="talk.other", about="law")
    after = state(found)
    assert (after.reached, after.all_, after.share.declared, after.share.units) == (2, 10, 2, 4)


def test_a_target_for_two_groups_is_not_reached_while_one_is_untold(now):
    found, units = target(now, DIGITAL), (now.pgd, now.thcs, now.p1, now.p2)
    count_heads(seat=now.q3_officer, counts=[Heads(unit, MAY, TEACHERS, 1) for unit in units])
    for unit in units:
        held(unit, MAY, [person("Cô", unit, Standing.TEACHER)], kind="talk.other", about="digital")
    after = state(found)
    assert (after.reached, after.all_, after.share.declared, after.share.complete) == (4, 4, 4, 0)
    assert not after.is_done
    count_heads(seat=now.q3_officer, counts=[Heads(unit, MAY, WORKERS, 0) for unit in units[1:]])
    assert (state(found).share.complete, state(found).is_done) == (3, False)
    count_heads(seat=now.q3_officer, counts=[Heads(now.pgd, MAY, WORKERS, 0)])
    assert state(found).is_done


def test_a_seat_sees_what_it_reaches_of_it(now):
    found = target(now, ("đơn vị", "có thực hiện tập huấn"))
    held(now.p1, MAY, kind="class.other")
    assert (state(found, reach=now.pgd_officer).reached, state(found, reach=now.pgd_officer).all_) == (0, 2)
    assert state(found, reach=now.stranger_officer).all_ is None


def test_the_issuer_says_how_it_is_counted_and_nobody_else(now):
    found = target(now)
    measure = Measure(Reached.HELD, False, Learning(kinds=("contest.teacher",)))
    with pytest.raises(Refusal, match="đơn vị ban hành"):
        set_measure(seat=now.pgd_officer, target=found, measure=measure)
    with pytest.raises(Refusal, match="Chọn nhóm người"):
        set_measure(seat=now.q3_officer, target=found, measure=Measure(Reached.PEOPLE, False, ALL_LEARNING))
    set_measure(seat=now.q3_officer, target=found, measure=measure)
    assert measure_of(Target.objects.get(pk=found.pk)) == (measure, True)
    held(now.thcs, MAY, kind="contest.teacher")
    assert state(Target.objects.get(pk=found.pk)).reached == 1


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    exempted=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([None, "skills", "profession"])), max_size=6
    ),
    deeds=st.lists(
        st.tuples(
            st.integers(0, 3),
            st.sampled_from(["class.it", "contest.other"]),
            st.sampled_from(["skills", "law", None]),
            st.sampled_from(list(SessionState)),
            st.sampled_from([2022, 2023]),
        ),
        max_size=6,
    ),
    words=st.sampled_from([NEED, ("đơn vị", "có tập huấn tay nghề")]),
)
def test_targets_equal_a_plain_recount(now, exempted, deeds, words):
    with transaction.atomic():
        units = [now.pgd, now.thcs, now.p1, now.p2]
        found = target(now, words)
        for n, code in exempted:
            exempt(
                seat=now.q3_officer, unit=units[n], year=2023, reason="x", topic=topic(code) if code else None
            )
        for n, kind, about, state_, year in deeds:
            held(units[n], date(year, 5, 10), kind=kind, about=about, state=state_)
        measure = measure_of(found)[0]
        wanted_topics, free = set(measure.learning.topics), set()
        for n in range(4):
            said = {code for m, code in exempted if m == n}
            if measure.where_needed and (None in said or wanted_topics <= said):
                free.add(n)
        counts = (
            (SessionState.HELD,)
            if measure.reached == Reached.HELD
            else (SessionState.HELD, SessionState.PLANNED)
        )
        did = {
            n for n, kind, about, state_, year in deeds
            if kind == "class.it" and about in wanted_topics and state_ in counts and year == 2023
        }  # fmt: skip
        after = state(found)
        assert after.all_ == (4 - len(free) or None)
        assert after.reached == (len(did - free) if after.all_ else None)
        transaction.set_rollback(True)


def test_the_seven_targets_of_the_teachers_union_are_understood():
    """Mục II of its plan of 2024."""
    plan = read((files("hoctap.cli.demo") / "texts" / "004.txt").read_text()).as_json()
    said = [read_measure(value["unit"], value["subject"]) for value in plan["targets"]]
    people, planned, held_ = Reached.PEOPLE, Reached.PLANNED, Reached.HELD
    assert [m.reached for m in said] == [people, planned, held_, held_, people, people, planned]
    assert [m.where_needed for m in said] == [False, True, False, False, False, False, False]
    assert {m.groups for m in said if m.reached == people} == {("teachers", "workers")}
    assert said[2].learning.kinds == ("contest.teacher",)
    assert [m.learning.topics for m in said] == [
        ("politics", "law"), ("profession", "skills"), (), ("life-skills",), ("it", "digital"), ("lifelong",), ("lifelong",),
    ]  # fmt: skip
