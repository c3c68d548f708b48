"""What deeds say of indicators: whom and what they count, and what not."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.activities import tallies
from hoctap.activities.actions import merge_persons
from hoctap.activities.enums import CostSource, Part, SessionState
from hoctap.activities.facts import collect
from hoctap.activities.models import Activity, Session
from hoctap.kernel import clock
from tests.cast import Cast
from tests.deeds import DAY, LATER, came, deed, held, on, people

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2023, 10, 2), date(2023, 10, 8)
COUNT, PERSONS, ALL = "classes.life-skills.count", "classes.life-skills.persons", "classes.all.persons"


def facts(*activities, first=FIRST, last=LAST) -> dict:
    return collect({7: [a.pk for a in activities]}, first, last)[7]


def values(*activities, **days) -> dict:
    return {code: fact.value for code, fact in facts(*activities, **days).items()}


def test_a_person_counts_once_over_sessions_and_classes_and_the_unnamed_by_the_fullest_session(cast: Cast):
    a, b, c = people("An", "Bình", "Châu")
    one = deed(cast.p1_officer, held(unnamed=3), held(hour=14, unnamed=5))
    other = deed(cast.p1_officer, held(unnamed=2), of="class.it")
    came(one, a, b)
    came(one, a, session=1)
    came(other, a, c)
    found = facts(one, other)
    assert (found[PERSONS].value, found["classes.it.persons"].value) == (2 + 5, 2 + 2)
    assert found[ALL].value == 3 + 5 + 2  # An is one person in both
    assert (found[PERSONS].attendances, found[ALL].attendances) == (3 + 8, 5 + 10)
    assert found[ALL].sources == (one.pk, other.pk) and found[COUNT].sources == (one.pk,)
    assert (found[COUNT].value, found["classes.it.count"].value) == (1, 1)


def test_the_same_person_entered_twice_or_thrice_is_one(cast: Cast):
    a, b, c = people("An", "An", "An")
    merge_persons(seat=None, kept=b, gone=c)
    merge_persons(seat=None, kept=a, gone=b)
    one = deed(cast.p1_officer)
    came(one, a, b, c)
    assert values(one)[PERSONS] == 1


def test_speakers_organisers_and_the_absent_are_not_counted(cast: Cast):
    one = deed(cast.p1_officer)
    a, b, c, d = people("An", "Bình", "Châu", "Dung")
    came(one, a)
    came(one, b, part=Part.SPEAKER)
    came(one, c, part=Part.ORGANISER)
    came(one, d, present=False)
    assert values(one)[PERSONS] == 1


def test_only_what_was_held_within_the_days_counts(cast: Cast):
    a, b, c = people("An", "Bình", "Châu")
    one = deed(cast.p1_officer, held(), held(date(2023, 10, 9)), held(date(2023, 10, 1)))
    came(one, a, session=0)  # 1/10
    came(one, b, session=1)  # 4/10
    came(one, c, session=2)  # 9/10
    assert values(one)[PERSONS] == 1
    assert values(one, last=date(2023, 10, 9))[PERSONS] == 2
    planned, cancelled, template = (deed(cast.p1_officer, held(unnamed=9)) for _ in range(3))
    Session.objects.filter(activity=planned).update(state=SessionState.PLANNED)
    cancelled.cancelled_at = cancelled.made_at
    cancelled.save()
    template.is_template = True
    template.save()
    assert facts(planned, cancelled, template) == {}


def test_what_nobody_counted_is_blank_and_a_counted_zero_is_zero(cast: Cast):
    uncounted = deed(cast.p1_officer)
    assert values(uncounted) == {COUNT: 1}
    drive = deed(cast.p1_officer, of="books.drive", quantities={"books": 0, "donor-groups": 4})
    assert values(drive) == {"books-donated.count": 0, "book-donors.groups": 4}


def test_costs_quantities_openings_and_schools(cast: Cast):
    money = {CostSource.STATE: 2_000_000, CostSource.OTHER: 500_000}
    opening = deed(cast.p1_officer, of="ceremony.opening", costs=money)
    another = deed(cast.p1_officer, of="ceremony.opening")
    schools = [deed(cast.pgd_officer, host=cast.thcs, of="ceremony.opening") for _ in range(2)]
    assert values(opening, another, *schools) == {
        "openings.districts": 1, "openings.schools": 1, "funds.state-budget": 2_000_000, "funds.other-sources": 500_000,
    }  # fmt: skip


def test_what_is_of_the_whole_activity_counts_in_the_period_of_its_last_held_session(cast: Cast):
    drive = deed(
        cast.p1_officer, held(date(2023, 9, 29)), held(date(2023, 10, 1)), held(unnamed=3),
        of="books.drive", quantities={"books": 200}, costs={CostSource.STATE: 500},
    )  # fmt: skip
    before, after = {"last": date(2023, 10, 1), "first": date(2023, 9, 1)}, {"last": date(2023, 10, 31)}
    whole = {"books-donated.count": 200, "funds.state-budget": 500}
    assert [values(drive, **days) for days in (before, after)] == [{}, whole]
    Session.objects.filter(activity=drive, starts_at__gt=on(FIRST)).update(state=SessionState.PLANNED)
    assert [values(drive, **days) for days in (before, after)] == [whole, {}]


def test_sessions_and_people_of_an_activity_over_two_periods_are_of_their_own_days(cast: Cast):
    one = deed(
        cast.p1_officer, held(date(2023, 9, 29), unnamed=4), held(unnamed=3), costs={CostSource.STATE: 500}
    )
    before = values(one, first=date(2023, 9, 1), last=date(2023, 9, 30))
    assert (before[COUNT], before[PERSONS], before.get("funds.state-budget")) == (1, 4, None)
    after = values(one)
    assert (after[COUNT], after[PERSONS], after["funds.state-budget"]) == (1, 3, 500)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    drives=st.lists(
        st.tuples(st.lists(st.tuples(st.integers(1, 28), st.booleans()), min_size=1, max_size=4), st.booleans()),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_books_add_up_over_the_weeks_to_what_was_collected(cast: Cast, drives):
    with transaction.atomic():
        for number, (days, kept) in enumerate(drives):
            sessions = [held(date(2023, 9, day), hour=6 + n) for n, (day, _) in enumerate(days)]
            made = deed(cast.p1_officer, *sessions, of="books.drive", quantities={"books": 10**number})
            for session, (_, was_held) in zip(made.sessions.order_by("pk"), days, strict=True):
                if not was_held:
                    Session.objects.filter(pk=session.pk).update(state=SessionState.PLANNED)
            if kept:
                with clock.frozen(LATER):
                    tallies.count_missing()
        ids = list(Activity.objects.values_list("pk", flat=True))
        weeks = [collect({7: ids}, date(2023, 9, n), date(2023, 9, n + 6))[7] for n in (1, 8, 15, 22)]
        given_ = [week["books-donated.count"].value for week in weeks if "books-donated.count" in week]
        held_once = [10**n for n, (days, _) in enumerate(drives) if any(was for _, was in days)]
        assert sum(given_) == sum(held_once)
        transaction.set_rollback(True)


def test_groups_are_told_apart_in_one_statement(cast: Cast, django_assert_num_queries):
    one, other = deed(cast.p1_officer, held(unnamed=3)), deed(cast.p2_officer, held(unnamed=4))
    with django_assert_num_queries(1):
        found = collect({1: [one.pk], 2: [other.pk, one.pk], 3: []}, DAY, DAY)
    assert [{k: f.value for k, f in found[n].items() if k == PERSONS} for n in (1, 2, 3)] == [
        {PERSONS: 3},
        {PERSONS: 7},
        {},
    ]
