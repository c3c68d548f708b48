"""The attendance screen on a phone: with a net, without one, after a reload, from two phones; and without scripts."""

import gzip
import json
import re
import uuid
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import expect

from hoctap.activities.actions import SessionData, record_activity
from hoctap.activities.actions.attendance import let_check_in, mark
from hoctap.activities.actions.registering import register
from hoctap.activities.enums import MarkWay, Opening
from hoctap.activities.marking import MarkData
from hoctap.activities.models import Attendance, Mark, Registration, Session
from hoctap.desk.attendance import screen
from hoctap.kernel import clock
from hoctap.orgs.actions.memberships import join
from hoctap.orgs.enums import Standing
from hoctap.people.actions import add_person, issue_cards
from hoctap.people.models import Person
from tests.activities.conftest import said
from tests.activities.people import NAMES, who_came
from tests.browser import NARROW, WIDE, axe, fits, kept_on_the_phone
from tests.learning import PIN, card
from tests.pages import sign_in, text_of, words_of
from tests.waiting import PATIENCE, eventually

OTHER = "Vũ Thị Mơ"


@pytest.fixture
def evening(cast) -> Session:
    """A class of Phường 1 that began ten minutes ago: six people on its list, one more in the ward."""
    begun = clock.now() - timedelta(minutes=10)
    data = said(
        "Tin học cho người lớn", "class.it", SessionData(begun, begun + timedelta(hours=2), place="TTHTCĐ"),
        opening=Opening.PUBLIC, capacity=40,
    )  # fmt: skip
    activity = record_activity(seat=cast.p1_officer, host=cast.p1, data=data)
    for name in [*NAMES, OTHER]:
        person = add_person(full_name=name, seat=cast.p1_officer)
        join(
            seat=cast.p1_officer,
            person=person,
            unit=cast.p1,
            standing=Standing.RESIDENT,
            since=date(2023, 1, 1),
        )
        if name != OTHER:
            register(seat=cast.p1_officer, activity=activity, person=person)
    return activity.sessions.get()


def _address(session: Session) -> str:
    return f"/diem-danh/{session.pk}/"


def _tick(page, name: str) -> None:
    page.locator("li[data-id]", has_text=name).locator("input").click()


def _ready(page, *files: str) -> None:
    """The page and what it is made of lie on the phone."""
    path = urlsplit(page.url).path
    kept_on_the_phone(page, [path, f"{path}so-lieu/"], ["attendance.js", "queue.js", *files])


def _sign_out(page) -> None:
    page.locator("details.seat summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("button", name="Đăng nhập", exact=True)).to_be_visible()


@pytest.mark.browser
def test_forty_people_without_scripts(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW, javascript=False)
    page.get_by_label("Bùi Thị Lan").check()
    page.get_by_label("Số người đến thêm").fill("12")
    page.locator("#luu-lai").click()
    expect(page.locator("#thong-bao")).to_contain_text("Đã ghi điểm danh.")
    assert who_came(evening) == ["Bùi Thị Lan"]
    page.get_by_role("button", name="Có mặt cả lớp").click()
    expect(page.locator("[data-present]")).to_have_text("6")
    page.get_by_label("Bùi Thị Lan").uncheck()
    page.get_by_role("button", name="Chốt buổi").click()
    expect(page.get_by_text("Đã chốt lúc")).to_be_visible()
    assert len(who_came(evening)) == 5
    evening.refresh_from_db()
    assert (evening.state, evening.unnamed) == ("held", 12)


@pytest.mark.browser
def test_on_a_phone_what_is_ticked_lands_by_itself(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    assert axe(page) == []
    assert fits(page)
    _tick(page, "Bùi Thị Lan")
    expect(page.locator("[data-present]")).to_have_text("1")
    eventually(lambda: who_came(evening) == ["Bùi Thị Lan"])
    expect(page.locator("li", has_text="Bùi Thị Lan")).to_contain_text("Chuyên viên UBND Phường 1")
    page.get_by_role("button", name="Có mặt cả lớp").click()
    eventually(lambda: len(who_came(evening)) == 6)
    page.get_by_label("Tìm theo tên").fill("mo")
    expect(page.locator("li[data-id]:visible")).to_have_count(1)
    _tick(page, OTHER)
    eventually(lambda: OTHER in who_came(evening))
    assert Attendance.objects.get(person__full_name=OTHER).walk_in
    assert axe(page) == []


@pytest.mark.browser
def test_without_a_net_through_a_reload_and_back(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    _ready(page)
    _tick(page, "Bùi Thị Lan")
    eventually(lambda: who_came(evening) == ["Bùi Thị Lan"])
    page.context.set_offline(True)
    _tick(page, "Đoàn Văn Hải")
    page.get_by_label("Họ và tên").fill("Cao Văn Mới")
    page.get_by_role("button", name="Thêm người này").click()
    expect(page.locator("#hang-doi")).to_contain_text("giữ trong máy, chưa gửi.")
    page.reload()
    expect(page.locator("#hang-doi")).to_contain_text("Mất mạng, cứ ghi tiếp.")
    expect(page.locator("[data-present]")).to_have_text("3")
    expect(page.get_by_label("Đoàn Văn Hải")).to_be_checked()
    expect(page.get_by_label("Bùi Thị Lan")).to_be_checked()
    expect(page.get_by_label("Cao Văn Mới")).to_be_checked()
    assert axe(page) == []
    assert fits(page)
    assert who_came(evening) == ["Bùi Thị Lan"]
    page.context.set_offline(False)
    eventually(lambda: who_came(evening) == ["Bùi Thị Lan", "Cao Văn Mới", "Đoàn Văn Hải"])
    expect(page.locator("#hang-doi")).to_be_hidden()
    expect(page.locator("li[data-id]", has_text="Cao Văn Mới")).to_have_count(1)


@pytest.mark.browser
def test_a_page_loaded_past_the_worker_is_kept_all_the_same(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    _ready(page)
    page.evaluate("caches.delete('hoctap-pages')")
    # As a page is that was asked for while the worker was starting: nobody looks after it.
    with page.expect_event("load"):
        page.context.new_cdp_session(page).send("Page.reload", {"ignoreCache": True})
    _ready(page)


@pytest.mark.browser
def test_signing_out_takes_the_kept_pages_away(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=WIDE)
    page.reload()  # under the worker from now on
    _ready(page)
    _sign_out(page)
    assert page.evaluate("caches.has('hoctap-pages')") is False


@pytest.mark.browser
def test_a_card_opened_on_the_officers_phone_takes_the_kept_pages_away(cast, browse, evening):
    person = evening.activity.registrations.get(person__full_name=NAMES[0]).person
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    page.reload()  # under the worker from now on
    _ready(page)
    page.goto(f"/the/{card(person).token}/")
    page.get_by_label("Mã PIN").fill(PIN)
    page.get_by_role("button", name="Mở", exact=False).first.click()
    page.wait_for_url("**/cua-toi/")
    assert page.evaluate("caches.has('hoctap-pages')") is False


@pytest.mark.browser
def test_signing_out_without_a_net_takes_the_kept_pages_away(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=WIDE)
    page.reload()  # under the worker from now on
    _ready(page)
    page.context.set_offline(True)
    page.locator("details.seat summary").click()
    with page.expect_event("requestfailed", lambda request: "/dang-xuat/" in request.url):
        page.get_by_role("button", name="Đăng xuất").click(no_wait_after=True)
    page.context.set_offline(False)
    page.goto("/d/")
    assert page.evaluate("caches.has('hoctap-pages')") is False


@pytest.mark.browser
def test_what_answers_only_after_signing_out_is_not_kept(cast, browse, evening, monkeypatch):
    page = browse(_address(evening), seat=cast.p1_officer, width=WIDE)
    page.reload()  # under the worker from now on
    _ready(page)
    asked, go, state = Event(), Event(), screen.state

    def slowly(session: Session) -> dict:
        asked.set()
        go.wait(PATIENCE)
        return state(session)

    monkeypatch.setattr(screen, "state", slowly)
    page.evaluate(
        "(path) => { window.late = fetch(path, {headers: {'X-Keep': '1'}}).then((answer) => answer.status); }",
        f"{_address(evening)}so-lieu/",
    )
    assert asked.wait(PATIENCE)
    other = page.context.new_page()
    other.goto("/")
    _sign_out(other)
    go.set()
    assert page.evaluate("window.late") == HTTPStatus.OK
    page.wait_for_timeout(500)
    assert page.evaluate("caches.has('hoctap-pages')") is False


@pytest.mark.browser
def test_what_a_search_found_is_not_kept_as_the_page(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    page.reload()  # under the worker from now on
    _ready(page)
    asked = "(path) => fetch(path, {headers: {'X-Keep': '1'}}).then((answer) => answer.text())"
    kept = "async (path) => (await caches.match(path, {cacheName: 'hoctap-pages'})).text()"
    paper = "Đang nhập từ phiếu giấy"
    assert paper in page.evaluate(asked, f"{_address(evening)}?cach=giay")
    page.wait_for_timeout(500)
    assert paper not in page.evaluate(kept, _address(evening))


@pytest.mark.browser
def test_two_officers_at_once_see_each_others_marks(cast, browse, evening):
    one = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    two = browse(_address(evening), seat=cast.p1_leader, width=NARROW)
    _tick(one, "Bùi Thị Lan")
    eventually(lambda: who_came(evening) == ["Bùi Thị Lan"])
    _tick(two, "Đoàn Văn Hải")
    eventually(lambda: len(who_came(evening)) == 2)
    expect(two.get_by_label("Bùi Thị Lan")).to_be_checked()
    expect(two.locator("li", has_text="Bùi Thị Lan")).to_contain_text("Chuyên viên UBND Phường 1")


@pytest.mark.browser
def test_what_was_asked_before_a_mark_and_answered_after_it_unticks_nobody(
    cast, browse, evening, monkeypatch
):
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    asked, go, answered, state = Event(), Event(), [], screen.state

    def late(session: Session) -> dict:
        found, first = state(session), not asked.is_set()
        asked.set()
        if first:
            go.wait(PATIENCE)
        answered.append(found)
        return found

    monkeypatch.setattr(screen, "state", late)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it looks what is new
    assert asked.wait(PATIENCE)
    _tick(page, "Bùi Thị Lan")
    expect(page.locator("li", has_text="Bùi Thị Lan")).to_contain_text("Chuyên viên UBND Phường 1")
    page.evaluate("""() => {
      const number = document.querySelector("[data-present]");
      window.seen = [];
      new MutationObserver(() => window.seen.push(number.textContent)).observe(number, { childList: true });
    }""")
    before = len(answered)
    go.set()
    # The late one, and what it asked for instead.
    eventually(lambda: len(answered) > before + 1 and page.evaluate("window.seen.length") > 0)
    assert set(page.evaluate("window.seen")) == {"1"}
    expect(page.get_by_label("Bùi Thị Lan")).to_be_checked()


@pytest.mark.browser
def test_a_scanned_card_and_the_same_again(cast, browse, evening):
    person = evening.activity.registrations.get(person__full_name="Phạm Thị Út").person
    issue_cards(persons=[person], seat=cast.p1_officer)
    token = person.cards.get().token
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    scan = "(text) => document.dispatchEvent(new CustomEvent('hoctap:scanned', {detail: text}))"
    page.evaluate(scan, f"https://hoctap.example.vn/the/{token}/")
    expect(page.get_by_label("Phạm Thị Út")).to_be_checked()
    eventually(lambda: who_came(evening) == ["Phạm Thị Út"])
    assert Attendance.objects.get().way == MarkWay.SCAN
    expect(page.locator("li", has_text="Phạm Thị Út")).to_contain_text("Chuyên viên UBND Phường 1")
    page.evaluate(scan, f"https://hoctap.example.vn/the/{token}/")
    expect(page.locator("[data-scan]")).to_contain_text("Phạm Thị Út đã điểm danh lúc")


@pytest.mark.browser
def test_the_projector_page_shows_qr_code_and_count_together(cast, browse, evening):
    let_check_in(seat=cast.p1_officer, session=evening, open_=True)
    for width in (WIDE, NARROW):
        page = browse(f"{_address(evening)}man-hinh/", seat=cast.p1_officer, width=width)
        expect(page.locator("svg.qr-img")).to_be_visible()
        expect(page.get_by_text(f"{evening.code[:3]} {evening.code[3:]}")).to_be_visible()
        assert axe(page) == []
        assert fits(page)
    phone = browse("/d/", width=NARROW)
    phone.get_by_label("Mã trên màn hình").fill(evening.code.lower())
    phone.get_by_role("button", name="Tiếp tục").click()
    phone.get_by_label("Họ và tên").fill("bui thi lan")
    phone.get_by_label("Tôi đồng ý").check()
    assert axe(phone) == []
    assert fits(phone)
    phone.get_by_role("button", name="Tôi có mặt").click()
    expect(phone.get_by_text("Đã ghi nhận: bui thi lan.")).to_be_visible()
    expect(page.locator("#dem")).to_contain_text("1/6 người đã điểm danh")


@pytest.mark.browser
@pytest.mark.parametrize("path", ["phieu/", "?cach=giay", "danh-sach"])
def test_the_other_pages_read_well(cast, browse, evening, path):
    address = (
        f"/dang-ky/{evening.activity_id}/danh-sach/?tim=mo"
        if path == "danh-sach"
        else f"{_address(evening)}{path}"
    )
    for width in (WIDE, NARROW):
        page = browse(address, seat=cast.p1_officer, width=width)
        assert axe(page) == []
        assert fits(page)


def test_a_first_visit_is_light(cast, signed_in, evening):
    """Page, style, scripts and icons as sent, fonts aside."""
    html = signed_in(cast.p1_officer).get(_address(evening)).content
    files = set(re.findall(r'"/static/([^"#]+\.(?:js|css|svg))', html.decode()))
    files |= {"hoctap/queue.js"}
    sizes = {name: len(gzip.compress(Path(finders.find(name)).read_bytes(), 9)) for name in files}
    assert len(gzip.compress(html)) + sum(sizes.values()) < 60_000, sizes


def _send(client, session, op, when, *marks, **more):
    headers = {"X-Op": str(op), "X-Phone-Now": when.isoformat(), "HX-Request": "true"}
    return client.post(_address(session), {"marks": json.dumps(marks), **more}, headers=headers)


def _mark_of(session, name: str, when, **more) -> dict:
    row = session.activity.registrations.get(person__full_name=name)
    return {"p": row.person_id, "v": 1, "t": when.isoformat(), **more}


@pytest.mark.parametrize("wrong", [timedelta(days=365), timedelta(days=-365)])
def test_a_phone_whose_clock_is_a_year_off(cast, signed_in, evening, wrong):
    client, its_now = signed_in(cast.p1_officer), clock.now() + wrong
    five_ago = _mark_of(evening, "Bùi Thị Lan", its_now - timedelta(minutes=5))
    answer = _send(client, evening, uuid.uuid4(), its_now, five_ago)
    assert answer.status_code == 200
    at = evening.attendances.get().at
    assert abs(clock.now() - timedelta(minutes=5) - at) < timedelta(minutes=1)


def test_marks_of_the_future_are_refused_in_words(cast, signed_in, evening):
    now = clock.now()
    later = _mark_of(evening, "Bùi Thị Lan", now + timedelta(hours=1))
    answer = _send(signed_in(cast.p1_officer), evening, uuid.uuid4(), now, later)
    assert answer.status_code == 422
    assert "tương lai" in answer.content.decode()
    assert not Attendance.objects.exists()


def test_the_same_queue_twice_and_from_two_phones_lands_once(cast, signed_in, evening):
    now, ops = clock.now(), [uuid.uuid4() for _ in NAMES]
    for seat in (cast.p1_officer, cast.p1_officer, cast.p1_leader):
        for op, name in zip(ops, NAMES, strict=True):
            answer = _send(signed_in(seat), evening, op, now, _mark_of(evening, name, now))
            assert answer.status_code == 200
    assert len(who_came(evening)) == 6
    assert Mark.objects.count() == 6


def test_a_closing_sent_again_after_it_was_reopened_leaves_it_open(cast, signed_in, evening):
    """The phone lost the answer, and sends the same again when its net is back."""
    client, asked, op = signed_in(cast.p1_officer), clock.now() - timedelta(minutes=5), uuid.uuid4()
    closing = partial(_send, client, evening, op, clock.now(), act="close", at=asked.isoformat())
    assert "Đã chốt buổi" in closing().json()["done"]
    client.post(_address(evening), {"act": "reopen"})
    answer = closing()
    assert answer.status_code == 200
    assert "đã mở lại lúc" in answer.json()["notes"][0]
    evening.refresh_from_db()
    assert evening.closed_at is None
    client.post(_address(evening), {"act": "close"})
    evening.refresh_from_db()
    assert evening.closed_at


@pytest.mark.parametrize(
    "marks", ["[", "7", '[{"p": 1}]', '[{"p": 1, "t": "x", "v": 1, "w": "zz"}]', '["a"]']
)
def test_what_cannot_be_read_is_refused(cast, signed_in, evening, marks):
    answer = signed_in(cast.p1_officer).post(
        _address(evening), {"marks": marks}, headers={"X-Op": str(uuid.uuid4()), "HX-Request": "true"}
    )
    assert answer.status_code == 422


def test_others_do_not_find_it(cast, signed_in, evening):
    for seat in (cast.stranger_officer, cast.p2_officer):
        for path in ("", "so-lieu/", "man-hinh/", "phieu/"):
            assert signed_in(seat).get(_address(evening) + path).status_code == 404
    assert signed_in(cast.q3_officer).get(_address(evening)).status_code == 200


def test_registering_waiting_and_giving_up_in_public(cast, client, evening):
    activity = evening.activity
    activity.capacity = 7
    activity.save(update_fields=["capacity"])
    address = f"/dang-ky/{activity.pk}/"
    assert "Còn 1 chỗ" in words_of(client.get(address))
    assert "checked" not in text_of(client.get(address))
    refused = client.post(address, {"full_name": "Cao Văn Mới"})
    assert refused.status_code == 422
    assert "đồng ý" in words_of(refused)
    assert client.post(address, {"full_name": "Bé Na", "birth_year": 2015, "record": "on"}).status_code == 422
    first = client.post(address, {"full_name": "Cao Văn Mới", "record": "on"})
    assert "Đã có chỗ" in words_of(client.get(first["Location"]))
    second = client.post(address, {"full_name": "Đỗ Thị Sau", "record": "on"})
    assert "thứ 1 trong hàng" in words_of(client.get(second["Location"]))
    assert "Đã rút đăng ký" in words_of(client.post(first["Location"], follow=True))
    assert "Đã có chỗ" in words_of(client.get(second["Location"]))
    assert Registration.objects.filter(activity=activity, state="taken").count() == 7


@pytest.mark.browser
def test_the_public_page_reads_well(browse, evening):
    for width in (WIDE, NARROW):
        page = browse(f"/dang-ky/{evening.activity_id}/", width=width)
        assert axe(page) == []
        assert fits(page)


def test_what_an_officer_marked_is_on_the_page(cast, signed_in, evening):
    row = evening.activity.registrations.get(person__full_name=NAMES[0])
    mark(seat=cast.p1_leader, session=evening, marks=[MarkData(clock.now(), person=row.person_id)])
    assert "Lãnh đạo UBND Phường 1" in words_of(signed_in(cast.p1_officer).get(_address(evening)))


def test_the_activity_leads_to_its_list_its_registration_and_its_marks(cast, signed_in, evening):
    page = signed_in(cast.p1_officer).get(f"/hoat-dong/{evening.activity_id}/")
    html = page.content.decode()
    assert "6 người có chỗ." in words_of(page)
    for address in (
        f"/dang-ky/{evening.activity_id}/danh-sach/",
        f"/dang-ky/{evening.activity_id}/",
        _address(evening),
    ):
        assert f'href="{address}"' in html


def test_the_list_of_a_class_offers_the_people_of_the_unit(cast, signed_in, evening):
    page = words_of(signed_in(cast.p1_officer).get(f"/dang-ky/{evening.activity_id}/danh-sach/"))
    assert OTHER in page


def test_without_scripts_what_was_ticked_stands_beside_the_refusal(cast, signed_in, evening):
    lan, other = (Person.objects.get(full_name=name) for name in ("Bùi Thị Lan", OTHER))
    said = {
        "act": "save",
        "p": [lan.pk, other.pk],
        "moi": "Cao Văn Mới",
        "nam_sinh": "1960",
        "unnamed": "khoảng 10",
    }
    answer = signed_in(cast.p1_officer).post(_address(evening), said)
    assert answer.status_code == 422 and who_came(evening) == []
    html = text_of(answer)
    for person in (lan, other):
        assert f'name="p" value="{person.pk}" checked' in html
    for value in ("Cao Văn Mới", "1960", "khoảng 10"):
        assert f'value="{value}"' in html


def test_the_whole_class_at_once_with_what_was_ticked_and_typed_beside_it(cast, signed_in, evening):
    other, op = Person.objects.get(full_name=OTHER), str(uuid.uuid4())
    said = {"act": "all", "op": op, "p": [other.pk], "moi": "Cao Văn Mới", "unnamed": "4"}
    for _ in range(2):  # and again, as a page sent twice
        signed_in(cast.p1_officer).post(_address(evening), said)
    assert sorted(who_came(evening)) == sorted([*NAMES, OTHER, "Cao Văn Mới"])
    evening.refresh_from_db()
    assert evening.unnamed == 4


def test_whoever_was_counted_without_a_name_and_is_named_later_counts_once(cast, signed_in, evening):
    """Eight were counted when it was recorded; five of them are ticked from the sheet."""
    client = signed_in(cast.p1_officer)
    five = list(Person.objects.filter(full_name__in=NAMES[:5]).values_list("pk", flat=True))
    client.post(_address(evening), {"act": "save", "unnamed": "8", "p": five})
    assert "Cả buổi tính 13 người" in words_of(client.get(_address(evening)))
    for _ in range(2):  # pressed twice
        client.post(
            _address(evening), {"act": "less", "unnamed": "8", "p": five, "was": ",".join(map(str, five))}
        )
        evening.refresh_from_db()
        assert (evening.unnamed, len(who_came(evening))) == (3, 5)
    crowded = client.post(_address(evening), {"act": "save", "unnamed": "36", "p": five}, follow=True)
    assert "Buổi này tính 41 người" in words_of(crowded) and "có 40 chỗ" in words_of(crowded)


def test_the_part_of_somebody_on_the_list_is_changed(cast, signed_in, evening):
    client, address = signed_in(cast.p1_officer), f"/dang-ky/{evening.activity_id}/danh-sach/"
    row = evening.activity.registrations.get(person__full_name=NAMES[0])
    assert f'href="?vai={row.pk}#co-cho"' in client.get(address).content.decode()
    form = client.get(address, {"vai": row.pk}).content.decode()
    assert "Lưu vai" in form and f'name="person" value="{row.person_id}"' in form
    client.post(address, {"person": row.person_id, "part": "speaker"})
    row.refresh_from_db()
    assert row.part == "speaker"


@pytest.mark.browser
def test_on_a_phone_the_sum_of_named_and_unnamed_is_said_and_put_right(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    page.get_by_label("Số người đến thêm").fill("8")
    expect(page.locator("#cong")).to_be_hidden()
    _tick(page, "Bùi Thị Lan")
    expect(page.locator("[data-sum]")).to_have_text("9")
    assert axe(page) == []
    assert fits(page)
    page.get_by_role("button", name="Bớt người đã có tên").click()
    expect(page.get_by_label("Số người đến thêm")).to_have_value("7")
    expect(page.locator("[data-sum]")).to_have_text("8")
    eventually(lambda: Session.objects.get(pk=evening.pk).unnamed == 7 and len(who_came(evening)) == 1)


@pytest.mark.browser
def test_another_officers_marks_that_wait_on_the_phone_are_not_shown_as_made(cast, browse, evening):
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW)
    page.context.set_offline(True)
    _tick(page, "Bùi Thị Lan")
    expect(page.locator("#hang-doi")).to_contain_text("1 mục giữ trong máy")
    page.context.clear_cookies()
    page.context.set_offline(False)
    state = sign_in(Client(), cast.p1_leader).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": state, "url": page.url}])
    page.goto(page.url)
    expect(page.locator("#hang-doi")).to_contain_text("1 mục của tài khoản khác trên máy này.")
    expect(page.get_by_label("Bùi Thị Lan")).not_to_be_checked()
    expect(page.locator("[data-present]")).to_have_text("0")
