"""Erasing: who it was goes, what was counted stays. Handing over: everything that is kept, for machines and to read."""

import io
import json
import re
import uuid
from datetime import date, datetime

import openpyxl
import pytest

from hoctap.activities.actions import ActivityData, SessionData, erase_person, record_activity
from hoctap.activities.enums import Family, MarkWay
from hoctap.activities.models import ActivityKind, Attendance, Certificate, Completion, Registration
from hoctap.activities.portability import as_json, as_workbook, data_of, hand_over
from hoctap.kernel import clock
from hoctap.kernel.errors import Refusal
from hoctap.kernel.models import Act
from hoctap.orgs.actions.memberships import enter_person
from hoctap.orgs.enums import Standing
from hoctap.people.actions import BookData, add_book, correct_person, issue_cards, note_request
from hoctap.people.enums import ConsentWay, RequestKind
from hoctap.people.models import Person
from tests.cast import SINCE, Cast

HELD = datetime(2023, 10, 2, 8, 0, tzinfo=clock.VIETNAM)
SECRETS = ("Bí Mật", "1985", "0900000001", "Giám Hộ", "0900000002", "BDHVS-7")


@pytest.fixture
def person(cast: Cast) -> Person:
    """Somebody of whom there is something in every table."""
    kind = ActivityKind.objects.create(
        code="lop-thu", name="Lớp", family=Family.CLASS, unit_of_measure="lớp", order=999
    )
    data = ActivityData(kind=kind, name="Tin học", sessions=[SessionData(starts_at=HELD, held=True)])
    klass = record_activity(seat=cast.p1_officer, host=cast.p1, data=data)
    person = enter_person(
        seat=cast.p1_officer, unit=cast.p1, standing=Standing.RESIDENT, since=SINCE, full_name="Trần Bí Mật",
        birth_year=1985, contact="0900000001", guardian_name="Trần Giám Hộ", guardian_contact="0900000002",
        consent=ConsentWay.PAPER,
    )  # fmt: skip
    Registration.objects.create(activity=klass, person=person, token="t")
    Attendance.objects.create(session=klass.sessions.get(), person=person, way=MarkWay.SCAN, at=HELD)
    token = uuid.uuid4().hex
    Certificate.objects.create(
        activity=klass, person=person, number="01/2023", token=token, name=person.full_name, hours=3,
        issued_by=cast.p1_leader,
    )  # fmt: skip
    Completion.objects.create(
        person=person, platform="Bình dân học vụ số", title="Kỹ năng số", on=date(2023, 5, 1), reference="BDHVS-7",
        link="https://example.vn/7", seat=cast.p1_officer,
    )  # fmt: skip
    add_book(person=person, data=BookData("Sách Bí Mật", date(2023, 5, 1), shown=True))
    issue_cards(persons=[person])
    note_request(person=person, kind=RequestKind.ERASE, note="Trần Bí Mật gọi 0900000001")
    return person


def _everything() -> str:
    rows = []
    for model in (Person, *{r.related_model for r in Person._meta.related_objects}):
        fields = [f.name for f in model._meta.concrete_fields if not f.name.endswith(("token", "pin"))]
        rows += [(model._meta.label, list(model.objects.values(*fields)))]
    return str([*rows, list(Act.objects.values("verb", "details", "object_id"))])


def _left() -> list[str]:
    """The secrets that stand somewhere, as words of their own: an id or a microsecond may hold the same digits."""
    everything = _everything()
    return [word for word in SECRETS if re.search(rf"(?<!\w){word}(?!\w)", everything)]


def test_nothing_of_who_it_was_is_left_and_every_count_is(cast: Cast, person: Person):
    assert _left() == list(SECRETS)
    counted = (
        Attendance.objects.filter(present=True).count(),
        Registration.objects.count(),
        Completion.objects.count(),
    )
    erase_person(seat=cast.p1_officer, person=person)
    assert _left() == []
    assert counted == (
        Attendance.objects.filter(present=True).count(), Registration.objects.count(), Completion.objects.count(),
    )  # fmt: skip
    assert not person.cards.filter(revoked_at=None).exists()
    assert not Certificate.objects.filter(revoked_at=None).exists()
    assert not person.consents.filter(withdrawn_on=None).exists()
    assert person.requests.get().done_at


def test_erased_stays_erased(cast: Cast, person: Person):
    erase_person(seat=cast.p1_officer, person=person)
    erase_person(seat=cast.p1_officer, person=person)
    assert Act.objects.filter(verb="person.erase").count() == 1
    with pytest.raises(Refusal, match="đã xóa theo yêu cầu"):
        correct_person(person=person, full_name="Trần Bí Mật")
    with pytest.raises(Refusal, match="đã xóa theo yêu cầu"):
        issue_cards(persons=[person])


@pytest.mark.parametrize("seat", ["p2_officer", "stranger_leader", "pgd_admin"])
def test_only_who_keeps_the_person_erases_or_hands_over(cast: Cast, person: Person, seat):
    for act in (erase_person, hand_over):
        with pytest.raises(Refusal):
            act(seat=getattr(cast, seat), person=person)
    assert Person.objects.get(pk=person.pk).erased_at is None


def test_all_that_is_kept_is_handed_over_and_the_two_files_say_the_same(cast: Cast, person: Person):
    data = hand_over(seat=cast.p1_officer, person=person)
    assert Act.objects.filter(verb="person.export", object_id=person.pk).exists()
    assert [title for title, rows in data.items() if not rows] == ["Nhu cầu học"]
    text = as_json(data).decode()
    assert all(word in text for word in SECRETS)
    told = json.loads(text)
    assert told["Thuộc đơn vị"] == [
        {"Đơn vị": cast.p1.name, "Tư cách": "Người dân", "Từ ngày": "2020-01-01", "Đến trước ngày": None}
    ]
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(data)))
    assert book.sheetnames == list(told)
    for title, rows in told.items():
        sheet = [list(row) for row in book[title].iter_rows(values_only=True)]
        assert len(sheet) == max(len(rows), 0) + 1
        if rows:
            assert [cell for cell in sheet[0] if cell] == list(rows[0])
    assert book["Điểm danh"]["C2"].value == datetime(2023, 10, 2, 8, 0)


def test_a_pin_or_a_token_is_never_handed_over(person: Person):
    text = as_json(data_of(person)).decode()
    card = person.cards.get()
    assert card.token not in text and card.pin not in text
