"""Pages of classes without a seat: who sees the page to register on, and what a phone at the door learns."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from hoctap.activities.actions import SessionData, record_activity
from hoctap.activities.enums import Opening
from hoctap.activities.models import Activity, Registration
from hoctap.kernel import clock
from hoctap.people.models import Person
from tests.activities.conftest import said
from tests.learning import PIN, card, learner
from tests.pages import words_of


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
