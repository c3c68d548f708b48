"""Ghi nhanh: what is invited to, what is sent twice; on a phone the tile follows the name, until somebody presses one."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from hoctap.activities.actions import SessionData, record_activity
from hoctap.activities.models import Activity
from hoctap.kernel import clock
from tests.activities.conftest import NOW, at, said
from tests.activities.test_evidence import photo
from tests.browser import NARROW
from tests.pages import text_of, words_of

CAPTURE = {"name": "Lớp may", "family": "class", "day": "03/10/2023", "people": "12"}
EARLY = "Chưa tới giờ: để trống số người, ghi sau khi hoạt động diễn ra."


@pytest.fixture
def officer(db, cast, signed_in):
    with clock.frozen(NOW):
        yield signed_in(cast.p1_officer)


def test_an_invitation_is_proposed_without_people(officer):
    text = "Mời 30 học viên dự lớp tin học 19h ngày 10/10 tại hội trường phường"
    answer = officer.post(reverse("capture-paste"), {"text": text})
    inputs = re.findall(r"<input[^>]*>", text_of(answer))
    proposed = {
        name[1]: value[1]
        for one in inputs
        if (name := re.search(r' name="(\w+)"', one)) and (value := re.search(r' value="([^"]*)"', one))
    }
    assert (
        "people" not in proposed and "Số người" not in words_of(answer).partition("Tin không nói rõ")[2][:80]
    )
    fields = {name: proposed[name] for name in ("name", "day", "start", "place", "token")}
    assert officer.post(reverse("capture"), fields | {"family": "class", "people": ""}).status_code == 302
    made = Activity.objects.get().sessions.get()
    assert (made.state, made.unnamed, made.starts_at) == ("planned", 0, at(10, 19, 0))
    past = "30 học viên dự lớp tin học 19h ngày 3/10"
    assert 'value="30"' in text_of(officer.post(reverse("capture-paste"), {"text": past}))


def test_a_number_of_what_has_not_begun_is_refused_beside_its_field(officer):
    answer = officer.post(reverse("capture"), CAPTURE | {"day": "06/10/2023", "start": "9:01"})
    assert answer.status_code == 422
    assert re.search(r'id="id_people-loi">.{0,300}?' + EARLY, text_of(answer))
    assert "Đã diễn ra" not in words_of(answer)
    phone = {"X-Op": str(uuid.uuid4()), "HX-Request": "true"}
    refused = officer.post(
        reverse("capture"), CAPTURE | {"day": "06/10/2023", "start": "9:01"}, headers=phone
    )
    assert refused.status_code == 422 and EARLY in words_of(refused)
    assert not Activity.objects.exists()
    begun = officer.post(reverse("capture"), CAPTURE | {"day": "06/10/2023", "start": "9:00"})
    assert begun.status_code == 302
    assert Activity.objects.get().sessions.get().unnamed == 12


@pytest.mark.parametrize("screen", ["capture", "activity-new"])
def test_a_form_corrected_after_its_answer_was_lost_leads_to_what_was_recorded(officer, cast, screen):
    fields = CAPTURE | {"token": str(uuid.uuid4())}
    fields |= {"kind": "class.it", "host": cast.p1.name, "rows": "1"}
    fields |= {"b0-day": "03/10/2023", "b0-held": "on", "b0-people": "12", "opening": "closed"}
    assert officer.post(reverse(screen), fields).status_code == 302
    made = Activity.objects.get()
    assert officer.post(reverse(screen), fields)["Location"] == reverse("activity", args=[made.pk])
    answer = officer.post(reverse(screen), fields | {"people": "21", "b0-people": "21"})
    assert answer.status_code == 422
    assert "đã thành hoạt động “Lớp may”" in words_of(answer)
    assert f'href="{reverse("activity", args=[made.pk])}"' in text_of(answer)
    assert Activity.objects.get().sessions.get().unnamed == 12


@pytest.mark.browser
def test_the_tile_follows_what_the_name_clearly_says(cast, browse):
    news = said("Tin về Tuần lễ", "news.item", SessionData(at(3), place="Phường 1", held=True))
    record_activity(seat=cast.p1_officer, host=cast.p1, data=news)
    page = browse("/ghi-nhanh/", seat=cast.p1_officer, width=NARROW)
    name, tile = page.get_by_label("Tên hoạt động"), page.locator("label.tile input:checked")
    expect(tile).to_have_value("news")  # as the last one
    name.press_sequentially("Lop tin hoc buoi toi")
    expect(tile).to_have_value("class")
    name.fill("Gặp mặt đầu năm")  # says nothing: stays
    expect(tile).to_have_value("class")
    page.locator("label.tile", has_text="Cuộc thi").click()
    name.fill("Lớp tin học")
    expect(tile).to_have_value("contest")


REFUSE = """() => new Promise((done) => {
  const asked = indexedDB.open("hoctap-queue", 1);
  asked.onsuccess = () => {
    const items = asked.result.transaction("items", "readwrite").objectStore("items");
    items.getAll().onsuccess = ({ target: { result: [item] } }) => {
      items.put({ ...item, state: "refused", fields: [...item.fields, ["unit", "%s"]] }).onsuccess = () => done();
    };
  };
})"""


@pytest.mark.browser
def test_what_was_refused_is_put_right_with_its_photos_and_co_hosts(cast, browse, tmp_path):
    picture = tmp_path / "lop.jpg"
    picture.write_bytes(photo())
    page = browse("/ghi-nhanh/", seat=cast.p1_officer, width=NARROW)
    page.context.set_offline(True)
    page.get_by_label("Tên hoạt động").fill("Lớp may")
    page.get_by_label("Ngày").fill("03/10/2023")
    page.get_by_label("Ảnh").set_input_files(picture)
    page.get_by_role("button", name="Lưu hoạt động").click()
    expect(page.locator("#hang-doi")).to_contain_text("Lớp may")
    page.evaluate(REFUSE % cast.p2.pk)  # as one that a pasted message proposed, and the server did not take
    page.context.set_offline(False)
    page.reload()
    page.get_by_role("link", name="Sửa").click()
    expect(page.get_by_label("Tên hoạt động")).to_have_value("Lớp may")
    expect(page.locator("[data-thumbs] canvas")).to_have_count(1)
    page.get_by_label("Số người đến").fill("30")
    page.get_by_role("button", name="Lưu hoạt động").click()
    page.wait_for_url("**/hoat-dong/*/")
    made = Activity.objects.get()
    assert made.evidence.count() == 1 and made.co_hosts.get().unit == cast.p2
    assert made.sessions.get().unnamed == 30


@pytest.mark.browser
def test_a_number_before_its_hour_is_said_at_once_and_not_kept_to_be_sent(cast, browse):
    page = browse("/ghi-nhanh/", seat=cast.p1_officer, width=NARROW)
    page.context.set_offline(True)
    people, save = page.get_by_label("Số người đến"), page.get_by_role("button", name="Lưu hoạt động")
    page.get_by_label("Tên hoạt động").fill("Lớp may")
    page.get_by_label("Ngày").fill(f"{clock.today() + timedelta(days=2):%d/%m/%Y}")
    people.fill("30")
    expect(page.locator("#people-goi-y")).to_have_text(EARLY)
    save.click()
    expect(people).to_have_js_property("validationMessage", EARLY)
    expect(page.get_by_label("Tên hoạt động")).to_have_value("Lớp may")
    expect(page.locator("#hang-doi")).to_be_hidden()
    people.fill("")
    expect(page.locator("#people-goi-y")).not_to_have_text(EARLY)
    save.click()
    expect(page.locator("#hang-doi")).to_contain_text("Lớp may")
