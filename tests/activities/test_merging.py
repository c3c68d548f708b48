"""Merging: people are counted once more only where two rows were one person; taken back, all is as it was."""

import uuid
from contextlib import contextmanager
from datetime import date, datetime

import pytest
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hoctap.activities.actions import (
    ActivityData,
    SessionData,
    erase_person,
    merge_persons,
    record_activity,
    undo_merge,
)
from hoctap.activities.actions.merging import MOVED
from hoctap.activities.enums import Family, MarkWay, Part, RegistrationState
from hoctap.activities.models import (
    Activity,
    ActivityKind,
    Attendance,
    Certificate,
    Completion,
    Need,
    Registration,
    Survey,
    Topic,
)
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.orgs.actions.memberships import enter_person
from hoctap.orgs.enums import Standing
from hoctap.orgs.models import Membership
from hoctap.people.actions import BookData, add_book, add_person, give_consent, issue_cards, note_request
from hoctap.people.enums import ConsentWay, Purpose, RequestKind
from hoctap.people.models import Card, Consent, Merge, Person, User
from tests.cast import SINCE, Cast

DAY = date(2023, 10, 2)
HELD = datetime(2023, 10, 2, 8, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def klass(cast: Cast) -> Activity:
    kind = ActivityKind.objects.create(
        code="lop-thu", name="Lớp", family=Family.CLASS, unit_of_measure="lớp", order=999
    )
    sessions = [SessionData(starts_at=HELD.replace(day=day), held=True) for day in (2, 3)]
    data = ActivityData(kind=kind, name="Tin học", sessions=sessions)
    return record_activity(seat=cast.p1_officer, host=cast.p1, data=data)


def _person(cast: Cast, name: str = "Nguyễn Thị Hà", **more) -> Person:
    return enter_person(
        seat=None, unit=cast.p1, standing=Standing.RESIDENT, since=SINCE, full_name=name, **more
    )


def _register(klass: Activity, person: Person, state=RegistrationState.TAKEN) -> Registration:
    return Registration.objects.create(activity=klass, person=person, state=state, token=uuid.uuid4().hex)


def _mark(
    klass: Activity, person: Person, present: bool = True, nth: int = 0, part=Part.LEARNER
) -> Attendance:
    session = klass.sessions.order_by("starts_at")[nth]
    return Attendance.objects.create(
        session=session, person=person, present=present, part=part, way=MarkWay.NAME, at=HELD
    )


def _certify(cast: Cast, klass: Activity, person: Person) -> Certificate:
    token = uuid.uuid4().hex
    return Certificate.objects.create(
        activity=klass, person=person, number=token, token=token, name=person.full_name, hours=3,
        issued_by=cast.p1_leader,
    )  # fmt: skip


TABLES = sorted({*MOVED, Person}, key=lambda m: m._meta.label)


def _dump() -> dict:
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in TABLES}


@contextmanager
def _rolled_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_every_table_that_names_a_person_is_moved():
    naming = {
        relation.related_model
        for relation in Person._meta.related_objects
        if relation.related_model._meta.app_label in ("people", "orgs", "activities")
    }
    assert naming - {Person} == MOVED | {Merge}


def test_all_of_the_one_becomes_the_others(cast: Cast, klass: Activity):
    kept, gone = _person(cast), _person(cast, birth_year=1985, contact="0900000001")
    _register(klass, gone)
    _mark(klass, gone)
    _certify(cast, klass, gone)
    Completion.objects.create(person=gone, platform="x", title="Chữ số", on=DAY, seat=cast.p1_officer)
    add_book(person=gone, data=BookData("Dế Mèn phiêu lưu ký", DAY))
    issue_cards(persons=[gone])
    note_request(person=gone, kind=RequestKind.ACCESS)
    give_consent(person=gone, purpose=Purpose.CONTACT, way=ConsentWay.PAPER, given_on=DAY)
    merge_persons(seat=cast.p1_officer, kept=kept, gone=gone)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (gone.merged_into, kept.birth_year, kept.contact) == (kept, 1985, "0900000001")
    counts = {model._meta.label: model.objects.filter(person=kept).count() for model in MOVED}
    assert counts == {
        "activities.Registration": 1, "activities.Attendance": 1, "activities.Certificate": 1,
        "activities.Completion": 1, "activities.Need": 0, "orgs.Membership": 1, "people.Consent": 1,
        "people.Card": 1, "people.DataRequest": 1, "people.Book": 1,
    }  # fmt: skip
    assert not any(model.objects.filter(person=gone).exists() for model in MOVED)
    act = Act.objects.get(verb="person.merge")
    assert act.details == {"kept": kept.pk, "gone": gone.pk}


def test_of_two_marks_the_better_stays(cast: Cast, klass: Activity):
    kept, gone = _person(cast), _person(cast)
    _mark(klass, kept, present=False)
    came = _mark(klass, gone)
    _mark(klass, kept, nth=1)
    _mark(klass, gone, nth=1, part=Part.ORGANISER)
    _register(klass, kept, RegistrationState.GIVEN_UP)
    wanted = _register(klass, gone, RegistrationState.WAITING)
    merge_persons(seat=None, kept=kept, gone=gone)
    marks = Attendance.objects.order_by("session__starts_at").values_list("person", "present", "part")
    assert list(marks) == [(kept.pk, True, "learner"), (kept.pk, True, "learner")]
    assert Attendance.objects.filter(pk=came.pk).exists()
    assert Registration.objects.get().pk == wanted.pk


def test_two_certificates_of_one_class_leave_one_valid_and_the_other_leads_to_it(cast: Cast, klass: Activity):
    kept, gone = _person(cast), _person(cast)
    first, second = _certify(cast, klass, kept), _certify(cast, klass, gone)
    merge_persons(seat=None, kept=kept, gone=gone)
    second.refresh_from_db()
    assert (second.person, second.superseded_by) == (kept, first)
    assert Certificate.objects.filter(revoked_at=None, superseded_by=None).get() == first


def test_memberships_that_overlap_become_one(cast: Cast):
    kept, gone = _person(cast), _person(cast)
    kept.memberships.update(valid=DateRange(date(2020, 1, 1), date(2021, 1, 1)))
    gone.memberships.update(valid=DateRange(date(2020, 6, 1), date(2022, 1, 1)))
    Membership.objects.create(
        person=gone, unit=cast.p1, standing=Standing.RESIDENT, valid=DateRange(date(2023, 1, 1), None)
    )
    merge_persons(seat=None, kept=kept, gone=gone)
    ranges = [(m.valid.lower, m.valid.upper) for m in kept.memberships.order_by("valid")]
    assert ranges == [(date(2020, 1, 1), date(2022, 1, 1)), (date(2023, 1, 1), None)]


def test_a_later_withdrawal_holds_for_the_merged_person(cast: Cast):
    kept, gone = _person(cast), _person(cast)
    common = {"purpose": Purpose.RECORD, "way": ConsentWay.PAPER, "given_by": "Hà"}
    given = Consent.objects.create(person=kept, given_on=DAY, **common)
    Consent.objects.create(person=gone, given_on=SINCE, withdrawn_on=date(2023, 11, 1), **common)
    merge_persons(seat=None, kept=kept, gone=gone)
    given.refresh_from_db()
    assert given.withdrawn_on == date(2023, 11, 1)


def test_one_card_stays_in_use(cast: Cast):
    kept, gone = _person(cast), _person(cast)
    (ours,), _ = issue_cards(persons=[kept]), issue_cards(persons=[gone])
    merge_persons(seat=None, kept=kept, gone=gone)
    assert Card.objects.get(revoked_at=None).pk == ours.card.pk


def test_what_cannot_be_one_person_is_refused(cast: Cast):
    one, other = _person(cast, birth_year=1985), _person(cast, birth_year=1986)
    with pytest.raises(Refusal, match="1985 và 1986"):
        merge_persons(seat=cast.p1_officer, kept=one, gone=other)
    with pytest.raises(Refusal, match="hai người khác nhau"):
        merge_persons(seat=None, kept=one, gone=one)
    third = _person(cast)
    for person in (one, third):
        Person.objects.filter(pk=person.pk).update(user=User.objects.create_user(f"u{person.pk}", "U"))
    with pytest.raises(Refusal, match="tài khoản riêng"):
        merge_persons(seat=None, kept=one, gone=third)
    fourth = _person(cast)
    merge_persons(seat=None, kept=one, gone=fourth)
    with pytest.raises(Refusal, match="đã gộp"):
        merge_persons(seat=None, kept=fourth, gone=third)


@pytest.mark.parametrize("seat", ["p2_officer", "stranger_officer", "pgd_clerk"])
def test_who_does_not_reach_both_cannot_merge(cast: Cast, seat):
    one, other = _person(cast), _person(cast)
    with pytest.raises(Refusal):
        merge_persons(seat=getattr(cast, seat), kept=one, gone=other)
    assert not Merge.objects.exists()


def test_merges_are_taken_back_from_the_last(cast: Cast):
    one, two, three = _person(cast), _person(cast), _person(cast)
    first = merge_persons(seat=None, kept=two, gone=three)
    second = merge_persons(seat=None, kept=one, gone=two)
    assert Person.objects.get(pk=three.pk).merged_into == one
    with pytest.raises(Refusal, match="tách lần sau trước"):
        undo_merge(seat=cast.p1_officer, merge=first)
    undo_merge(seat=cast.p1_officer, merge=second)
    undo_merge(seat=cast.p1_officer, merge=first)
    undo_merge(seat=cast.p1_officer, merge=first)  # taken back already: nothing
    assert not Person.objects.exclude(merged_into=None).exists()


def test_after_erasing_nothing_is_taken_back_and_no_name_is_left(cast: Cast):
    kept, gone = _person(cast, name="Trần Bí Mật"), _person(cast, name="Trần Bí Mật")
    for person in (kept, gone):
        give_consent(person=person, purpose=Purpose.RECORD, way=ConsentWay.PAPER, given_on=DAY)
    merge = merge_persons(seat=None, kept=kept, gone=gone)
    assert "Bí Mật" in str(Merge.objects.get().done)
    erase_person(seat=cast.p1_officer, person=kept)
    for model in (*MOVED, Person, Merge, Act):
        assert "Bí Mật" not in str(list(model.objects.values())), model
    with pytest.raises(Refusal, match="Không tách được"):
        undo_merge(seat=cast.p1_officer, merge=merge)


# ---- whatever is merged ----

PEOPLE, SESSIONS = 4, 2
who = st.integers(0, PEOPLE - 1)
deeds = st.fixed_dictionaries(
    {
        "marks": st.dictionaries(
            st.tuples(who, st.integers(0, SESSIONS - 1)),
            st.tuples(st.booleans(), st.sampled_from([Part.LEARNER, Part.SPEAKER])),
        ),
        "places": st.dictionaries(who, st.sampled_from(list(RegistrationState))),
        "certified": st.sets(who),
        "completed": st.sets(who),
        "needs": st.sets(who),
        "agreed": st.sets(who),
        "withdrawn": st.sets(who),
        "cards": st.sets(who),
        "merges": st.lists(
            st.tuples(who, who).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=4
        ),
    }
)


def _make(cast: Cast, klass: Activity, done: dict) -> list[Person]:
    persons = [_person(cast, f"Người {n}") for n in range(PEOPLE)]
    for (n, nth), (present, part) in done["marks"].items():
        _mark(klass, persons[n], present, nth, part)
    for n, state in done["places"].items():
        _register(klass, persons[n], state)
    for n in done["certified"]:
        _certify(cast, klass, persons[n])
    topic = Topic.objects.create(code=uuid.uuid4().hex, name="Chữ", order=1)
    survey = Survey.objects.create(
        unit=cast.p1, year=2023, name="Thử", ends_on=DAY, token=uuid.uuid4().hex, seat=cast.p1_officer
    )
    for n in done["completed"]:
        Completion.objects.create(person=persons[n], platform="x", title="y", on=DAY, seat=cast.p1_officer)
    for n in done["needs"]:
        Need.objects.create(survey=survey, unit=cast.p1, topic=topic, person=persons[n])
    common = {"purpose": Purpose.RECORD, "way": ConsentWay.PAPER}
    for n in done["agreed"]:
        Consent.objects.create(person=persons[n], given_on=DAY, **common)
    for n in done["withdrawn"] - done["agreed"]:
        Consent.objects.create(person=persons[n], given_on=SINCE, withdrawn_on=date(2023, 12, 1), **common)
    Card.objects.bulk_create(Card(person=persons[n], token=uuid.uuid4().hex, pin="x") for n in done["cards"])
    return persons


def _check_counts(klass: Activity, persons: list[Person], means: list[int], done: dict) -> None:
    """Who was there, by plain counting of who means whom."""
    for nth, session in enumerate(klass.sessions.order_by("starts_at")):
        expected = {means[n] for (n, at), (present, _) in done["marks"].items() if at == nth and present}
        found = list(session.attendances.filter(present=True).values_list("person", flat=True))
        assert sorted(found) == sorted(persons[n].pk for n in expected)  # each once
    for model, key in ((Registration, "places"), (Completion, "completed"), (Need, "needs")):
        found = list(model.objects.filter(person__in=persons).values_list("person", flat=True))
        assert sorted(found) == sorted({persons[means[n]].pk for n in done[key]})
    valid = Certificate.objects.filter(revoked_at=None, superseded_by=None, person__in=persons)
    assert sorted(valid.values_list("person", flat=True)) == sorted(
        {persons[means[n]].pk for n in done["certified"]}
    )
    cards = Card.objects.filter(revoked_at=None, person__in=persons).values_list("person", flat=True)
    assert sorted(cards) == sorted({persons[means[n]].pk for n in done["cards"]})
    agreeing = {means[n] for n in done["agreed"]}
    against = {means[n] for n in done["withdrawn"] - done["agreed"]}
    standing = set(
        Consent.objects.filter(withdrawn_on=None, person__in=persons).values_list("person", flat=True)
    )
    assert standing == {persons[n].pk for n in agreeing - against}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=deeds)
def test_counts_change_by_the_merge_alone_and_undoing_puts_all_back(cast: Cast, klass: Activity, done):
    with _rolled_back():
        persons = _make(cast, klass, done)
        means, before, merges = list(range(PEOPLE)), _dump(), []
        _check_counts(klass, persons, means, done)
        for kept, gone in done["merges"]:
            if means[kept] != kept or means[gone] != gone:
                with pytest.raises(Refusal):
                    merge_persons(seat=None, kept=persons[kept], gone=persons[gone])
                continue
            merges.append(merge_persons(seat=None, kept=persons[kept], gone=persons[gone]))
            means = [kept if m == gone else m for m in means]
            _check_counts(klass, persons, means, done)
        for merge in reversed(merges):
            undo_merge(seat=None, merge=merge)
        assert _dump() == before


def test_a_person_without_a_unit_is_merged_by_nobody_at_a_desk(cast: Cast):
    with pytest.raises(Refusal, match="không thuộc"):
        merge_persons(seat=cast.p1_officer, kept=_person(cast), gone=add_person(full_name="Hà"))
