"""Surveys: who is asked, what people and units answer, what a superior sees; and from a need to a class."""

from dataclasses import replace
from datetime import date, datetime
from uuid import uuid4

import pytest

from hoctap.activities import needs
from hoctap.activities.actions.planning import plan_from_needs
from hoctap.activities.actions.recording import ActivityData, AlreadyRecorded, SessionData
from hoctap.activities.actions.surveying import (
    answer,
    end_survey,
    exempt,
    forget_answer,
    open_survey,
    state_needs,
    take_back_exemption,
)
from hoctap.activities.models import ActivityKind, Exemption, Need, Survey
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.notify.models import Notice
from hoctap.orgs.actions.headcounts import Heads, count_heads, drop_headcount
from hoctap.orgs.enums import HeadcountGroup
from hoctap.orgs.models import Headcount
from hoctap.people.models import Person
from tests.activities.learning import at, person, topic

NOW = datetime(2023, 11, 20, 9, 0, tzinfo=clock.VIETNAM)
END = date(2023, 12, 15)


@pytest.fixture
def now(cast):
    with clock.frozen(NOW):
        yield cast


@pytest.fixture
def survey(now) -> Survey:
    return open_survey(seat=now.q3_officer, name="Nhu cầu học năm 2024", year=2024, ends_on=END)


def test_a_survey_asks_its_unit_and_all_below_and_nobody_else(now, survey):
    assert set(Notice.objects.values_list("unit", flat=True)) == {
        now.pgd.pk,
        now.p1.pk,
        now.p2.pk,
    }  # with seats
    asked = set(needs.asked_units(survey))
    assert {now.q3, now.pgd, now.thcs, now.p1, now.p2} == asked
    assert needs.asks(survey, now.thcs) and not needs.asks(survey, now.stranger)
    for seat in (now.q3_officer, now.p1_officer, now.pgd_officer):
        assert survey in needs.surveys_of(seat)
    assert survey not in needs.surveys_of(now.stranger_officer)
    assert survey not in needs.surveys_of(now.sgd_officer)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": " "}, "Ghi tên khảo sát"),
        ({"year": 1999}, "Năm học 1999 chưa đúng"),
        ({"ends_on": date(2023, 11, 1)}, "Ngày 01/11/2023 đã qua"),
    ],
)
def test_what_cannot_be_is_refused(now, changes, why):
    plan = {"name": "Nhu cầu", "year": 2024, "ends_on": END} | changes
    with pytest.raises(Refusal, match=why):
        open_survey(seat=now.q3_officer, **plan)


def test_the_same_survey_twice_and_a_role_that_may_not_are_refused(now, survey):
    with pytest.raises(Refusal, match="đã có khảo sát"):
        open_survey(seat=now.q3_officer, name=survey.name, year=2024, ends_on=END)
    with pytest.raises(Refusal, match="không có quyền"):
        open_survey(seat=now.q3_viewer, name="Khác", year=2024, ends_on=END)


def test_a_person_answers_once_a_topic_and_may_change_until_the_end(now, survey):
    a = person("An", now.p1)
    answer(survey=survey, unit=now.p1, person=a, topics=[topic("it"), topic("it"), topic("law")])
    answer(survey=survey, unit=now.p1, person=a, topics=[topic("it"), topic("digital")])
    assert {need.topic.code for need in Need.objects.all()} == {"it", "digital"}
    answer(survey=survey, unit=now.p2, person=a, topics=[topic("it")])
    found = needs.wanted(survey, [now.q3.pk, now.p1.pk, now.p2.pk])
    assert found[now.q3.pk].people == {topic("it").pk: 1}
    assert (found[now.p1.pk].answered, found[now.p2.pk].answered) == (0, 1)
    with pytest.raises(Refusal, match="ít nhất một"):
        answer(survey=survey, unit=now.p1, person=a, topics=[])
    with pytest.raises(Refusal, match="không thuộc số đó"):
        answer(survey=survey, unit=now.stranger, person=a, topics=[topic("it")])
    end_survey(seat=now.q3_officer, survey=survey, ends_on=date(2023, 11, 19))
    with pytest.raises(Refusal, match="hết hạn trả lời ngày 19/11/2023"):
        answer(survey=survey, unit=now.p1, person=a, topics=[topic("law")])


def test_the_units_figure_holds_its_people_and_the_larger_of_both_counts(now, survey):
    it, law = topic("it"), topic("law")
    for name in ("An", "Bình", "Chi"):
        answer(survey=survey, unit=now.p1, person=person(name, now.p1), topics=[it])
    state_needs(seat=now.p1_officer, survey=survey, unit=now.p1, people={it: 2, law: 0})
    state_needs(seat=now.p2_officer, survey=survey, unit=now.p2, people={it: 10, law: None})
    found = needs.wanted(survey, [now.q3.pk, now.p1.pk, now.tp.pk])
    assert found[now.p1.pk].people == {it.pk: 3, law.pk: 0}
    assert found[now.q3.pk].people == {it.pk: 13, law.pk: 0}
    assert (found[now.q3.pk].answered, found[now.q3.pk].units, found[now.q3.pk].persons) == (2, 5, 3)
    assert found[now.tp.pk] == found[now.q3.pk]  # of the city only what the survey asks
    state_needs(seat=now.p1_officer, survey=survey, unit=now.p1, people={it: None, law: None})
    assert needs.wanted(survey, [now.p1.pk])[now.p1.pk].people == {it.pk: 3}


def test_figures_that_cannot_be_are_refused_by_topic(now, survey):
    it = topic("it")
    with pytest.raises(Refusal) as refused:
        state_needs(seat=now.p1_officer, survey=survey, unit=now.p1, people={it: -1})
    assert refused.value.places == [("Tin học", "Số người phải là số nguyên từ 0 đến 10.000.000.")]
    for group in HeadcountGroup:
        count_heads(seat=now.p1_officer, counts=[Heads(now.p1, date(2023, 1, 1), group, 5)])
    with pytest.raises(Refusal, match="nhiều hơn số người của đơn vị"):
        state_needs(seat=now.p1_officer, survey=survey, unit=now.p1, people={it: 16})
    with pytest.raises(Refusal, match="ngoài phạm vi"):
        state_needs(seat=now.p1_officer, survey=survey, unit=now.p2, people={it: 1})
    assert Need.objects.count() == 0


def test_merged_rows_are_one_person_wherever_they_answered(now, survey):
    real, twice = person("Hoa", now.p1), person("Hoà", now.p2)
    answer(survey=survey, unit=now.p1, person=real, topics=[topic("it")])
    answer(survey=survey, unit=now.p2, person=twice, topics=[topic("it")])
    Person.objects.filter(pk=twice.pk).update(merged_into=real)
    found = needs.wanted(survey, [now.q3.pk])[now.q3.pk]
    assert (found.people, found.persons) == ({topic("it").pk: 1}, 1)


def test_a_unit_without_need_has_answered_and_what_its_people_want_outweighs_it(now, survey):
    made = exempt(seat=now.p1_officer, unit=now.p1, year=2024, reason="Năm nay tập trung sắp xếp bộ máy")
    assert needs.wanted(survey, [now.q3.pk])[now.q3.pk].answered == 1
    take_back_exemption(seat=now.p1_officer, exemption=made)
    assert Exemption.objects.count() == 0
    a = person("An", now.p1)
    answer(survey=survey, unit=now.p1, person=a, topics=[topic("it")])
    with pytest.raises(Refusal, match="có người ghi nhu cầu"):
        exempt(seat=now.p1_officer, unit=now.p1, year=2024, reason="Không có nhu cầu")
    exempt(seat=now.p1_officer, unit=now.p1, year=2024, reason="Không cần", topic=topic("law"))
    forget_answer(seat=now.p1_officer, survey=survey, person=a)
    exempt(seat=now.p1_officer, unit=now.p1, year=2024, reason="Không có nhu cầu")
    with pytest.raises(Refusal, match="ngoài phạm vi"):
        exempt(seat=now.p1_officer, unit=now.p2, year=2024, reason="Không")
    with pytest.raises(Refusal, match="Không còn câu trả lời"):
        forget_answer(seat=now.p2_officer, survey=survey, person=a)


def test_from_a_need_to_a_class_with_those_who_asked(now, survey):
    it = topic("it")
    people = [person(name, now.p1) for name in ("An", "Bình", "Chi")]
    for one in people:
        answer(survey=survey, unit=now.p1, person=one, topics=[it])
    answer(survey=survey, unit=now.p2, person=person("Dũng", now.p2), topics=[it])
    Person.objects.filter(pk=people[2].pk).update(erased_at=NOW)
    data = ActivityData(
        kind=ActivityKind.objects.get(code="class.it"),
        name="Lớp tin học",
        topic=it,
        sessions=[SessionData(at(date(2024, 2, 1)))],
    )
    token = uuid4()
    made, count, _waiting = plan_from_needs(
        seat=now.p1_officer, survey=survey, topic=it, data=data, token=token
    )
    assert count == 2 and made.host == now.p1
    assert {r.person.full_name for r in made.registrations.all()} == {"An", "Bình"}
    assert {r.unit for r in made.registrations.all()} == {now.p1}
    again, count, _waiting = plan_from_needs(
        seat=now.p1_officer, survey=survey, topic=it, data=data, token=token
    )
    assert (again, count, made.registrations.count()) == (made, 2, 2)
    with pytest.raises(AlreadyRecorded):
        other = replace(data, name="Lớp may")
        plan_from_needs(seat=now.p1_officer, survey=survey, topic=it, data=other, token=token)
    small = ActivityData(**{**data.__dict__, "capacity": 1})
    _made, *count = plan_from_needs(seat=now.q3_officer, survey=survey, topic=it, data=small, token=uuid4())
    assert count == [1, 2]


def test_headcounts_keep_their_history_and_say_what_is_wrong(now):
    workers = HeadcountGroup.WORKERS
    p1 = now.p1
    count_heads(seat=now.p1_officer, counts=[Heads(p1, date(2022, 12, 31), workers, 20, 11)])
    count_heads(seat=now.q3_officer, counts=[Heads(p1, date(2023, 6, 30), workers, 22)])
    count_heads(seat=now.p1_officer, counts=[Heads(p1, date(2023, 6, 30), workers, 23)])
    assert list(Headcount.objects.order_by("on").values_list("total", "women")) == [(20, 11), (23, None)]
    with pytest.raises(Refusal, match="Số nữ 9 phải từ 0 đến tổng số 8"):
        count_heads(seat=now.p1_officer, counts=[Heads(p1, date(2023, 6, 1), workers, 8, 9)])
    with pytest.raises(Refusal, match="chưa tới"):
        count_heads(seat=now.p1_officer, counts=[Heads(p1, date(2024, 6, 1), workers, 8)])
    with pytest.raises(Refusal) as refused:
        count_heads(
            seat=now.p1_officer,
            counts=[Heads(p1, date(2023, 7, 1), workers, 8), Heads(now.p2, date(2023, 7, 1), workers, 8)],
        )
    assert [place for place, _why in refused.value.places] == [now.p2.name]
    drop_headcount(seat=now.p1_officer, headcount=Headcount.objects.get(total=20))
    assert Headcount.objects.count() == 1
