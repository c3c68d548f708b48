"""The frame around every screen: who sits here, what is new, pieces for htmx, words, weight, policy."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.test import Client

from hoctap.desk.jinja import icon, icon_names
from hoctap.notify.actions import tell
from tests.browser import NARROW, WIDE, axe, fits
from tools import messages, vendor

TEMPLATES = Path(django_settings.TEMPLATES[0]["DIRS"][0])
POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
}
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\bsrc=)|javascript:|hx-on|[\"']js:",
    re.IGNORECASE,
)
ENGLISH = re.compile(
    r"\b(the|your|you|please|enter|sign|password|code|page|field|must|this|not|email|e-mail|address)\b",
    re.IGNORECASE,
)


def words_of(html: str) -> str:
    """What a person reads or hears on a page."""
    shown = re.sub(r"<(script|template)\b.*?</\1>", "", html, flags=re.DOTALL)
    spoken = " ".join(re.findall(r'(?:aria-label|placeholder|title|alt)="([^"]*)"', shown))
    return re.sub(r"<[^>]*>", " ", shown) + " " + spoken


@pytest.fixture
def desk(frame_room, signed_in, cast):
    return signed_in(cast.pgd_officer)


def test_the_frame_says_who_sits_where_and_what_is_new(desk, cast):
    for n in range(3):
        tell(unit=cast.pgd, kind="thu", text=f"Tin {n}")
    html = desk.get("/dot-bao-cao/").content.decode()
    assert "Chuyên viên Phòng GD&amp;ĐT Quận 3" in html
    assert "<small>Phòng GD&amp;ĐT Quận 3</small>" in html
    assert 'aria-label="Thông báo, 3 tin mới"' in html
    assert re.findall(r'<a href="([^"]*)" aria-current="page">', html) == ["/dot-bao-cao/"] * 2
    assert '<html lang="vi">' in html


def test_invented_figures_are_said_to_be_invented(desk, cast):
    said = "Số liệu minh họa, không phải số liệu thật của các đơn vị nêu tên."
    assert said not in desk.get("/").content.decode()
    cast.pgd.is_demo = True
    cast.pgd.save()
    assert said in desk.get("/").content.decode()


def test_the_frame_asks_the_database_little(desk, django_assert_num_queries):
    desk.get("/")
    with django_assert_num_queries(2):  # session; seats with user, unit and unread notices
        desk.get("/")


def test_a_piece_for_htmx_equals_that_place_of_the_page(desk):
    whole = desk.get("/?said=Tuần lễ")
    piece = desk.get("/?said=Tuần lễ", headers={"HX-Request": "true"})
    # The form token is masked anew for every answer; everything else is the same text.
    masked = re.compile(r'(name="csrfmiddlewaretoken" value=")[^"]*')
    text = masked.sub(r"\1", piece.content.decode()).strip()
    assert text.startswith("<form id=") and "Tuần lễ" in text
    assert text in masked.sub(r"\1", whole.content.decode())
    for answer in (whole, piece):
        assert answer["Cache-Control"] == "no-store"
        assert "HX-Request" in answer["Vary"]


def test_messages_come_with_the_page_or_with_the_piece(desk):
    said = '<span>Đã nhận: abc</span><form method="post" action="/phong/">'
    assert said in desk.post("/phong/", {"cau": "abc"}).content.decode()
    piece = desk.post("/phong/", {"cau": "abc"}, headers={"HX-Request": "true"}).content.decode()
    assert (
        f'<div hx-swap-oob="beforeend:#thong-bao"><div class="toast" role="status">{icon("check")}{said}'
        in piece
    )


def test_what_a_person_writes_is_never_markup(desk):
    html = desk.post("/phong/", {"cau": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)") == 3  # the field, the line under it, the message


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/khong-co/", 404, "Không tìm thấy trang này"),
        ("/cam/", 403, "Vị trí của anh/chị không có quyền “Gia hạn”."),
        ("/quan-tri/", 403, "Cấp vị trí"),
        ("/la/", 400, "Không hiểu được yêu cầu này"),
        ("/nhieu/", 429, "Gửi quá nhiều lần"),
        ("/hong/", 500, "Hoctap gặp lỗi"),
        ("/tu-choi/", 422, "Ô này chỉ nhận số nguyên từ 0."),
        ("/tu-choi/?kind=conflict", 409, "Chị Hà vừa sửa dòng 1.7."),
    ],
)
def test_a_page_that_cannot_be_given_says_what_why_and_what_to_do(desk, caplog, address, status, says):
    desk.raise_request_exception = False
    answer = desk.get(address)
    html = answer.content.decode()
    assert answer.status_code == status
    assert says in html
    assert "Về Bàn làm việc" in html
    assert not ENGLISH.search(words_of(html))
    piece = desk.get(address, headers={"HX-Request": "true"})
    assert piece.status_code == status
    assert piece["Content-Type"].startswith("text/plain")


def test_a_mistake_shows_the_number_the_log_knows(desk, caplog):
    desk.raise_request_exception = False
    answer = desk.get("/hong/")
    assert answer["X-Request-Id"] in answer.content.decode()


def test_vietnamese_whatever_the_browser_was_sold_with(desk):
    anybody = Client(headers={"Accept-Language": "en-US,en;q=0.9"})
    for address in ("/dang-nhap/", "/quen-mat-khau/"):
        html = anybody.get(address).content.decode()
        assert not ENGLISH.search(words_of(html.replace("English", ""))), address
    html = desk.get("/tai-khoan/", headers={"Accept-Language": "en"}).content.decode()
    assert "Cài đặt của tôi" in html and not ENGLISH.search(words_of(html.replace("English", "")))


def test_english_is_chosen_by_a_button_and_kept(frame_room, db):
    anybody = Client()
    answer = anybody.post("/ngon-ngu/", {"language": "en", "next": "/dang-nhap/"})
    assert answer.headers["Location"] == "/dang-nhap/"
    html = anybody.get("/dang-nhap/").content.decode()
    assert '<html lang="en">' in html and "<h1>Sign in</h1>" in html
    assert anybody.get("/ngon-ngu/?language=vi").status_code == 302  # a GET changes nothing
    assert '<html lang="en">' in anybody.get("/dang-nhap/").content.decode()


@pytest.mark.parametrize(
    "address", ["/", "/dang-nhap/", "/quen-mat-khau/", "/tai-khoan/", "/khong-co/", "/phong/"]
)
def test_the_content_policy_is_strict_and_the_page_keeps_it(desk, address):
    answer = (Client() if address in ("/dang-nhap/", "/quen-mat-khau/") else desk).get(address)
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert not INLINE.search(answer.content.decode())


@pytest.mark.parametrize(
    "template", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: str(p.relative_to(TEMPLATES))
)
def test_no_template_holds_script_or_style(template):
    assert not INLINE.search(template.read_text())


@pytest.mark.parametrize("address", ["/", "/dang-nhap/"])
def test_a_first_visit_stays_under_60_kilobytes(desk, address):
    html = (Client() if address == "/dang-nhap/" else desk).get(address).content
    assert html.count(b"<link") + html.count(b"<script") >= 3
    files = set(re.findall(r'/static/([^"#?]+)', html.decode()))
    weight = len(gzip.compress(html)) + sum(
        len(gzip.compress(Path(finders.find(file)).read_bytes())) for file in files
    )
    assert len(files) >= 4
    assert weight < 60_000, weight


def test_the_words_are_whole():
    assert messages.check() == []


def test_vendored_files_are_as_they_came():
    assert vendor.sums() == vendor.MANIFEST.read_text()
    assert icon_names() == set(vendor.icon_names())


def test_an_unknown_icon_is_a_mistake():
    with pytest.raises(KeyError, match="khong-co"):
        icon("khong-co")


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_part_is_within_everybodys_reach(frame_room, browse, cast, width, dark):
    page = browse("/?said=Tuần lễ", seat=cast.pgd_officer, width=width, dark=dark)
    assert axe(page) == []
    assert fits(page)
    page.click("details.seat > summary")
    assert axe(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("details.seat[open]").count()
    page.goto("/khong-co/")
    assert axe(page) == []
    assert fits(page)


@pytest.mark.browser
def test_the_page_speaks_up_when_the_network_is_gone(frame_room, browse, cast):
    page = browse("/", seat=cast.pgd_officer)
    page.context.set_offline(True)
    page.locator("#mat-mang").wait_for(state="visible")
    page.fill("#cau", "vẫn còn đây")
    page.click("#phan button")
    page.get_by_text("Máy chủ chưa trả lời").wait_for()
    page.context.set_offline(False)
    page.click("#phan button")
    page.get_by_text("Đã nhận: vẫn còn đây").wait_for()
    assert page.locator("#mat-mang").is_hidden()


@pytest.mark.browser
def test_leaving_with_something_unsaved_is_asked_about(frame_room, browse, cast):
    page = browse("/", seat=cast.pgd_officer)
    page.fill("#cau", "chưa gửi")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.click(".nav a:nth-child(2)", no_wait_after=True)
    assert asked == ["beforeunload"]
    assert page.input_value("#cau") == "chưa gửi"
    page.click("#phan button")
    page.get_by_text("Đã nhận: chưa gửi").wait_for()
    page.click(".nav a:nth-child(2)")
    page.wait_for_url("**/van-ban/")
    assert asked == ["beforeunload"]


@pytest.mark.browser
def test_a_refusal_of_the_server_is_said_in_words(frame_room, browse, cast):
    page = browse("/", seat=cast.pgd_officer)
    page.evaluate("htmx.ajax('GET', '/cam/', {source: '#phan', target: '#phan'})")
    page.get_by_text("không có quyền “Gia hạn”").wait_for()
    assert page.locator("#phan").count() == 1  # the page stayed as it was
    page.click("#thong-bao [data-close]")
    assert page.get_by_text("không có quyền “Gia hạn”").count() == 0


@pytest.mark.browser
def test_the_frame_works_without_javascript(frame_room, browse, cast):
    page = browse("/", seat=cast.pgd_officer, javascript=False, width=NARROW)
    page.fill("#cau", "không cần JavaScript")
    page.click("#phan button")
    assert page.locator("#nhan").inner_text() == "không cần JavaScript"
    page.click("details.seat > summary")
    page.get_by_role("button", name="Đăng xuất").click()
    assert page.locator("h1").inner_text() == "Đăng nhập"
