"""Pages of classes without a seat: who sees the page to register on, and what a phone at the door learns."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hoctap.activities.actions import SessionData, record_activity
from hoctap.activities.actions.attendance import let_check_in, mark
from hoctap.activities.actions.registering import register
from hoctap.activities.enums import Opening
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Activity, Attendance, Claim, Registration, Session
from hoctap.kernel import clock
from hoctap.people.models import Person
from tests.activities.conftest import said
from tests.browser import NARROW, WIDE, axe, fits
from tests.learning import PIN, card, learner
from tests.pages import text_of, words_of


def _class_of_p1(cast, opening: Opening, co_hosts=()) -> Activity:
    begun = clock.now() - timedelta(minutes=10)
    tomorrow = begun + timedelta(days=1)
    data = said(
        "Tin học cho người lớn", "class.it", SessionData(begun), SessionData(tomorrow),
        opening=opening, co_hosts=list(co_hosts),
    )  # fmt: skip
    return record_activity(seat=cast.p1_officer, host=cast.p1, data=data)


def _with_card(person: Person) -> Client:
    client = Client()
    client.post(reverse("card", args=[card(person).token]), {"pin": PIN})
    return client


def test_a_class_of_the_unit_is_seen_by_its_people_and_officers_alone(cast, signed_in):
    address = f"/dang-ky/{_class_of_p1(cast, Opening.UNIT, [cast.thcs]).pk}/"
    for seat in (
        cast.p1_officer,
        cast.p1_leader,
        cast.pgd_officer,
        cast.q3_viewer,
    ):  # host, co-host's above, above
        assert signed_in(seat).get(address).status_code == 200, seat
    for seat in (cast.p2_officer, cast.stranger_officer, cast.ldld_leader):
        assert signed_in(seat).get(address).status_code == 404, seat
        assert signed_in(seat).post(address, {"self": 1}).status_code == 404, seat
    for unit in (cast.p1, cast.thcs):
        assert _with_card(learner(unit, f"Người của {unit.short_name}")).get(address).status_code == 200
    for unit in (cast.p2, cast.q3, cast.stranger):
        client = _with_card(learner(unit, f"Người của {unit.short_name}"))
        assert client.get(address).status_code == 404, unit
        assert client.post(address, {"self": 1}).status_code == 404, unit


def test_a_strangers_person_sees_no_more_with_an_account(cast, signed_in):
    person = learner(cast.p1, "Nguyễn Thị Hoa")
    person.user = cast.stranger_officer.user
    person.save(update_fields=["user"])
    address = f"/dang-ky/{_class_of_p1(cast, Opening.UNIT).pk}/"
    assert signed_in(cast.stranger_officer).get(address).status_code == 200  # she is of the ward
    person.memberships.all().delete()
    assert signed_in(cast.stranger_officer).get(address).status_code == 404


def test_without_a_card_nobody_learns_which_classes_there_are(cast, client):
    of_unit, closed = _class_of_p1(cast, Opening.UNIT), _class_of_p1(cast, Opening.CLOSED)
    for pk in (of_unit.pk, closed.pk, closed.pk + 999):
        answer = client.get(f"/dang-ky/{pk}/")
        assert (answer.status_code, answer["Location"]) == (302, f"/the/?tiep=%2Fdang-ky%2F{pk}%2F")
        assert of_unit.name not in words_of(client.get(answer["Location"]))


def test_a_card_leads_back_to_the_class_and_takes_a_place(cast, client):
    activity = _class_of_p1(cast, Opening.UNIT)
    person, address = learner(cast.p1, "Nguyễn Thị Hoa"), f"/dang-ky/{activity.pk}/"
    code = card(person).token[:12]
    assert client.post("/the/", {"code": code, "pin": PIN, "tiep": address})["Location"] == address
    assert "Đăng ký cho Nguyễn Thị Hoa" in words_of(client.get(address))
    assert "Đã có chỗ" in words_of(client.post(address, {"self": 1}, follow=True))
    assert Registration.objects.get().person == person


@pytest.mark.parametrize("address", ["https://la.example/", "//la.example/", "javascript:alert(1)"])
def test_a_card_leads_nowhere_else(cast, client, address):
    code = card(learner(cast.p1, "Nguyễn Thị Hoa")).token[:12]
    assert client.post("/the/", {"code": code, "pin": PIN, "tiep": address})["Location"] == "/cua-toi/"


# ---- at the door ----


@pytest.fixture
def door(cast) -> Session:
    """Of the class: Bùi Thị Lan; Lê Văn An, marked absent; of the ward two of one name, and Đỗ Thị Xa."""
    activity = _class_of_p1(cast, Opening.UNIT)
    session = activity.sessions.order_by("starts_at").first()
    for name in ("Bùi Thị Lan", "Lê Văn An"):
        register(seat=cast.p1_officer, activity=activity, person=learner(cast.p1, name))
    for name, year in (("Ngô Thị Na", 1960), ("Ngô Thị Na", 1990), ("Đỗ Thị Xa", 1970)):
        learner(cast.p1, name, year)
    absent = Person.objects.get(full_name="Lê Văn An")
    mark(
        seat=cast.p1_officer, session=session, marks=[MarkData(clock.now(), person=absent.pk, present=False)]
    )
    let_check_in(seat=cast.p1_officer, session=session, open_=True)
    return session


def test_the_answer_is_the_same_whatever_the_name(client, door):
    answers = {}
    for name in (
        "bui thi lan",
        "Bùi Thị Lan",
        "Lê Văn An",
        "Ngô Thị Na",
        "Đỗ Thị Xa",
        "Người Lạ",
        "Người Lạ",
    ):
        answer = client.post(f"/d/{door.secret}/", {"name": name, "consented": "on"})
        told = re.sub(r'value="[^"]{40,}"', "", text_of(answer).replace(name, "…"))
        answers.setdefault((answer.status_code, told), []).append(name)
        refused = client.post(f"/d/{door.secret}/", {"name": name})
        assert (refused.status_code, "đồng ý" in words_of(refused)) == (422, True)
    assert len(answers) == 1
    assert next(iter(answers))[0] == 200
    assert set(Attendance.objects.filter(present=True).values_list("person__full_name", flat=True)) == {
        "Bùi Thị Lan", "Đỗ Thị Xa",
    }  # fmt: skip
    assert set(Claim.objects.values_list("name", flat=True)) == {"Lê Văn An", "Ngô Thị Na", "Người Lạ"}


def test_the_count_on_the_wall_tells_no_names_apart(cast, client, signed_in, door):
    wall = f"/diem-danh/{door.pk}/man-hinh/"
    for n, name in enumerate(("Bùi Thị Lan", "Người Lạ", "Ngô Thị Na"), start=1):
        client.post(f"/d/{door.secret}/", {"name": name, "consented": "on"})
        assert f"{n} /2 người" in words_of(signed_in(cast.p1_officer).get(wall))


def test_who_opened_a_card_presses_one_button(cast, door):
    lan = Person.objects.get(full_name="Bùi Thị Lan")
    phone, address = _with_card(lan), f"/d/{door.secret}/"
    assert "Bùi Thị Lan" in words_of(phone.get(address))
    assert "Bùi Thị Lan: đã điểm danh lúc" in words_of(phone.post(address, {"self": 1}))
    assert "Bùi Thị Lan đã điểm danh lúc" in words_of(phone.post(address, {"self": 1}))
    assert Attendance.objects.get(person=lan).walk_in is False
    an = _with_card(Person.objects.get(full_name="Lê Văn An")).post(address, {"self": 1})
    assert (an.status_code, "ghi anh/chị vắng" in words_of(an)) == (422, True)


def test_without_a_card_the_one_button_does_nothing(client, door):
    assert client.post(f"/d/{door.secret}/", {"self": 1}).status_code == 422
    assert not Attendance.objects.filter(present=True).exists()


def test_a_machine_that_tries_names_is_stopped(client, door):
    for n in range(240):
        client.post(f"/d/{door.secret}/", {"name": f"Người {n}"})
    assert client.post(f"/d/{door.secret}/", {"name": "Người 241"}).status_code == 429


def test_the_officer_confirms_who_waits(cast, client, signed_in, door):
    for name in ("Cao Văn Mới", "Ngô Thị Na", "Lê Văn An"):
        client.post(f"/d/{door.secret}/", {"name": name, "consented": "on"})
    officer, waiting = signed_in(cast.p1_officer), f"/diem-danh/{door.pk}/cho/"
    assert "3 người tự ghi tên, chờ xác nhận" in words_of(officer.get(f"/diem-danh/{door.pk}/"))
    page = text_of(officer.get(waiting))
    chosen = dict(re.findall(r'name="(c-\d+)".*?<option value="([^"]*)" selected', page))
    assert sorted(chosen.values()) == ["", "", str(Person.objects.get(full_name="Lê Văn An").pk)]
    chosen[f"c-{Claim.objects.get(name='Cao Văn Mới').pk}"] = "new"
    assert "Đã ghi có mặt 2 người" in words_of(officer.post(waiting, chosen, follow=True))
    assert Claim.objects.get().name == "Ngô Thị Na"
    closed = officer.post(f"/diem-danh/{door.pk}/", {"act": "close"}, follow=True)
    assert "Còn 1 người tự ghi tên chưa xác nhận" in words_of(closed)


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_door_and_its_list_read_well(cast, browse, client, door, width):
    for name in ("Cao Văn Mới", "Ngô Thị Na", "Lê Văn An"):
        client.post(f"/d/{door.secret}/", {"name": name, "consented": "on"})
    for address, seat in ((f"/d/{door.secret}/", None), (f"/diem-danh/{door.pk}/cho/", cast.p1_officer)):
        page = browse(address, seat=seat, width=width)
        assert axe(page) == []
        assert fits(page)


def test_a_newcomer_is_proposed_only_where_all_may_come_and_once_a_name(cast, client, signed_in, door):
    waiting, officer = f"/diem-danh/{door.pk}/cho/", signed_in(cast.p1_officer)
    Activity.objects.filter(pk=door.activity_id).update(opening=Opening.PUBLIC)
    client.post(f"/d/{door.secret}/", {"name": "Cao Văn Mới", "consented": "on"})
    chosen = r'<option value="([^"]*)" selected'
    assert re.findall(chosen, text_of(officer.get(waiting))) == ["new"]
    client.post(f"/d/{door.secret}/", {"name": "cao van moi", "birth_year": "1980", "consented": "on"})
    assert re.findall(chosen, text_of(officer.get(waiting))) == ["", ""]
    answer = officer.post(waiting, {"viec": "bo"}, follow=True)
    assert "Đã ghi có mặt 0 người" in words_of(answer) and not Claim.objects.exists()
