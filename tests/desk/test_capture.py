"""Ghi nhanh on a phone: the tile follows the name, until somebody presses one."""

import pytest
from playwright.sync_api import expect

from hoctap.activities.actions import SessionData, record_activity
from hoctap.activities.models import Activity
from tests.activities.conftest import at, said
from tests.activities.test_evidence import photo
from tests.browser import NARROW


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
