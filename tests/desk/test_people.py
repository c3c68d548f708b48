"""The people of a unit on screen: who sees whom, what is entered, printed, imported, merged, handed over and erased."""

import io
import json
import re
from datetime import date, datetime

import openpyxl
import pytest
from django.contrib.auth.hashers import check_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from hoctap.activities.actions import merge_persons, undo_merge
from hoctap.kernel import clock
from hoctap.kernel.models import Act, StoredFile
from hoctap.orgs import lookalikes
from hoctap.orgs.actions.memberships import enter_person, leave
from hoctap.orgs.enums import Standing
from hoctap.orgs.people_sheets import HEADERS, write_template
from hoctap.people.actions import issue_cards, note_request, tell_apart
from hoctap.people.enums import ConsentWay, Purpose, RequestKind
from hoctap.people.models import Apart, Card, DataRequest, Merge, Person, PersonSheet
from tests.browser import NARROW, WIDE, axe, fits
from tests.cast import SINCE, Cast, make_cast
from tests.desk.units import errors_of, html_of
from tests.pages import words_of

NOON = datetime(2023, 10, 12, 12, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def day(db):
    with clock.frozen(NOON):
        yield


def make(cast: Cast, name: str = "Nguyễn Thị Hà", unit=None, **more) -> Person:
    return enter_person(
        seat=None, unit=unit or cast.thcs, standing=Standing.TEACHER, since=SINCE, full_name=name, **more
    )


@pytest.fixture
def ha(cast: Cast, day) -> Person:
    return make(cast, birth_year=1985, contact="0900000001", consent=ConsentWay.PAPER)


def listed(answer) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/nguoi/\d+/">(.*?)</a>', html_of(answer))


def sheet_of(*rows: tuple) -> SimpleUploadedFile:
    book = openpyxl.load_workbook(io.BytesIO(write_template()))
    for row in rows:
        book["Người học"].append(row + ("",) * (len(HEADERS) - len(row)))
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("lop.xlsx", out.getvalue())


# ---- who sees whom ----


def test_the_list_is_by_name_within_reach_and_found_without_accents(cast: Cast, ha, signed_in):
    make(cast, "Nguyễn Thị Hạ")
    make(cast, "Đỗ Văn Ân", unit=cast.p1)
    make(cast, "Nguyễn Thị Hà", unit=cast.stranger)
    at = signed_in(cast.q3_officer)
    assert listed(at.get("/nguoi/")) == ["Đỗ Văn Ân", "Nguyễn Thị Hà", "Nguyễn Thị Hạ"]
    assert listed(at.get("/nguoi/?tim=thi ha")) == ["Nguyễn Thị Hà", "Nguyễn Thị Hạ"]
    assert listed(at.get("/nguoi/?don-vi=HCM-Q3-P1")) == ["Đỗ Văn Ân"]
    assert listed(at.get("/nguoi/?don-vi=le quy don&tim=do")) == []
    assert "Không thấy đơn vị nào" in words_of(at.get("/nguoi/?don-vi=ben nghe"))


def test_who_left_is_on_the_list_of_those_who_left(cast: Cast, ha, signed_in):
    leave(seat=None, membership=ha.memberships.get(), on=date(2023, 6, 1))
    at = signed_in(cast.pgd_officer)
    assert listed(at.get("/nguoi/")) == []
    assert listed(at.get("/nguoi/?da-roi=1")) == ["Nguyễn Thị Hà"]
    assert "rời từ 01/06/2023" in words_of(at.get(f"/nguoi/{ha.pk}/"))


@pytest.mark.parametrize(
    ("seat", "status"),
    [
        ("pgd_officer", 200), ("q3_leader", 200), ("sgd_officer", 200), ("p1_officer", 404), ("ldld_leader", 404),
        ("stranger_leader", 404), ("pgd_clerk", 403), ("pgd_admin", 403), ("q3_viewer", 403),
    ],
)  # fmt: skip
def test_who_opens_a_person(cast: Cast, ha, signed_in, seat, status):
    answer = signed_in(getattr(cast, seat)).get(f"/nguoi/{ha.pk}/")
    assert answer.status_code == status
    assert ("Nguyễn Thị Hà" in words_of(answer)) == (status == 200)


def test_the_unit_that_somebody_left_looks_and_does_not_act(cast: Cast, ha, signed_in):
    leave(seat=None, membership=ha.memberships.get(), on=date(2023, 6, 1))
    assert (
        signed_in(cast.pgd_officer).post(f"/nguoi/{ha.pk}/the/").status_code == 200
    )  # of no unit now: still ours
    ha.memberships.create(unit=cast.stranger, standing="teacher", valid=(date(2023, 6, 1), None))
    at = signed_in(cast.pgd_officer)
    page = html_of(at.get(f"/nguoi/{ha.pk}/"))
    assert "chỉ xem" in page and "ma-pin" not in page and "/xoa/" not in page
    for act in ("the/", "ma-pin/", "thu-hoi-the/", "sua/", "dong-y/", "du-lieu.json", "xoa/"):
        answer = at.post(f"/nguoi/{ha.pk}/{act}", {"full_name": "Hà", "sure": "on"})
        assert answer.status_code == 422 and "nay không thuộc" in words_of(answer), act
    assert at.post("/nguoi/the/", {"person": [ha.pk]}).status_code == 422
    assert ha.cards.count() == 1 and not Person.objects.get(pk=ha.pk).erased_at
    back = {"unit": "HCM-Q3-LQD", "standing": "teacher", "since": "12/10/2023"}
    assert at.post(f"/nguoi/{ha.pk}/don-vi/", back).status_code == 302
    assert at.post(f"/nguoi/{ha.pk}/ma-pin/").status_code == 200


def test_units_out_of_reach_are_counted_and_not_named(cast: Cast, ha, signed_in):
    ha.memberships.create(unit=cast.stranger, standing="resident", valid=(SINCE, None))
    text = words_of(signed_in(cast.pgd_officer).get(f"/nguoi/{ha.pk}/"))
    assert "Và 1 đơn vị ngoài phạm vi" in text and "Bến Nghé" not in text


def test_pages_about_people_are_kept_by_no_cache_and_say_what_for(cast: Cast, ha, signed_in):
    at = signed_in(cast.pgd_officer)
    for address in ("/nguoi/", f"/nguoi/{ha.pk}/", "/nguoi/nhap-excel/"):
        answer = at.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert "Dữ liệu này để làm gì, giữ bao lâu" in words_of(answer)


def test_a_long_list_goes_on_where_it_stopped_with_as_many_queries(cast: Cast, day, signed_in):
    at = signed_in(cast.pgd_officer)
    make(cast, "Người 000")
    at.get("/nguoi/")
    with CaptureQueriesContext(connection) as one:
        at.get("/nguoi/")
    for n in range(1, 121):
        make(cast, f"Người {n:03d}")
    found, address = [], "/nguoi/"
    with CaptureQueriesContext(connection) as many:
        html = html_of(at.get(address))
    assert len(many) <= len(one)
    while True:
        found += re.findall(r">(Người \d{3})</a>", html)
        link = re.search(r'href="(\?[^"]*sau=[^"]*)">Xem tiếp', html)
        if not link:
            break
        html = html_of(at.get("/nguoi/" + link[1].replace("&amp;", "&")))
    assert found == [f"Người {n:03d}" for n in range(121)]


def test_the_unit_leads_to_its_people(cast: Cast, ha, signed_in):
    assert 'href="/nguoi/?don-vi=HCM-Q3-LQD"' in html_of(
        signed_in(cast.pgd_officer).get("/don-vi/HCM-Q3-LQD/")
    )
    assert "/nguoi/" not in html_of(signed_in(cast.pgd_clerk).get("/don-vi/HCM-Q3-LQD/"))


# ---- entering, changing ----


def test_a_child_is_entered_only_with_a_guardian(cast: Cast, day, signed_in):
    at = signed_in(cast.pgd_officer)
    form = {
        "full_name": "Lê An", "birth_year": "2014", "unit": "le quy don", "standing": "student", "since": "05/09/2023",
        "consent": "paper",
    }  # fmt: skip
    html = html_of(at.post("/nguoi/them/", form), 422)
    assert "Sinh năm 2014, có thể chưa đủ 16 tuổi" in errors_of(html) and not Person.objects.exists()
    at.post("/nguoi/them/", form | {"guardian_name": "Lê Văn Ba"})
    child = Person.objects.get()
    assert child.memberships.get().unit == cast.thcs
    assert (child.consents.get().by_guardian, child.consents.get().given_by) == (True, "Lê Văn Ba")


def test_who_seems_to_be_there_already_is_shown_before_a_second_is_entered(cast: Cast, ha, signed_in):
    make(cast, "Nguyễn Thị Hà", birth_year=1985, unit=cast.stranger)
    at = signed_in(cast.pgd_officer)
    form = {"full_name": "nguyễn thị hà", "unit": "HCM-Q3-LQD", "standing": "teacher", "since": "05/09/2023"}
    html = html_of(at.post("/nguoi/them/", form), 422)
    assert re.findall(r'<a href="/nguoi/(\d+)/">', html) == [str(ha.pk)]
    assert at.post("/nguoi/them/", form | {"birth_year": "1990"}).status_code == 302  # the year says: another
    assert at.post("/nguoi/them/", form | {"again": "1"}).status_code == 302
    assert Person.objects.count() == 4


def test_what_a_person_is_and_agreed_to_is_changed_from_the_page(cast: Cast, ha, signed_in):
    at = signed_in(cast.pgd_officer)
    at.post(f"/nguoi/{ha.pk}/sua/", {"full_name": "Nguyễn Thị Thu Hà", "birth_year": "1986"})
    at.post(f"/nguoi/{ha.pk}/don-vi/", {"unit": "HCM-Q3-PGD", "standing": "staff", "since": "01/01/2023"})
    given = ha.consents.get()
    at.post(f"/nguoi/{ha.pk}/dong-y/{given.pk}/rut/", {"on": "12/10/2023"})
    at.post(f"/nguoi/{ha.pk}/dong-y/", {"purpose": "publish", "way": "form", "given_on": "12/10/2023"})
    text = words_of(at.get(f"/nguoi/{ha.pk}/"))
    assert "Nguyễn Thị Thu Hà" in text and "1986" in text and "0900000001" not in text
    assert "Phòng Giáo dục và Đào tạo Quận 3" in text and "Rút lại ngày 12/10/2023" in text
    assert set(ha.consents.filter(withdrawn_on=None).values_list("purpose", flat=True)) == {Purpose.PUBLISH}


def test_another_persons_rows_are_not_reached_through_ones_own(cast: Cast, ha, signed_in):
    other = make(cast, "Trần An", unit=cast.stranger, consent=ConsentWay.PAPER)
    at = signed_in(cast.pgd_officer)
    assert at.post(f"/nguoi/{ha.pk}/dong-y/{other.consents.get().pk}/rut/").status_code == 404
    assert at.post(f"/nguoi/{ha.pk}/roi/{other.memberships.get().pk}/").status_code == 404


# ---- cards ----


def test_cards_are_printed_for_those_ticked_and_nobody_else(cast: Cast, ha, signed_in):
    other, far = make(cast, "Trần An"), make(cast, "Lê Xa", unit=cast.stranger)
    answer = signed_in(cast.pgd_officer).post("/nguoi/the/", {"person": [ha.pk, far.pk]})
    assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "no-store"
    assert [card.person for card in Card.objects.all()] == [ha]
    answer = signed_in(cast.pgd_officer).post("/nguoi/the/", {"unit": "HCM-Q3-LQD"})
    assert {card.person for card in Card.objects.filter(revoked_at=None)} == {ha, other}
    again = signed_in(cast.pgd_officer).post("/nguoi/the/", {"unit": "HCM-Q3-LQD"})
    assert again.status_code == 422 and "đã có thẻ" in words_of(again)


def test_a_new_pin_is_in_one_answer_and_nowhere_else(cast: Cast, ha, signed_in):
    issue_cards(persons=[ha])
    answer = signed_in(cast.pgd_leader).post(f"/nguoi/{ha.pk}/ma-pin/")
    pin = re.search(r'class="key-text">(\d{3} \d{3})<', html_of(answer))[1].replace(" ", "")
    assert check_password(pin, ha.cards.get().pin)
    assert pin not in str(list(Act.objects.values()))


# ---- import ----


def test_an_import_is_looked_at_decided_and_taken_once(cast: Cast, ha, signed_in):
    make(cast, "Trần An")
    at = signed_in(cast.pgd_officer)
    rows = [
        ("Nguyễn Thị Hà", 1985, "", "Nhà giáo"),
        ("Trần An", 1990, "", "Nhà giáo"),
        ("Võ Dung", 1995, "", "Nhà giáo"),
    ]
    html = html_of(at.post("/nguoi/nhap-excel/", {"unit": "HCM-Q3-LQD", "sheet": sheet_of(*rows)}))
    assert Person.objects.count() == 2
    assert re.search(r'name="row-3" value="same" checked', html)
    kept = PersonSheet.objects.get()
    form = {"kept": kept.pk, "unit": "HCM-Q3-LQD", "row-3": "new"}
    assert at.post("/nguoi/nhap-excel/ghi/", form).status_code == 302
    assert Person.objects.count() == 4 and not PersonSheet.objects.exists()
    again = at.post("/nguoi/nhap-excel/ghi/", form)
    assert again.status_code == 422 and "đã ghi rồi" in words_of(again) and Person.objects.count() == 4


def test_a_refused_sheet_is_not_kept(cast: Cast, day, signed_in):
    at = signed_in(cast.pgd_officer)
    wrong = at.post(
        "/nguoi/nhap-excel/", {"unit": "HCM-Q3-LQD", "sheet": sheet_of(("Lê An", "xx", "", "Nhà giáo"))}
    )
    assert "Người học!B2" in html_of(wrong, 422)
    book = openpyxl.load_workbook(sheet_of(("Lê An", 1985, "", "Nhà giáo")))
    book["Người học"]["I1"] = "Số CCCD"
    out = io.BytesIO()
    book.save(out)
    sheet = SimpleUploadedFile("a.xlsx", out.getvalue())
    text = words_of(at.post("/nguoi/nhap-excel/", {"unit": "HCM-Q3-LQD", "sheet": sheet}))
    assert "không nhận số giấy tờ tùy thân, dân tộc, tôn giáo" in text
    assert not PersonSheet.objects.exists() and not StoredFile.objects.exists()


def test_somebody_elses_look_is_not_taken(cast: Cast, day, signed_in):
    signed_in(cast.pgd_officer).post(
        "/nguoi/nhap-excel/", {"unit": "HCM-Q3-LQD", "sheet": sheet_of(("Võ Dung", 1995, "", "Nhà giáo"))}
    )
    form = {"kept": PersonSheet.objects.get().pk, "unit": "HCM-Q3-LQD"}
    assert signed_in(cast.pgd_leader).post("/nguoi/nhap-excel/ghi/", form).status_code == 422
    assert not Person.objects.exists()


def test_the_template_is_what_the_import_reads(cast: Cast, day, signed_in):
    at = signed_in(cast.pgd_officer)
    empty = SimpleUploadedFile("mau.xlsx", at.get("/nguoi/mau.xlsx").content)
    text = words_of(at.post("/nguoi/nhap-excel/", {"unit": "HCM-Q3-LQD", "sheet": empty}))
    assert "Tệp chưa có ai" in text


# ---- twice the same ----


def test_two_rows_of_one_person_are_found_merged_and_taken_apart(cast: Cast, ha, signed_in):
    twin = make(cast, "NGUYỄN THỊ HÀ")
    make(cast, "Nguyễn Thị Hà", birth_year=1999)  # the year says: somebody else
    far = make(cast, "Nguyễn Thị Hà", birth_year=1985, unit=cast.stranger)
    at = signed_in(cast.pgd_officer)
    html = html_of(at.get("/nguoi/trung/"))
    assert sorted(map(int, re.findall(r'name="same" value="(\d+)"', html))) == sorted([ha.pk, twin.pk])
    refused = at.post("/nguoi/trung/gop/", {"keep": ha.pk, "same": [far.pk]})
    assert refused.status_code == 422 and not Merge.objects.exists()
    at.post("/nguoi/trung/gop/", {"keep": ha.pk, "same": [twin.pk, ha.pk]})
    assert Person.objects.get(pk=twin.pk).merged_into == ha
    assert at.get(f"/nguoi/{twin.pk}/")["Location"] == f"/nguoi/{ha.pk}/"
    assert signed_in(cast.p1_officer).post(f"/nguoi/gop/{Merge.objects.get().pk}/tach/").status_code == 404
    signed_in(cast.pgd_officer).post(f"/nguoi/gop/{Merge.objects.get().pk}/tach/")
    assert Person.objects.get(pk=twin.pk).merged_into is None and twin.memberships.count() == 1


def test_two_said_not_to_be_one_are_not_asked_about_again(cast: Cast, ha, signed_in):
    twin = make(cast)
    at, address = signed_in(cast.pgd_officer), "/nguoi/trung/"
    assert "Gộp những người đã chọn" in words_of(at.get(address))
    at.post("/nguoi/trung/khac/", {"keep": ha.pk, "all": [ha.pk, twin.pk]})
    page = words_of(at.get(address))
    assert "Gộp những người đã chọn" not in page and "Đã ghi là không phải cùng một người" in page
    told = Apart.objects.get()
    assert (told.one, told.other, told.by) == (ha, twin, cast.pgd_officer.user)
    assert signed_in(cast.p2_officer).post(f"/nguoi/trung/khac/{told.pk}/bo/").status_code == 404
    signed_in(cast.pgd_officer).post(f"/nguoi/trung/khac/{told.pk}/bo/")
    page = words_of(at.get(address))
    assert "Gộp những người đã chọn" in page and "Đã ghi là không phải cùng một người" not in page
    verbs = Act.objects.filter(verb__contains="apart").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["person.apart", "person.unapart"]


def test_of_three_only_those_ticked_are_told_apart(cast: Cast, ha, signed_in):
    second, third = make(cast), make(cast)
    at = signed_in(cast.pgd_officer)
    at.post("/nguoi/trung/khac/", {"keep": ha.pk, "same": [third.pk], "all": [ha.pk, second.pk, third.pk]})
    groups = [{person.pk for person in group} for group in lookalikes.groups_of(cast.pgd_officer)]
    assert groups == [{ha.pk, second.pk}]


def test_it_holds_for_who_is_merged_later_and_again_when_taken_apart(cast: Cast, ha):
    second, third = make(cast), make(cast)
    tell_apart(persons=[ha, third])
    merge = merge_persons(seat=None, kept=second, gone=third)
    assert lookalikes.groups_of(cast.pgd_officer) == []
    undo_merge(seat=None, merge=merge)
    assert [len(group) for group in lookalikes.groups_of(cast.pgd_officer)] == [2]


@pytest.mark.parametrize("seat", ["p2_officer", "stranger_officer"])
def test_only_who_keeps_both_tells_them_apart(cast: Cast, ha, signed_in, seat):
    answer = signed_in(getattr(cast, seat)).post("/nguoi/trung/khac/", {"all": [ha.pk, make(cast).pk]})
    assert answer.status_code == 422 and not Apart.objects.exists()


# ---- requests ----


def test_a_request_is_noted_shown_overdue_and_done(cast: Cast, ha, signed_in):
    at = signed_in(cast.pgd_officer)
    at.post(f"/nguoi/{ha.pk}/yeu-cau/", {"kind": "access", "asked_on": "02/10/2023"})
    asked = DataRequest.objects.get()
    assert (asked.answer_by, asked.finish_by) == (date(2023, 10, 4), date(2023, 10, 12))
    assert "Quá hạn 04/10/2023" in words_of(at.get("/nguoi/yeu-cau/"))
    assert "1 yêu cầu về dữ liệu cá nhân đã quá hạn" in words_of(at.get("/nguoi/"))
    at.post(f"/nguoi/yeu-cau/{asked.pk}/tra-loi/")
    assert "quá hạn luật định" not in words_of(at.get("/nguoi/"))
    at.post(f"/nguoi/yeu-cau/{asked.pk}/xong/")
    assert "Nguyễn Thị Hà" not in words_of(at.get("/nguoi/yeu-cau/"))
    assert "Nguyễn Thị Hà" in words_of(at.get("/nguoi/yeu-cau/?xong=1"))


def test_a_request_to_erase_is_done_by_erasing_only(cast: Cast, ha, signed_in):
    asked = note_request(person=ha, kind=RequestKind.ERASE)
    at = signed_in(cast.pgd_officer)
    assert at.post(f"/nguoi/yeu-cau/{asked.pk}/xong/").status_code == 422
    assert at.post(f"/nguoi/{ha.pk}/xoa/").status_code == 422 and not Person.objects.get().erased_at
    at.post(f"/nguoi/{ha.pk}/xoa/", {"sure": "on"})
    asked.refresh_from_db()
    assert asked.done_at and listed(at.get("/nguoi/")) == []
    text = words_of(at.get(f"/nguoi/{ha.pk}/"))
    assert "đã xóa theo yêu cầu" in text and "Hà" not in text
    assert at.post(f"/nguoi/{ha.pk}/the/").status_code == 422


def test_a_persons_data_is_handed_over_by_who_keeps_it(cast: Cast, ha, signed_in):
    answer = signed_in(cast.pgd_officer).post(f"/nguoi/{ha.pk}/du-lieu.json")
    assert json.loads(answer.content)["Thông tin"][0]["Họ tên"] == "Nguyễn Thị Hà"
    assert "no-store" in answer["Cache-Control"]
    sheet = signed_in(cast.pgd_officer).post(f"/nguoi/{ha.pk}/du-lieu.xlsx")
    assert openpyxl.load_workbook(io.BytesIO(sheet.content))["Thông tin"]["A2"].value == "Nguyễn Thị Hà"
    assert Act.objects.filter(verb="person.export").count() == 2
    assert signed_in(cast.pgd_officer).post(f"/nguoi/{ha.pk}/du-lieu.csv").status_code == 404
    assert signed_in(cast.p1_officer).post(f"/nguoi/{ha.pk}/du-lieu.json").status_code == 404


# ---- in a browser ----


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_every_page_fits_and_can_be_read_by_all(browse, width):
    cast = make_cast()
    ha = make(cast, birth_year=1985, contact="0900000001", consent=ConsentWay.PAPER)
    make(cast, "Nguyễn Thị Hà")
    child = make(
        cast,
        "Công Tằng Tôn Nữ Hoàng Thị Kim Ngân",
        birth_year=clock.today().year - 9,
        guardian_name="Công Ba",
    )
    issue_cards(persons=[ha])
    note_request(person=ha, kind=RequestKind.ERASE)
    page = browse("/nguoi/", seat=cast.pgd_officer, width=width)
    for address in (
        "/nguoi/", f"/nguoi/{ha.pk}/", f"/nguoi/{child.pk}/", f"/nguoi/{child.pk}/dong-y/", "/nguoi/them/",
        "/nguoi/trung/", "/nguoi/yeu-cau/", "/nguoi/nhap-excel/",
    ):  # fmt: skip
        page.goto(address)
        assert axe(page) == [], address
        assert fits(page), address
    page.set_input_files(
        "#sheet", files=[_file(sheet_of(("Nguyễn Thị Hà", 1985), ("Võ Dung", "xx", "", "Nhà giáo")))]
    )
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("Chưa ghi gì, tệp không được giữ.")).to_be_visible()
    assert axe(page) == [] and fits(page)
    page.set_input_files(
        "#sheet", files=[_file(sheet_of(("Nguyễn Thị Hà", 1985, "", "Nhà giáo", "0900000007")))]
    )
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("button", name="Ghi danh sách này")).to_be_visible()
    assert axe(page) == [] and fits(page)


def _file(sheet: SimpleUploadedFile) -> dict:
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": sheet.name, "mimeType": media, "buffer": sheet.read()}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_scripts_a_person_is_entered_imported_merged_and_gets_a_card(browse):
    cast = make_cast()
    make(cast, "Võ Thị Dung")
    page = browse("/nguoi/them/?don-vi=HCM-Q3-LQD", seat=cast.pgd_officer, width=NARROW, javascript=False)
    page.get_by_label("Họ và tên").fill("Võ Thị Dung")
    page.get_by_role("button", name="Thêm người").click()
    expect(page.get_by_text("Trong danh sách đã có người cùng tên.")).to_be_visible()
    page.get_by_label("Là người khác, vẫn thêm").check()
    page.get_by_role("button", name="Thêm người").click()
    expect(page.get_by_role("heading", level=1, name="Võ Thị Dung")).to_be_visible()
    with page.expect_download() as printed:
        page.get_by_role("button", name="In thẻ").click()
    assert printed.value.suggested_filename.endswith(".pdf")
    page.goto("/nguoi/trung/")
    page.get_by_role("radio").first.check()
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Gộp những người đã chọn").click()
    expect(page.get_by_text("Đã gộp vào Võ Thị Dung.")).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_text("Đã tách lại thành hai người.")).to_be_visible()
    page.goto("/nguoi/nhap-excel/?don-vi=HCM-Q3-LQD")
    page.set_input_files("#sheet", files=[_file(sheet_of(("Lê An", 1990, "", "Nhà giáo")))])
    page.get_by_role("button", name="Xem trước").click()
    page.get_by_role("button", name="Ghi danh sách này").click()
    expect(page.get_by_text("Đã nhập: 1 người mới")).to_be_visible()


def test_who_is_another_units_now_is_not_proposed_to_be_merged(cast: Cast, ha):
    twin = make(cast)
    assert [{p.pk for p in group} for group in lookalikes.groups_of(cast.pgd_officer)] == [{ha.pk, twin.pk}]
    leave(seat=None, membership=twin.memberships.get(), on=date(2023, 6, 1))
    twin.memberships.create(unit=cast.stranger, standing="teacher", valid=(date(2023, 6, 1), None))
    assert lookalikes.groups_of(cast.pgd_officer) == []


def test_the_unit_that_somebody_left_does_not_close_her_request(cast: Cast, ha, signed_in):
    asked = note_request(person=ha, kind=RequestKind.ACCESS, seat=cast.pgd_officer)
    leave(seat=None, membership=ha.memberships.get(), on=date(2023, 6, 1))
    ha.memberships.create(unit=cast.stranger, standing="teacher", valid=(date(2023, 6, 1), None))
    at = signed_in(cast.pgd_officer)
    for act in ("tra-loi", "xong"):
        answer = at.post(f"/nguoi/yeu-cau/{asked.pk}/{act}/")
        assert answer.status_code == 422 and "nay không thuộc" in words_of(answer)
    asked.refresh_from_db()
    assert (asked.answered_at, asked.done_at) == (None, None)


@pytest.mark.browser
def test_cards_are_printed_twice_from_one_page(cast: Cast, browse):
    person = make(cast)
    page = browse(f"/nguoi/{person.pk}/", seat=cast.pgd_officer, width=WIDE)
    with page.expect_download():
        page.get_by_role("button", name="In thẻ").click()
    expect(page.locator("form[data-sent]")).to_have_count(0)
    with page.expect_download():
        page.get_by_role("button", name="In thẻ").click()
    assert Card.objects.count() == 2
