"""What a phone sends again is done once; what it entered without a net waits on it and goes out by itself."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import expect

from hoctap.kernel.models import Act, Operation
from tests.browser import NARROW, axe, fits
from tests.pages import sign_in
from tests.waiting import eventually

LOAD = "import('/static/hoctap/queue.js').then(() => true)"
ADD = """async ([cau, n]) => {
  const { add } = await import("/static/hoctap/queue.js");
  for (let i = 0; i < n; i++) await add({ url: "/cua/", fields: [["cau", cau]], label: `Mục “${cau}”`, small: "31 người" });
}"""


@pytest.fixture(autouse=True)
def _one_more_door(settings):
    settings.ROOT_URLCONF = "tests.desk.queue_urls"


def _hand_in(client, said: str, op=None):
    headers = {"X-Op": str(op or uuid.uuid4()), "HX-Request": "true"}
    return client.post("/cua/", {"cau": said}, headers=headers)


def _handed_in() -> list[str]:
    return [act.details["said"] for act in Act.objects.filter(verb="door").order_by("id")]


def test_the_same_sending_is_done_once_and_answered_again(cast, signed_in):
    client, op = signed_in(cast.pgd_officer), uuid.uuid4()
    first, second = _hand_in(client, "một", op), _hand_in(client, "một", op)
    assert first.json() == second.json() == {"url": "/"}
    assert _handed_in() == ["một"]


@pytest.mark.parametrize(("said", "status"), [("sai", 422), ("hong", 503)])
def test_what_was_refused_leaves_nothing_and_may_be_sent_again(cast, signed_in, said, status):
    client, op = signed_in(cast.pgd_officer), uuid.uuid4()
    assert _hand_in(client, said, op).status_code == status
    assert _handed_in() == []
    assert _hand_in(client, "sửa rồi", op).status_code == 200
    assert _handed_in() == ["sửa rồi"]


def test_an_id_is_of_one_user_and_well_formed(cast, signed_in):
    op = uuid.uuid4()
    assert _hand_in(signed_in(cast.pgd_officer), "một", op).status_code == 200
    assert _hand_in(signed_in(cast.p1_officer), "hai", op).status_code == 409
    assert _hand_in(signed_in(cast.p1_officer), "ba", "khong-phai-ma").status_code == 422
    assert _handed_in() == ["một"]


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_the_same_moment_are_one(cast):
    op = uuid.uuid4()

    def send(_n):
        try:
            return _hand_in(sign_in(Client(), cast.pgd_officer), "cùng lúc", op).json()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as phones:
        assert list(phones.map(send, range(6))) == [{"url": "/"}] * 6
    assert _handed_in() == ["cùng lúc"]
    assert Operation.objects.count() == 1


@pytest.mark.browser
def test_entered_without_a_net_it_waits_survives_and_goes_out_in_order(cast, browse):
    page = browse("/tin/", seat=cast.pgd_officer, width=NARROW)
    page.evaluate(LOAD)
    page.context.set_offline(True)
    for said in ("một", "hai", "ba"):
        page.evaluate(ADD, [said, 1])
    queue = page.locator("#hang-doi")
    expect(queue).to_contain_text("3 mục giữ trong máy, chưa gửi.")
    expect(queue).to_contain_text("Mất mạng, cứ ghi tiếp.")
    assert axe(page) == []
    assert fits(page)
    assert _handed_in() == []
    page.close()
    page = browse_again(page)
    eventually(lambda: _handed_in() == ["một", "hai", "ba"])
    expect(page.locator("#hang-doi")).to_be_hidden()


def browse_again(page):
    """Another tab of the same phone, with the net back."""
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/tin/")
    return again


@pytest.mark.browser
def test_refused_it_stays_with_its_reason_and_holds_up_nothing(cast, browse):
    page = browse("/tin/", seat=cast.pgd_officer, width=NARROW)
    for said in ("sai", "lưu ý", "đúng"):
        page.evaluate(ADD, [said, 1])
    queue = page.locator("#hang-doi")
    expect(queue).to_contain_text("2 mục cần xem.")
    expect(queue).to_contain_text("Thiếu ngày học. Ghi ngày rồi gửi lại.")
    expect(queue).to_contain_text("Một người đã xóa.")
    assert "Gửi được lần cuối lúc" in queue.inner_text()
    eventually(lambda: _handed_in() == ["lưu ý", "đúng"])
    assert axe(page) == []
    queue.get_by_role("button", name="Bỏ").click()
    queue.get_by_role("button", name="Đã xem").click()
    expect(queue).to_be_hidden()


TRIED_FIVE_TIMES = """() => new Promise((done) => {
  const asked = indexedDB.open("hoctap-queue", 1);
  asked.onsuccess = () => {
    const items = asked.result.transaction("items", "readwrite").objectStore("items");
    items.getAll().onsuccess = (event) => { items.put({ ...event.target.result[0], tries: 5 }).onsuccess = () => done(); };
  };
})"""


@pytest.mark.browser
def test_what_the_server_stumbles_over_holds_up_nothing(cast, browse):
    page = browse("/tin/", seat=cast.pgd_officer, width=NARROW)
    page.evaluate(LOAD)
    page.context.set_offline(True)
    for said in ("vấp", "đúng"):
        page.evaluate(ADD, [said, 1])
    page.evaluate(TRIED_FIVE_TIMES)
    page.context.set_offline(False)
    page.goto("/tin/")
    eventually(lambda: _handed_in() == ["đúng"])
    expect(page.locator("#hang-doi")).to_contain_text("1 mục cần xem.")


@pytest.mark.browser
def test_signed_out_meanwhile_it_asks_to_sign_in_and_keeps_everything(cast, browse):
    page = browse("/tin/", seat=cast.pgd_officer, width=NARROW)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.evaluate(ADD, ["giữ lại", 2])
    expect(page.locator("#hang-doi")).to_contain_text("Đăng nhập lại để gửi, chưa mất gì.")
    expect(page.locator("#hang-doi").locator("[data-signin] a")).to_be_visible()
    assert _handed_in() == []
    page.context.add_cookies(cookies)
    page.evaluate("import('/static/hoctap/queue.js').then((queue) => queue.send())")
    eventually(lambda: _handed_in() == ["giữ lại", "giữ lại"])
    expect(page.locator("#hang-doi")).to_be_hidden()


@pytest.mark.browser
def test_it_is_never_sent_in_anothers_name(cast, browse):
    page = browse("/tin/", seat=cast.pgd_officer, width=NARROW)
    page.evaluate(LOAD)
    page.context.set_offline(True)
    page.evaluate(ADD, ["của chuyên viên Phòng", 1])
    page.context.clear_cookies()
    page.context.set_offline(False)
    other = browse("/tin/", seat=cast.p1_officer)
    page.context.add_cookies(other.context.cookies())
    page.goto("/tin/")
    expect(page.locator("#hang-doi")).to_contain_text("1 mục của tài khoản khác trên máy này.")
    assert _handed_in() == []
