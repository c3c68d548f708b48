"""Reading a directive on the screen: paste, look, change, lay out, take back, issue; the unit plans; how far all are."""

import shutil
from datetime import date
from unittest.mock import Mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from hoctap.desk.directives.items import form_of, names_of
from hoctap.directives import actions, jobs
from hoctap.directives.actions import DirectiveData
from hoctap.directives.enums import DocumentKind
from hoctap.directives.models import Reading
from hoctap.directives.reading.sources import Scanned
from hoctap.directives.understood import new_item
from hoctap.kernel.errors import Refusal
from hoctap.obligations.models import Obligation, PlannedActivity
from hoctap.orgs.models import Unit
from hoctap.reports import programmes
from tests.browser import NARROW, WIDE, axe, fits
from tests.cast import make_cast
from tests.pages import sign_in, words_of
from tests.reading.files import as_pdf, as_scan, seed

PLAN = """ỦY BAN NHÂN DÂN QUẬN 3
Số: 410/KH-UBND
Quận 3, ngày 05 tháng 9 năm 2026

KẾ HOẠCH
Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2026

Căn cứ Kế hoạch số 4753/KH-UBND ngày 25 tháng 8 năm 2026 của Ủy ban nhân dân Thành phố về Tuần lễ học tập suốt đời;

Tuần lễ diễn ra từ ngày 02/10/2026 đến ngày 08/10/2026 với chủ đề “Học để làm chủ tri thức”.

I. TỔ CHỨC THỰC HIỆN
1. Phòng Giáo dục và Đào tạo Quận 3
- Chủ trì hướng dẫn, đôn đốc các phường thực hiện Kế hoạch.
- Tổng hợp, báo cáo Ủy ban nhân dân Quận 3 trước ngày 20/10/2026.
2. Đề nghị Hội Cựu chiến binh Quận 3
- Vận động hội viên tham gia Tuần lễ.
3. Ủy ban nhân dân Phường 1, Ủy ban nhân dân Phường 2
- Mở ít nhất 02 lớp kỹ năng số cho người lớn tuổi.
- Treo băng rôn <b>tại</b> các trục đường chính.
II. CHẾ ĐỘ BÁO CÁO
Ủy ban nhân dân Phường 1, Ủy ban nhân dân Phường 2 gửi báo cáo kết quả về Ủy ban nhân dân Quận 3 (thông qua Phòng Giáo dục \
và Đào tạo) trước ngày 15/10/2026.

Nơi nhận:
- UBND các phường;
- Lưu: VT.

TM. ỦY BAN NHÂN DÂN
CHỦ TỊCH

Nguyễn Văn An
"""


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def check(page, javascript: bool) -> None:
    assert fits(page)
    if javascript:
        assert axe(page) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "javascript"), [(WIDE, True), (NARROW, False)])
def test_from_the_pasted_plan_to_the_programme(browse, width, javascript):
    cast = make_cast()
    how = {"width": width, "javascript": javascript}
    page = browse("/van-ban/", seat=cast.pgd_leader, **how)
    page.get_by_role("link", name="Đọc văn bản").click()
    check(page, javascript)
    page.get_by_label("Dán cả văn bản vào đây").fill(PLAN)
    press(page, "Đọc văn bản")
    expect(page.get_by_role("heading", level=1)).to_have_text("Đọc 410/KH-UBND")
    expect(page.locator("article mark.k-due").first).to_be_visible()
    expect(page.locator("article")).to_contain_text("<b>tại</b>")  # markup in a text is text
    check(page, javascript)
    _change_and_decide(page)
    press(page, "Lập chương trình từ văn bản")
    expect(page.get_by_text("Chương trình đã lập, chưa ban hành.")).to_be_visible()
    expect(page.get_by_text("2 đơn vị gửi UBND Quận 3 trước ngày 16/10/2026")).to_be_visible()
    check(page, javascript)
    press(page, "Hoàn tác")
    expect(page.get_by_role("button", name="Lập chương trình từ văn bản")).to_be_visible()
    press(page, "Lập chương trình từ văn bản")
    assert not Obligation.objects.exists()
    press(page, "Ban hành chương trình")
    expect(page.get_by_text("Chương trình đã ban hành lúc")).to_be_visible()
    assert Obligation.objects.filter(parent__unit=cast.pgd).count() == 2
    _plan(browse, cast, how)
    page.get_by_role("link", name="Mở văn bản và theo dõi triển khai").click()
    page.get_by_role("link", name="Nội dung phải làm").click()
    expect(page.get_by_role("heading", name="Tất cả các việc")).to_be_visible()
    check(page, javascript)


def _change_and_decide(page) -> None:
    """One day is corrected, one body that Hoctap does not know is left out, whatever else asks is taken."""
    due = page.locator("li.find", has_text="trước ngày 15/10/2026")
    due.get_by_role("link", name="Sửa mục").click()
    due = page.locator("li.find", has_text="trước ngày 15/10/2026")
    due.get_by_label("Ngày").fill("16/10/2026")
    due.get_by_label("Nguyên văn hạn").fill("trước ngày 16/10/2026")
    due.get_by_role("button", name="Lưu mục").click()
    expect(page.locator("li.find", has_text="trước ngày 16/10/2026")).to_be_visible()
    page.locator("li.find", has_text="Hội Cựu chiến binh").get_by_role("button", name="Bỏ mục").click()
    expect(page.locator("li.left", has_text="Hội Cựu chiến binh")).to_be_visible()
    page.wait_for_load_state()  # what asks is counted once all of it is there
    while page.locator("li.ask-me").count():
        asking = page.locator("li.ask-me").count()
        page.locator("li.ask-me").first.get_by_role("button", name="Nhận mục").click()
        expect(page.locator("li.ask-me")).to_have_count(asking - 1)


def _plan(browse, cast, how) -> None:
    """A ward finds its tasks from the notice and answers one with what it means to do."""
    directive = Reading.objects.get().directive
    page = browse(f"/van-ban/{directive.pk}/viec/", seat=cast.p1_officer, **how)
    expect(page.get_by_role("heading", name="Việc của đơn vị mình")).to_be_visible()
    expect(page.get_by_text("0/2 việc đã có kế hoạch")).to_be_visible()
    page.get_by_text("Thêm hoạt động dự kiến").first.click()
    page.get_by_label("Sẽ làm gì").first.fill("Mở hai lớp tại Trung tâm Học tập cộng đồng")
    page.get_by_label("Từ ngày").first.fill("03/10/2026")
    check(page, how["javascript"])
    press(page, "Ghi vào kế hoạch")
    expect(page.get_by_text("1/2 việc đã có kế hoạch")).to_be_visible()
    check(page, how["javascript"])
    assert PlannedActivity.objects.get().task.unit == cast.p1


@pytest.fixture
def reading(cast) -> Reading:
    return actions.begin_reading(seat=cast.pgd_officer, text=PLAN)


def test_a_wrong_field_keeps_everything_typed(cast, reading, client):
    (due,) = [i for i in reading.items if i["kind"] == "report" and i["value"]["due_on"] == "2026-10-15"]
    page = sign_in(client, cast.pgd_officer).get(f"/van-ban/doc/{reading.pk}/")
    assert page.status_code == 200
    number = due["id"]
    form = {
        "version": reading.version, f"i{number}-what": "báo cáo kết quả", f"i{number}-rule": "before",
        f"i{number}-due_on": "31/02/2026", f"i{number}-due_text": "", f"i{number}-frequency": "once",
        f"i{number}-force": "giao", f"i{number}-units": "UBND Phường 1\nUBND Phường 99", f"i{number}-to_units": "",
        f"i{number}-via_units": "", f"i{number}-channel": "", "do": f"save-{number}",
    }  # fmt: skip
    answer = client.post(f"/van-ban/doc/{reading.pk}/", form)
    assert answer.status_code == 422
    said = words_of(answer)
    assert f"xem lại chỗ ghi chưa đúng ở mục {number}" in said and "UBND Phường 99" in said
    assert "31/02/2026" in answer.content.decode()
    reading.refresh_from_db()
    assert reading.version == 1


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(cast, reading, client):
    actions.keep_choices(seat=cast.pgd_leader, reading=reading, version=1, changes={}, states={})
    sign_in(client, cast.pgd_officer)
    answer = client.post(f"/van-ban/doc/{reading.pk}/", {"version": 1, "do": "leave-1"})
    assert answer.status_code == 422 and "vừa được sửa ở nơi khác" in words_of(answer)


def test_a_body_that_hoctap_does_not_know_is_founded_by_who_may(cast, client):
    reading = actions.begin_reading(seat=cast.q3_leader, text=PLAN)
    (item,) = [i for i in reading.items if "Hội Cựu chiến binh Quận 3" in i["value"].get("assignees", ())]
    assert item["state"] == "ask"
    sign_in(client, cast.q3_leader)
    page = client.get(f"/van-ban/doc/{reading.pk}/")
    assert "Lập đơn vị “Hội Cựu chiến binh Quận 3”" in words_of(page)
    client.post(f"/van-ban/doc/{reading.pk}/", {"version": 1, "do": f"unit-{item['id']}-0"})
    made = Unit.objects.get(name="Hội Cựu chiến binh Quận 3")
    reading.refresh_from_db()
    (item,) = [i for i in reading.items if i["id"] == item["id"]]
    assert item["value"]["units"] == [made.pk] and item["state"] == "yes"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"text": "Trăng ơi từ đâu đến?\nHay từ cánh rừng xa"}, "Không thấy dấu hiệu của văn bản hành chính"),
        ({"text": ""}, "Chưa có gì để đọc"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_text_stays(cast, client, given, said):
    answer = sign_in(client, cast.pgd_officer).post("/van-ban/doc/", given)
    assert answer.status_code == 422 and said in words_of(answer)
    assert given["text"].split("\n")[0] in answer.content.decode()


def test_another_unit_does_not_see_a_reading(cast, reading, client):
    for seat in (cast.p1_officer, cast.q3_officer):
        assert sign_in(client, seat).get(f"/van-ban/doc/{reading.pk}/").status_code == 404


def test_a_document_of_the_register_is_read_where_it_stands(cast, client):
    data = DirectiveData(
        kind=DocumentKind.CV, number_text="5/UBND", issuer=cast.q3, issued_on=date(2026, 9, 3), subject="nhắc việc",
        body="Kính gửi: Ủy ban nhân dân Phường 1\n\nỦy ban nhân dân Quận 3 đề nghị:\n1. Gửi báo cáo trước ngày 20/10/2026.",
        signer_name="Trần Văn Ân", signer_position="Chủ tịch",
    )  # fmt: skip
    directive, _ = actions.register_directive(seat=cast.q3_leader, data=data, deliver_to=[cast.p1])
    sign_in(client, cast.q3_leader).post(f"/van-ban/{directive.pk}/doc/")
    reading = Reading.objects.get()
    assert reading.directive == directive
    (head,) = [item["value"] for item in reading.items if item["kind"] == "head"]
    assert (head["code"], head["date"], head["signer_name"]) == ("5/UBND", "2026-09-03", "Trần Văn Ân")
    assert client.post(f"/van-ban/{directive.pk}/doc/").headers["Location"] == f"/van-ban/doc/{reading.pk}/"


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_a_scan_is_read_by_a_job_while_the_page_waits(cast, client, monkeypatch):
    wanted: list[int] = []
    monkeypatch.setattr(jobs.read_scan, "defer", lambda reading_id: wanted.append(reading_id))
    scan = SimpleUploadedFile("cong-van.pdf", as_scan(as_pdf(seed("001"))))
    sign_in(client, cast.pgd_officer)
    address = client.post("/van-ban/doc/", {"file": scan}).headers["Location"]
    assert "Đang nhận chữ trên bản quét" in words_of(client.get(address))
    assert wanted == [Reading.objects.get().pk]
    with pytest.raises(Refusal, match="chưa đọc xong"):
        actions.keep_choices(
            seat=cast.pgd_officer, reading=Reading.objects.get(), version=1, changes={}, states={}
        )
    jobs.read_scan(reading_id=wanted[0])
    reading = Reading.objects.get()
    assert any(item["value"].get("due_on") == "2024-10-31" for item in reading.items)
    assert client.get(address).status_code == 200


def test_why_a_scan_was_not_read_is_kept_with_it(cast, client, monkeypatch):
    monkeypatch.setattr(jobs.read_scan, "defer", lambda reading_id: None)
    monkeypatch.setattr(
        "hoctap.directives.actions.reading.text_of", Mock(side_effect=[Scanned, Refusal("Ảnh mờ quá.")])
    )
    sign_in(client, cast.pgd_officer)
    address = client.post("/van-ban/doc/", {"file": SimpleUploadedFile("a.png", b"\x89PNG")}).headers[
        "Location"
    ]
    jobs.read_scan(reading_id=Reading.objects.get().pk)
    assert "Ảnh mờ quá." in words_of(client.get(address))
    client.post(f"{address}bo/")
    assert not Reading.objects.exists()


def test_after_a_refusal_one_goes_on_from_the_same_page(cast, reading, client):
    """What was typed is kept in a newer version: the page that says why not must be of that version, words and all."""
    sign_in(client, cast.pgd_officer)
    words = "Một đoạn không có trong văn bản"
    answer = client.post(
        f"/van-ban/doc/{reading.pk}/", {"version": 1, "do": "add", "kind": "target", "words": words}
    )
    assert answer.status_code == 422 and words in answer.content.decode()
    reading.refresh_from_db()
    assert f'name="version" value="{reading.version}"' in answer.content.decode()
    assert '<option value="target" selected>' in answer.content.decode()
    answer = client.post(f"/van-ban/doc/{reading.pk}/", {"version": reading.version, "do": "save"})
    assert answer.status_code == 302


def test_two_units_of_one_name_stay_two(cast, reading, client):
    Unit.objects.filter(pk=cast.p2.pk).update(name=cast.p1.name)
    (item,) = [i for i in reading.items if i["value"].get("units") == [cast.p1.pk, cast.p2.pk]][:1]
    form = form_of(item, names_of(reading.items), None)
    data = {f"i{item['id']}-{name}": form[name].value() or "" for name in form.fields}
    sign_in(client, cast.pgd_officer)
    answer = client.post(f"/van-ban/doc/{reading.pk}/", data | {"version": reading.version, "do": "save"})
    assert answer.status_code == 302
    reading.refresh_from_db()
    assert next(i for i in reading.items if i["id"] == item["id"])["value"]["units"] == [
        cast.p1.pk,
        cast.p2.pk,
    ]


def test_slogans_are_shown_where_the_document_asks_for_no_report(cast, client):
    text = PLAN.split("II. CHẾ ĐỘ BÁO CÁO")[0].replace(
        "- Tổng hợp, báo cáo Ủy ban nhân dân Quận 3 trước ngày 20/10/2026.\n", ""
    )
    reading = actions.begin_reading(seat=cast.q3_leader, text=text + PLAN[PLAN.index("\nNơi nhận") :])
    reading.items = [item for item in reading.items if item["state"] == "yes" and item["kind"] != "report"]
    slogan = {"text": "Học, học nữa, học mãi", "author": "V.I. Lê-nin"}
    words = new_item(99, "slogans", {"place": "", "lines": [slogan]}, [])
    reading.items.append(words)
    reading.save()
    reading = programmes.lay_out(seat=cast.q3_leader, reading=reading, version=reading.version)
    assert reading.summary["rounds"] == []
    programmes.issue(seat=cast.q3_leader, reading=reading)
    reading.refresh_from_db()
    page = sign_in(client, cast.p1_officer).get(f"/van-ban/{reading.directive_id}/viec/")
    assert slogan["text"] in words_of(page)


def test_the_page_says_what_was_chosen_and_names_a_draft_by_its_subject(cast, reading, client):
    """Whom a report goes through is as corrected, not as printed; "/KH-UBND" is no name."""
    (due,) = [i for i in reading.items if i["kind"] == "report" and i["value"]["due_on"] == "2026-10-15"]
    (head,) = [i for i in reading.items if i["kind"] == "head"]
    changes = {due["id"]: {"via_units": [cast.sgd.pk]}, head["id"]: {"code": "/KH-UBND"}}
    actions.keep_choices(seat=cast.pgd_officer, reading=reading, version=1, changes=changes, states={})
    said = words_of(sign_in(client, cast.pgd_officer).get(f"/van-ban/doc/{reading.pk}/"))
    assert f"thông qua {cast.sgd.name}" in said
    assert "Đọc Tổ chức Tuần lễ hưởng ứng học tập suốt đời" in said and "Đọc /KH-UBND" not in said
    assert f"Xem tên 2 đơn vị {cast.p1.name}; {cast.p2.name}" in said
