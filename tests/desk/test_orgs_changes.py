"""An administrator's screens: founding to dissolving units, seats and new accounts, Excel in two steps."""

import io
import re
import shutil
from datetime import date, timedelta

import openpyxl
import pytest
from django.test import Client

from hoctap.desk.orgs import exchange
from hoctap.kernel import clock
from hoctap.orgs.actions import grant_seat, move_unit
from hoctap.orgs.enums import Line, Role
from hoctap.orgs.models import Seat, Subordination, Unit
from hoctap.people.models import User
from tests.cast import PASSWORD, SINCE, Cast
from tests.desk.units import errors_of, html_of, shown

MOVED = date(2023, 7, 1)


@pytest.fixture
def officer(cast: Cast, signed_in) -> Client:
    return signed_in(cast.q3_officer)


@pytest.fixture
def admin(cast: Cast, signed_in) -> Client:
    """The administrator of Quận 3."""
    user = User.objects.create_user("q3-admin", "Quản trị Quận 3", PASSWORD)
    return signed_in(grant_seat(seat=None, user=user, unit=cast.q3, role=Role.ADMIN, since=SINCE))


# ---- changes ----

CHANGES = ["them", "doi-ten", "sua", "chuyen", "roi-tuyen", "giai-the", "cap-vi-tri"]


@pytest.mark.parametrize("what", CHANGES)
def test_only_an_administrator_above_changes_a_unit(cast: Cast, signed_in, what):
    assert signed_in(cast.pgd_admin).get(f"/don-vi/HCM-Q3-LQD/{what}/").status_code == 200
    assert signed_in(cast.pgd_admin).get(f"/don-vi/HCM-Q3-P1/{what}/").status_code == 404
    assert signed_in(cast.pgd_leader).get(f"/don-vi/HCM-Q3-LQD/{what}/").status_code == 403
    before = list(Unit.objects.values())
    assert (
        signed_in(cast.pgd_leader).post(f"/don-vi/HCM-Q3-LQD/{what}/", {"on": "2023-07-01"}).status_code
        == 403
    )
    assert list(Unit.objects.values()) == before


FOUND = {
    "name": "Trường Tiểu học Kỳ Đồng",
    "short_name": "TH Kỳ Đồng",
    "code": "HCM-Q3-KD",
    "line": "territory",
    "since": "01/09/2023",
    "kind": "school",
    "area_type": "",
    "place": "Quận 3",
    "email": "kydong@example.vn",
}


def test_founding_a_unit(admin):
    answer = admin.post("/don-vi/HCM-Q3-PGD/them/", FOUND, follow=True)
    html = html_of(answer)
    assert "Đã thêm Trường Tiểu học Kỳ Đồng." in html
    assert shown(html) == ["HCM-Q3-PGD", "HCM-Q3-KD", "HCM-Q3-LQD"]
    assert "HCM-Q3-KD" not in html_of(admin.get("/don-vi/?duoi=HCM-Q3-PGD&ngay=2023-08-31"))


def test_a_unit_of_tomorrow_is_shown_on_its_day(admin):
    tomorrow = clock.today() + timedelta(days=1)
    answer = admin.post("/don-vi/HCM-Q3-PGD/them/", {**FOUND, "since": tomorrow.isoformat()}, follow=True)
    assert "HCM-Q3-KD" in shown(html_of(answer))
    assert admin.get("/don-vi/HCM-Q3-KD/").status_code == 404
    assert admin.get(f"/don-vi/HCM-Q3-KD/?ngay={tomorrow}").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "HCM-Q3-P1"}, "Mã đơn vị HCM-Q3-P1 đã có"),
        ({"code": "a/b"}, "Mã chỉ gồm chữ, số"),
        ({"name": ""}, "Chưa nhập mục này"),
        ({"since": "31/02/2023"}, "ngày"),
        ({"since": "01/01/2019"}, "không có trong tuyến Chính quyền vào ngày 01/01/2019"),
        ({"line": "union"}, "union"),
        ({"kind": "tàu"}, "tàu"),
        ({"email": "kydong"}, "địa chỉ thư điện tử"),
    ],
)
def test_a_wrong_founding_is_refused_in_its_place_and_keeps_the_typing(admin, wrong, said):
    count = Unit.objects.count()
    html = html_of(admin.post("/don-vi/HCM-Q3-PGD/them/", FOUND | wrong), 422)
    assert said in errors_of(html)
    assert 'value="TH Kỳ Đồng"' in html
    assert Unit.objects.count() == count


def test_renaming(cast: Cast, admin):
    sent = {"name": "Phường Võ Thị Sáu", "short_name": "P. Võ Thị Sáu", "on": "01/07/2023"}
    assert "Đã ghi tên mới." in html_of(admin.post("/don-vi/HCM-Q3-P1/doi-ten/", sent, follow=True))
    assert "<h1>Ủy ban" in html_of(admin.get("/don-vi/HCM-Q3-P1/?ngay=2023-06-30")).replace("\u00a0", " ")
    assert "<h1>Phường Võ" in html_of(admin.get("/don-vi/HCM-Q3-P1/")).replace("\u00a0", " ")
    html = html_of(admin.post("/don-vi/HCM-Q3-P1/doi-ten/", sent | {"on": "2999-01-01"}), 422)
    assert "chưa đến ngày" in html


def test_editing_what_has_no_history(admin):
    sent = {"kind": "committee", "area_type": "commune", "place": "Phường Một", "email": ""}
    assert "Phường Một" in html_of(admin.post("/don-vi/HCM-Q3-P1/sua/", sent, follow=True))


def test_moving_names_the_new_superior_in_words(cast: Cast, admin):
    sent = {"line": "territory", "parent": "phong giao duc va dao tao quan 3", "on": "2023-07-01"}
    html = html_of(admin.post("/don-vi/HCM-Q3-P2/chuyen/", sent, follow=True))
    assert "Đã chuyển Ủy ban nhân dân Phường 2 về Phòng Giáo dục và Đào tạo Quận 3." in html
    assert shown(html_of(admin.get("/don-vi/"))) == ["HCM-Q3", "HCM-Q3-PGD", "HCM-Q3-P1"]


@pytest.mark.parametrize(
    ("parent", "said"),
    [
        ("UBND Quận 1", "Không thấy đơn vị nào như vậy trong phạm vi"),
        ("phuong", "Có nhiều đơn vị khớp: Ủy ban nhân dân Phường 1 (HCM-Q3-P1); Ủy ban nhân dân Phường 2"),
        ("HCM-Q3-P2", "chính đơn vị dưới mình"),
    ],
)
def test_a_move_that_cannot_be_is_refused(cast: Cast, admin, parent, said):
    sent = {"line": "territory", "parent": parent, "on": "2023-07-01"}
    assert said in html_of(admin.post("/don-vi/HCM-Q3-P2/chuyen/", sent), 422)
    assert Subordination.objects.get(unit=cast.p2).parent == cast.q3


def test_leaving_a_line(cast: Cast, admin):
    html = html_of(admin.get("/don-vi/HCM-Q3-LQD/roi-tuyen/"))
    assert re.findall(r'<option value="(\w+)"', html) == ["territory", "sector"]
    sent = {"line": "territory", "on": "2023-07-01"}
    assert "đã ra khỏi tuyến Chính quyền" in html_of(
        admin.post("/don-vi/HCM-Q3-LQD/roi-tuyen/", sent, follow=True)
    )
    html = html_of(admin.post("/don-vi/HCM-Q3-P1/roi-tuyen/", sent), 422)
    assert "chỉ còn tuyến Chính quyền" in html


def test_dissolving(cast: Cast, admin):
    html = html_of(admin.post("/don-vi/HCM-Q3-PGD/giai-the/", {"on": "2023-07-01"}), 422)
    assert "Trường Trung học cơ sở Lê Quý Đôn vẫn thuộc" in html
    html = html_of(admin.post("/don-vi/HCM-Q3-P1/giai-the/", {"on": "01/07/2023"}, follow=True))
    assert "Đã ghi việc giải thể Ủy ban nhân dân Phường 1." in html
    html = html_of(admin.get("/don-vi/HCM-Q3-P1/?ngay=2023-06-30"))
    assert "Đơn vị giải thể từ ngày 01/07/2023." in html
    assert "/giai-the/" not in html


# ---- seats ----

PERSON = {
    "full_name": "Lê Thị  Hoa",
    "username": "hoa.le",
    "email": "",
    "role": "officer",
    "since": "2023-01-01",
}


def test_a_new_account_has_a_password_for_one_sign_in(cast: Cast, admin):
    html = html_of(admin.post("/don-vi/HCM-Q3-P1/cap-vi-tri/", PERSON))
    password = re.search(r'class="key-text">([^<]+)<', html)[1]
    assert re.fullmatch(r"(\w{4}-){2}\w{4}", password)
    user = User.objects.get(username="hoa.le")
    assert user.full_name == "Lê Thị Hoa" and password not in user.password
    assert "Lê Thị Hoa" in html_of(admin.get("/don-vi/HCM-Q3-P1/"))
    assert password not in html_of(admin.get("/don-vi/HCM-Q3-P1/"))

    own = Client()
    assert own.post("/dang-nhap/", {"login": "hoa.le", "password": password}).status_code == 302
    assert own.get("/don-vi/").headers["Location"] == "/tai-khoan/mat-khau/"
    assert own.post("/tin/da-doc/", {"up_to": "1"}).headers["Location"] == "/tai-khoan/mat-khau/"
    assert "chỉ dùng một lần" in html_of(own.get("/tai-khoan/mat-khau/"))
    new = "hoc tap suot doi"
    sent = {"oldpassword": password, "password1": new, "password2": new}
    assert own.post("/tai-khoan/mat-khau/", sent).status_code == 302
    assert shown(html_of(own.get("/don-vi/"))) == ["HCM-Q3-P1"]
    assert own.get("/don-vi/HCM-Q3-PGD/").status_code == 404


def test_sending_the_same_person_twice_makes_one_account(admin):
    admin.post("/don-vi/HCM-Q3-P1/cap-vi-tri/", PERSON)
    html = html_of(admin.post("/don-vi/HCM-Q3-P1/cap-vi-tri/", PERSON), 422)
    assert "đã có vị trí Chuyên viên" in html
    assert Seat.objects.filter(user__username="hoa.le").count() == 1


def test_somebody_with_an_account_is_seated_under_the_same_name_only(cast: Cast, admin):
    known = PERSON | {"username": "p2-officer", "full_name": "Nguyễn Văn Khác"}
    html = html_of(admin.post("/don-vi/HCM-Q3-P1/cap-vi-tri/", known), 422)
    assert "đã có người khác dùng" in html and cast.p2_officer.user.full_name not in html
    known["full_name"] = "chuyen vien ubnd phuong 2"
    html = html_of(admin.post("/don-vi/HCM-Q3-P1/cap-vi-tri/", known, follow=True))
    assert "Đã cấp vị trí cho Chuyên viên UBND Phường 2." in html and "key-text" not in html
    assert Seat.objects.filter(user=cast.p2_officer.user, unit=cast.p1).count() == 1
    assert cast.p2_officer.user.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "Hoa Lê"}, "Chỉ gồm chữ thường không dấu"),
        ({"role": "vua"}, "vua"),
        ({"full_name": ""}, "Chưa nhập mục này"),
        ({"since": "mai"}, "ngày"),
    ],
)
def test_a_wrong_seat_is_refused(admin, wrong, said):
    html = html_of(admin.post("/don-vi/HCM-Q3-P1/cap-vi-tri/", PERSON | wrong), 422)
    assert said in errors_of(html)
    assert not User.objects.filter(full_name__contains="Hoa").exists()


def test_revoking_a_seat(cast: Cast, admin, signed_in):
    address = f"/vi-tri/{cast.p1_officer.pk}/thu-hoi/"
    assert "Chuyên viên UBND Phường 1" in html_of(admin.get(address))
    html = html_of(admin.post(address, {"on": clock.today().isoformat()}, follow=True))
    assert "Đã thu hồi vị trí của Chuyên viên UBND Phường 1." in html
    assert "p1-officer" not in html
    assert "đã thôi từ trước" in html_of(admin.post(address, {"on": clock.today().isoformat()}), 422)
    assert signed_in(cast.p1_officer).get("/don-vi/").status_code == 403  # no seat is left


def test_a_seat_elsewhere_is_not_found(cast: Cast, signed_in):
    address = f"/vi-tri/{cast.stranger_officer.pk}/thu-hoi/"
    client = signed_in(cast.pgd_admin)
    assert client.get(address).status_code == client.post(address, {"on": "2023-07-01"}).status_code == 404
    assert client.get("/vi-tri/999999/thu-hoi/").status_code == 404


# ---- Excel ----


def sheet_of(client: Client, address: str = "/don-vi/danh-sach.xlsx") -> openpyxl.Workbook:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith('attachment; filename="don-vi-')
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def upload(client: Client, book: openpyxl.Workbook):
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "don-vi.xlsx"
    return client.post("/don-vi/nhap-excel/", {"sheet": out})


def test_the_sheet_holds_what_the_seat_reaches_on_that_day(cast: Cast, officer):
    move_unit(seat=None, unit=cast.p2, line=Line.TERRITORY, parent=cast.q1, on=MOVED)
    codes = lambda book: {row[0].value for row in list(book["Đơn vị"].rows)[1:]}  # noqa: E731
    assert codes(sheet_of(officer)) == {"HCM-Q3", "HCM-Q3-PGD", "HCM-Q3-LQD", "HCM-Q3-P1"}
    assert "HCM-Q3-P2" in codes(sheet_of(officer, "/don-vi/danh-sach.xlsx?ngay=2023-06-30"))


def new_row(code: str, name: str, short_name: str, kind: str, area: str = "") -> list[str]:
    """A unit right below Quận 3, as the sheet has it."""
    return [code, name, short_name, kind, area, "", "", "HCM-Q3", "", "", "", "01/07/2023"]


def test_an_import_is_shown_before_it_is_done(admin):
    book = sheet_of(admin)
    sheet = book["Đơn vị"]
    by_code = {row[0].value: row for row in sheet.rows}
    by_code["HCM-Q3-P1"][5].value = "Phường Một"
    sheet.append(new_row("HCM-Q3-P3", "UBND Phường 3", "P3", "Ủy ban nhân dân", "Xã, phường"))
    html = html_of(upload(admin, book))
    assert re.search(r"<b>1</b> đơn vị mới, <b>1</b> đơn vị thay đổi, <b>4</b> đơn vị giữ nguyên", html)
    assert "Phường 1 → Phường Một" in html and "UBND Phường 3" in html
    assert not Unit.objects.filter(code="HCM-Q3-P3").exists()

    token = re.search(r'name="token" value="([^"]+)"', html)[1]
    html = html_of(admin.post("/don-vi/nhap-excel/ghi/", {"token": token}, follow=True))
    assert "Đã nhập: 1 đơn vị mới, 1 đơn vị thay đổi." in html
    assert Unit.objects.get(code="HCM-Q3-P1").place == "Phường Một"
    assert "HCM-Q3-P3" in shown(html)
    html = html_of(admin.post("/don-vi/nhap-excel/ghi/", {"token": token}, follow=True))
    assert "đã đúng như đang có; không cần ghi gì" in html  # pressed twice
    assert "đã đúng như đang có" in html_of(upload(admin, sheet_of(admin)))


def test_a_plan_of_hundreds_of_rows_is_counted_and_shown_as_far_as_one_reads(admin, monkeypatch):
    monkeypatch.setattr(exchange, "SHOWN", 2)
    book = sheet_of(admin)
    for n in range(5):
        row = new_row(f"N{n}", f"Trường mới {n}", f"Mới {n}", "Cơ sở giáo dục")
        book["Đơn vị"].append(row)
    html = html_of(upload(admin, book))
    assert "<b>5</b> đơn vị mới" in html
    assert "Trường mới 1" in html and "Trường mới 2" not in html
    assert "Còn 3 hàng nữa" in html


def test_wrong_cells_are_named_and_nothing_can_be_carried_out(admin):
    book = sheet_of(admin)
    rows = {row[0].value: row for row in book["Đơn vị"].rows}
    rows["HCM-Q3-P1"][3].value = "Tàu"
    place = f"Đơn vị!D{rows['HCM-Q3-P1'][0].row}"
    html = html_of(upload(admin, book), 422)
    assert place in html and "Chọn một trong" in html
    assert 'name="token"' not in html


def test_a_plan_is_for_the_seat_it_was_shown_to(cast: Cast, admin, signed_in):
    book = sheet_of(admin)
    next(row for row in book["Đơn vị"].rows if row[0].value == "HCM-Q3-PGD")[5].value = "Q3"
    token = re.search(r'name="token" value="([^"]+)"', html_of(upload(admin, book)))[1]
    other = signed_in(cast.pgd_admin)
    for sent in (token, token[:-2], ""):
        html = html_of(other.post("/don-vi/nhap-excel/ghi/", {"token": sent}), 422)
        assert "không còn dùng được" in html
    assert Unit.objects.get(code="HCM-Q3-PGD").place == "Quận 3"


def test_a_plan_whose_file_is_gone_asks_for_it_again(admin, settings):
    book = sheet_of(admin)
    next(row for row in book["Đơn vị"].rows if row[0].value == "HCM-Q3-PGD")[5].value = "Q3"
    token = re.search(r'name="token" value="([^"]+)"', html_of(upload(admin, book)))[1]
    shutil.rmtree(settings.MEDIA_ROOT)
    html = html_of(admin.post("/don-vi/nhap-excel/ghi/", {"token": token}), 422)
    assert "không còn trên máy chủ. Chọn lại tệp" in html


def test_what_is_no_sheet_is_refused(admin):
    assert "Chưa chọn tệp" in html_of(admin.post("/don-vi/nhap-excel/", {}), 422)
    for data, said in ((b"abc", "không phải tệp Excel"), (b"", "trống"), (b"x" * (5 * 2**20 + 1), "5 MB")):
        file = io.BytesIO(data)
        file.name = "x.xlsx"
        assert said in html_of(admin.post("/don-vi/nhap-excel/", {"sheet": file}), 422)


def test_an_officer_may_take_the_list_but_not_send_one(cast: Cast, officer):
    assert officer.get("/don-vi/nhap-excel/").status_code == 403
    assert officer.post("/don-vi/nhap-excel/ghi/", {"token": "x"}).status_code == 403
