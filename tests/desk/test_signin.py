"""Signing in as people meet it: password, e-mail, lock, reset, second step, passkey, and a sign-in that runs out."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client

from hoctap.kernel import clock
from tests.browser import NARROW, WIDE, axe, fits
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
ENTER = "/dang-nhap/"
NOON = datetime(2023, 10, 12, 12, tzinfo=clock.VIETNAM)


@pytest.fixture(autouse=True)
def fresh_limits(db):
    cache.clear()


def sign_in(client, name="pgd-officer", password=PASSWORD, **more):
    return client.post(ENTER, {"login": name, "password": password, **more})


def is_signed_in(client) -> bool:
    return client.get("/dang-nhap/phien/").json()["user"] is not None


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def enter(page, name, password=PASSWORD):
    page.fill("#id_login", name)
    page.fill("#id_password", password)
    page.click("main form[action='/dang-nhap/'] button")


@pytest.fixture
def house(frame_room, cast):
    return cast


# ---- by password ----


@pytest.mark.parametrize("name", ["pgd-officer", "PGD-Officer", "pgd-officer@example.vn", " pgd-officer "])
def test_signing_in_by_name_or_address_opens_the_page_asked_for(house, client, name):
    asked = client.get("/dot-bao-cao/")
    assert asked.headers["Location"] == "/dang-nhap/?next=/dot-bao-cao/"
    form = client.get(asked.headers["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/dot-bao-cao/">' in form
    answer = sign_in(client, name, next="/dot-bao-cao/")
    assert answer.headers["Location"] == "/dot-bao-cao/"
    assert client.get("/dot-bao-cao/").status_code == 200


def test_a_foreign_address_is_no_way_on(house, client):
    assert sign_in(client, next="https://evil.example/").headers["Location"] == "/"


def test_a_session_ends_with_the_browser_unless_one_asks(house):
    passing, staying = Client(), Client()
    assert not sign_in(passing).cookies["sessionid"]["max-age"]
    assert sign_in(staying, remember="on").cookies["sessionid"]["max-age"] == 14 * 24 * 3600


def test_wrong_tries_are_counted_down_then_the_name_is_locked(house, client):
    for left in (4, 3, 2, 1):
        html = sign_in(client, password="sai").content.decode()
        assert f"Còn {left} lần thử trước khi tạm khóa 15 phút." in html
        assert 'value="pgd-officer"' in html  # the name need not be typed again
    assert re.search(r"tạm khóa. Thử lại sau \d\d:\d\d", sign_in(client, password="sai").content.decode())
    html = sign_in(client).content.decode()  # right, but too late
    assert re.search(r"Sai nhiều lần nên tạm khóa. Thử lại sau \d\d:\d\d, hoặc đặt lại mật khẩu.", html)
    assert not is_signed_in(client)
    assert sign_in(client, "pgd-leader").status_code == 302  # others are not locked


def test_a_right_password_gives_the_tries_back(house, client):
    sign_in(client, password="sai")
    sign_in(client)
    client.post("/dang-xuat/")
    assert "Còn 3 lần thử" in sign_in(client, password="sai").content.decode()


def test_wrong_tries_of_one_address_stop_it_for_a_minute_whatever_the_names(house, client):
    with clock.frozen(NOON):
        for n in range(30):
            sign_in(client, f"khong-co-{n}")
        assert "Có quá nhiều lần thử từ mạng này" in sign_in(client).content.decode()
        assert sign_in(Client(REMOTE_ADDR="203.0.113.9")).status_code == 302
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert sign_in(client).status_code == 302


def test_an_office_signs_in_from_one_address(house):
    assert {sign_in(Client()).status_code for _ in range(150)} == {302}


def test_an_unknown_name_is_answered_like_a_wrong_password(house, client):
    assert (
        "Tên đăng nhập hoặc mật khẩu chưa đúng. Còn 4 lần thử" in sign_in(client, "khong-co").content.decode()
    )


def test_a_closed_account_stays_out_and_is_told(house, client):
    house.pgd_officer.user.is_active = False
    house.pgd_officer.user.save()
    answer = client.get(sign_in(client).headers["Location"])
    assert "Tài khoản đã đóng" in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "closed", ["/dang-ky/", "/accounts/signup/", "/tai-khoan/email/", "/signup/", "/dang-nhap/code/"]
)
def test_nobody_signs_up_and_other_doors_of_allauth_are_shut(house, client, closed):
    assert client.get(closed).status_code == 404


def test_signing_out_is_a_press_not_a_link(house, client):
    sign_in(client)
    assert "Đăng xuất" in client.get("/dang-xuat/").content.decode()
    assert is_signed_in(client)
    assert client.post("/dang-xuat/").headers["Location"] == ENTER
    assert not is_signed_in(client)
    assert "Đã đăng xuất." in client.get(ENTER).content.decode()


# ---- passwords ----


def test_a_forgotten_password_is_set_anew_by_letter_once(house, client):
    client.post("/quen-mat-khau/", {"email": "pgd-officer@example.vn"})
    (letter,) = mail.outbox
    assert letter.to == ["pgd-officer@example.vn"]
    assert letter.subject == "Hoctap: đặt lại mật khẩu"
    assert "Chào anh/chị Chuyên viên Phòng GD&ĐT Quận 3," in letter.body
    link = re.search(r"http://testserver(\S+)", letter.body)[1]
    form = client.get(link, follow=True)
    address = form.redirect_chain[-1][0]
    new = "mot-cau-moi-de-nho"
    short = client.post(address, {"password1": "ngan", "password2": "ngan"}).content.decode()
    assert "Mật khẩu này ngắn quá. Cần ít nhất 10 ký tự." in short
    other = client.post(address, {"password1": new, "password2": new + "x"}).content.decode()
    assert "Hai lần nhập mật khẩu phải giống nhau." in other
    assert (
        client.post(address, {"password1": new, "password2": new}).headers["Location"]
        == "/quen-mat-khau/xong/"
    )
    assert "Liên kết này không còn dùng được" in Client().get(link, follow=True).content.decode()
    assert sign_in(Client(), password=new).status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_no_letter(house, client):
    known = client.post("/quen-mat-khau/", {"email": "pgd-officer@example.vn"})
    unknown = client.post("/quen-mat-khau/", {"email": "khong-co@example.vn"})
    assert known.headers["Location"] == unknown.headers["Location"] == "/quen-mat-khau/da-gui/"
    assert len(mail.outbox) == 1


def test_changing_the_password_asks_for_the_present_one(house, client):
    sign_in(client)
    new = {"password1": "mot-cau-moi-de-nho", "password2": "mot-cau-moi-de-nho"}
    wrong = client.post("/tai-khoan/mat-khau/", {"oldpassword": "sai", **new}).content.decode()
    assert "Nhập đúng mật khẩu đang dùng." in wrong
    right = client.post("/tai-khoan/mat-khau/", {"oldpassword": PASSWORD, **new}, follow=True)
    assert "Đã lưu mật khẩu mới." in right.content.decode()
    assert is_signed_in(client)
    assert sign_in(Client(), password="mot-cau-moi-de-nho").status_code == 302


# ---- a code from an app ----


def confirm(client) -> None:
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})


def set_up_code(client) -> str:
    """Turn the code on; the secret it is made from."""
    confirm(client)
    html = client.get("/tai-khoan/ung-dung-ma/bat/").content.decode()
    secret = re.search(r'class="key-text">(\w+)<', html)[1]
    assert "<svg" in html and "data:image" not in html  # drawn inline: the policy takes no data: images
    assert "Mã chưa đúng" in client.post("/tai-khoan/ung-dung-ma/bat/", {"code": "000000"}).content.decode()
    done = client.post(
        "/tai-khoan/ung-dung-ma/bat/", {"code": code_for(secret)}, follow=True
    ).content.decode()
    assert "<h1" in done and "Mã dự phòng" in done
    return secret


def spare_codes(client) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", client.get("/tai-khoan/ma-du-phong/").content.decode())


def test_a_code_from_an_app_becomes_a_second_step(house, client):
    sign_in(client)
    secret = set_up_code(client)
    codes = spare_codes(client)
    assert len(codes) == 10
    paper = client.get("/tai-khoan/ma-du-phong/tai/").content.decode()
    assert "Hoctap: mã dự phòng của tài khoản pgd-officer" in paper and codes[0] in paper

    cache.clear()
    again = Client()
    assert sign_in(again, next="/dot-bao-cao/").headers["Location"].startswith("/dang-nhap/xac-thuc/")
    assert not is_signed_in(again)
    assert "Mã chưa đúng" in again.post("/dang-nhap/xac-thuc/", {"code": "000000"}).content.decode()
    assert (
        again.post("/dang-nhap/xac-thuc/", {"code": code_for(secret)}).headers["Location"] == "/dot-bao-cao/"
    )
    assert is_signed_in(again)

    lost = Client()  # the phone is gone: a spare code works, once
    sign_in(lost)
    assert lost.post("/dang-nhap/xac-thuc/", {"code": codes[0]}).status_code == 302
    confirm(lost)
    assert spare_codes(lost) == codes[1:]


def test_what_guards_the_account_is_changed_only_after_confirming(house, client, settings):
    sign_in(client)
    asked = client.get("/tai-khoan/ung-dung-ma/bat/").headers["Location"]
    assert asked.startswith("/tai-khoan/xac-nhan/")
    assert "Xác nhận đúng là anh/chị" in client.get(asked).content.decode()
    assert "Mật khẩu chưa đúng." in client.post(asked, {"password": "sai"}).content.decode()
    assert client.post(asked, {"password": PASSWORD}).headers["Location"] == "/tai-khoan/ung-dung-ma/bat/"
    set_up_code(client)

    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0  # later
    asked = client.post("/tai-khoan/ung-dung-ma/tat/").headers["Location"]
    assert "Dùng mã trong ứng dụng" in client.get(asked).content.decode()
    assert Authenticator.objects.filter(type="totp").exists()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    confirm(client)
    client.post("/tai-khoan/ung-dung-ma/tat/")
    assert not Authenticator.objects.exists()  # the spare codes go with it


# ---- the seat one acts from ----


def test_a_person_with_two_seats_chooses(house, client):
    from hoctap.orgs.actions import grant_seat
    from hoctap.orgs.enums import Role
    from tests.cast import SINCE

    second = grant_seat(
        seat=None, user=house.pgd_officer.user, unit=house.thcs, role=Role.LEADER, since=SINCE
    )
    sign_in(client)
    html = client.get("/vi-tri/").content.decode()
    assert "Phòng Giáo dục và Đào tạo Quận 3" in html and "Trường Trung học cơ sở Lê Quý Đôn" in html
    for chosen in (second, house.p1_leader):  # somebody else's seat is not taken
        client.post("/vi-tri/", {"seat": chosen.pk})
        assert "<small>THCS Lê Quý Đôn</small>" in client.get("/").content.decode()


def test_an_account_without_a_seat_is_told_whom_to_ask(house, client):
    from hoctap.people.models import User

    User.objects.create_user("moi", "Người Mới", PASSWORD)
    sign_in(client, "moi")
    assert "chưa có vị trí nào. Nhờ quản trị đơn vị cấp vị trí." in client.get("/").content.decode()


# ---- the sign-in runs out while somebody is typing ----


def test_a_form_sent_too_late_is_kept_through_signing_in(house, client):
    answer = client.post("/phong/", {"cau": "năm lớp, “120 người”", "them": ["a", "b"], "password": "bí mật"})
    assert answer.status_code == 401
    html = answer.content.decode()
    assert "Nội dung anh/chị vừa nhập vẫn còn" in html
    sealed = re.search(r'name="kept" value="([^"]+)"', html)[1]
    assert "bí mật" not in html
    failed = sign_in(client, password="sai", kept=sealed).content.decode()  # a wrong try loses nothing
    assert sealed in failed
    assert sign_in(client, kept=sealed).headers["Location"] == "/dang-nhap/tiep-tuc/"
    page = client.get("/dang-nhap/tiep-tuc/").content.decode()
    fields = re.findall(r'<input type="hidden" name="(cau|them|password)" value="([^"]*)">', page)
    assert fields == [("cau", "năm lớp, “120 người”"), ("them", "a"), ("them", "b")]
    assert '<form class="stack" method="post" action="/phong/">' in page


def test_a_sealed_form_cannot_be_made_up(house, client):
    assert sign_in(client, kept="eyJwYXRoIjoiLyJ9:1:abc").headers["Location"] == "/"


def test_files_are_said_not_to_be_kept(house, client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = client.post("/phong/", {"cau": "x", "tep": SimpleUploadedFile("a.txt", b"a")})
    assert "Tệp kèm theo thì phải chọn lại." in answer.content.decode()


def test_a_page_older_than_the_sign_in_offers_to_send_again(house):
    strict = Client(enforce_csrf_checks=True)
    strict.get(ENTER)
    answer = strict.post("/phong/", {"cau": "gõ lâu rồi"}, headers={"Origin": "http://testserver"})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert '<form class="acts" method="post" action="/phong/">' in html
    assert '<input type="hidden" name="cau" value="gõ lâu rồi">' in html


@pytest.mark.parametrize("origin", [{"Origin": "https://evil.example"}, {}])
def test_a_form_of_a_foreign_site_is_not_offered_back(house, origin):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/phong/", {"cau": "xin chào"}, headers=origin)
    assert answer.status_code == 403
    assert "xin chào" not in answer.content.decode()


def test_a_password_is_never_written_into_a_page(house):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(ENTER, {"login": "a", "password": "bí mật"}, headers={"Origin": "http://testserver"})
    assert "bí mật" not in answer.content.decode()


def test_htmx_is_answered_with_a_dialog(house, client):
    answer = client.post("/phong/", {"cau": "x"}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.content.decode().strip().startswith('<dialog id="dang-nhap-lai"')


@pytest.mark.browser
def test_the_dialog_keeps_the_typing_and_sends_it_on(house, browse):
    page = browse("/", seat=house.pgd_officer, width=NARROW)
    page.fill("#cau", "gõ dở khi hết phiên")
    Session.objects.all().delete()
    page.click("#phan button")
    page.locator("#dang-nhap-lai").wait_for()
    assert page.input_value("#dnl-ten") == "pgd-officer"
    assert axe(page) == []
    page.fill("#dnl-mk", "sai")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_text("Còn 4 lần thử").wait_for()
    assert page.input_value("#cau") == "gõ dở khi hết phiên"
    page.fill("#dnl-mk", PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_text("Đã nhận: gõ dở khi hết phiên").wait_for()
    assert page.locator("#dang-nhap-lai").count() == 0


@pytest.mark.browser
def test_the_dialog_does_not_send_under_another_name(house, browse):
    page = browse("/", seat=house.pgd_officer)
    page.fill("#cau", "của tôi")
    Session.objects.all().delete()
    page.click("#phan button")
    page.fill("#dnl-ten", "p1-officer")
    page.fill("#dnl-mk", PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.get_by_text("đang đăng nhập bằng tài khoản khác").wait_for()
    assert page.get_by_text("Đã nhận").count() == 0
    assert page.input_value("#cau") == "của tôi"


@pytest.mark.browser
def test_without_javascript_the_typing_survives_too(house, browse):
    page = browse("/", seat=house.pgd_officer, javascript=False)
    page.fill("#cau", "không cần JavaScript")
    Session.objects.all().delete()
    page.click("#phan button")
    enter(page, "pgd-officer")
    page.get_by_role("button", name="Gửi tiếp").click()
    assert page.locator("#nhan").inner_text() == "không cần JavaScript"


@pytest.mark.browser
def test_a_fingerprint_instead_of_a_password(house, browse):
    page = browse("/tai-khoan/van-tay/them/", width=NARROW)
    enter(page, "pgd-officer")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url("**/tai-khoan/van-tay/them/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.fill("#id_name", "Điện thoại của tôi")
    page.get_by_role("button", name="Đặt", exact=True).click()
    page.get_by_text("Đã đặt xong máy này.").wait_for()
    page.goto("/tai-khoan/van-tay/")
    page.get_by_role("rowheader", name="Điện thoại của tôi").wait_for()
    assert axe(page) == [] and fits(page)

    page.click("details.seat > summary")
    page.get_by_role("button", name="Đăng xuất").click()
    page.goto("/dang-nhap/?next=/dot-bao-cao/")
    page.get_by_role("button", name="Dùng vân tay hoặc khuôn mặt").click()
    page.wait_for_url("**/dot-bao-cao/")

    page.click("details.seat > summary")  # with a password it is the second step
    page.get_by_role("button", name="Đăng xuất").click()
    enter(page, "pgd-officer")
    page.get_by_role("heading", name="Thêm một bước").wait_for()
    assert axe(page) == [] and fits(page)
    page.get_by_role("button", name="Dùng vân tay hoặc khuôn mặt").click()
    page.locator("details.seat").wait_for()


@pytest.mark.browser
def test_a_device_that_does_not_confirm_is_said_in_words(house, browse):
    page = browse("/dang-nhap/")
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")  # and no authenticator at all
    page.context.set_offline(True)
    page.get_by_role("button", name="Dùng vân tay hoặc khuôn mặt").click()
    page.get_by_text("Máy chưa xác nhận được. Thử lại, hoặc đăng nhập bằng mật khẩu.").wait_for()


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_door_is_within_everybodys_reach(house, browse, width):
    for dark in (False, True):
        page = browse("/dang-nhap/?next=/dot-bao-cao/", width=width, dark=dark)
        assert axe(page) == [] and fits(page)
        enter(page, "pgd-officer", "sai")
        page.get_by_role("alert").get_by_text("Còn").wait_for()
        assert axe(page) == [] and fits(page)
        for address in (
            "/quen-mat-khau/",
            "/quen-mat-khau/da-gui/",
            "/quen-mat-khau/1-abc-def/",
            "/dang-nhap/tam-ngung/",
        ):
            page.goto(address)
            assert axe(page) == [] and fits(page), address


@pytest.mark.browser
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_my_settings_are_within_everybodys_reach(house, browse, width):
    page = browse("/tai-khoan/", width=width)
    enter(page, "pgd-officer")
    page.get_by_role("heading", name="Cài đặt của tôi").wait_for()
    page.goto("/tai-khoan/ung-dung-ma/bat/")
    assert axe(page) == [] and fits(page)  # asked to confirm first
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Xác nhận").click()
    page.wait_for_url("**/tai-khoan/ung-dung-ma/bat/")
    for address in (
        "/tai-khoan/",
        "/tai-khoan/mat-khau/",
        "/tai-khoan/ung-dung-ma/bat/",
        "/tai-khoan/van-tay/",
        "/tai-khoan/van-tay/them/",
        "/vi-tri/",
        "/dang-xuat/",
    ):
        page.goto(address)
        assert axe(page) == [] and fits(page), address
