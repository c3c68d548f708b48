"""The report form as people use it: typing, sending, deciding, files. No JavaScript is needed for any of it."""

import io
import re
from datetime import datetime, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hoctap.forms.figures import format_figure
from hoctap.kernel import clock
from hoctap.reports import jobs
from hoctap.reports.enums import ReportState
from hoctap.reports.intake import take_next
from hoctap.reports.models import Draft, Intake, Report, ReportEntry, Revision
from tests.pages import text_of
from tests.rounds import IN_TIME

pytestmark = pytest.mark.django_db


def hidden(html: str) -> dict[str, str]:
    """The version and token of the form on a page."""
    return {name: re.search(f'name="{name}" value="([^"]*)"', html)[1] for name in ("version", "token")}


def form_of(client, pk: int) -> dict[str, str]:
    return hidden(client.get(f"/bao-cao/{pk}/").content.decode())


def test_officer_saves_and_presents_leader_sends(at, story):
    pk, cast = story.p1.pk, story.cast
    officer = at(cast.p1_officer)
    kept = form_of(officer, pk)
    answer = officer.post(
        f"/bao-cao/{pk}/nhap/", {**kept, "c28": "1.436", "kq": "Tổ chức 18 lớp"}, follow=True
    )
    assert "Đã lưu nháp" in text_of(answer)
    assert 'value="1.436"' in text_of(answer)
    answer = officer.post(
        f"/bao-cao/{pk}/trinh/", {**form_of(officer, pk), "c28": "1.436", "kq": "Tổ chức 18 lớp"}
    )
    assert answer.status_code == 302
    assert officer.post(f"/bao-cao/{pk}/gui/", {}).status_code == 403
    leader = at(cast.p1_leader)
    page = text_of(leader.get(f"/bao-cao/{pk}/"))
    assert "đã trình lãnh đạo" in page
    assert "Tổ chức 18 lớp" in page
    leader.post(f"/bao-cao/{pk}/gui/", {**form_of(leader, pk), "c28": "1.436", "kq": "Tổ chức 18 lớp"})
    revision = Revision.objects.get(report__obligation=pk)
    assert revision.figures[28] == 1436
    assert revision.content["narrative"] == {"results": "Tổ chức 18 lớp"}
    assert revision.made_by == cast.p1_leader


def test_what_is_printed_is_what_stands_in_the_form(at, story):
    pk, officer = story.p1.pk, at(story.cast.p1_officer)
    page = officer.get(f"/bao-cao/{pk}/").content.decode()
    buttons = re.findall(r"<button[^>]*>", page[page.index('id="phieu"') :])
    print_it = next(button for button in buttons if 'name="in"' in button)
    assert 'formtarget="_blank"' in print_it and print_it != buttons[0]  # which Enter presses
    answer = officer.post(f"/bao-cao/{pk}/nhap/", {**hidden(page), "c28": "1.436", "in": "1"})
    assert answer.status_code == 302 and answer["Location"] == f"/bao-cao/{pk}/du-thao.pdf"
    assert Draft.objects.get().content["figures"][28] == 1436
    assert officer.get(answer["Location"]).content.startswith(b"%PDF")
    wrong = officer.post(f"/bao-cao/{pk}/nhap/", {**form_of(officer, pk), "c28": "ba", "in": "1"})
    assert wrong.status_code == 422 and "Còn 1 ô chưa đúng" in text_of(wrong)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("khoảng 40", "chỉ nhận số nguyên từ 0"),
        ("-3", "không nhận số âm"),
        ("12,5", "phải là số nguyên. Đang là 12,5; nhập 12 hoặc 13"),
        ("1,234", "hai cách"),
        ("10000000000000000000", "lớn hơn mức cao nhất"),
    ],
)
def test_what_is_not_a_figure_is_kept_shown_and_refused(at, story, typed, said):
    leader = at(story.cast.p1_leader)
    answer = leader.post(
        f"/bao-cao/{story.p1.pk}/gui/",
        {**form_of(leader, story.p1.pk), "c28": typed, "kq": "Giữ lại dòng này"},
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert said in page
    assert "Dòng 2, tin, bài" in page
    assert f'value="{typed}"' in page
    assert "Giữ lại dòng này" in page
    assert not Revision.objects.exists()
    # … and it is there again at the next sign-in.
    assert f'value="{typed}"' in text_of(leader.get(f"/bao-cao/{story.p1.pk}/"))


def test_unlikely_asks_for_a_reason_then_goes(at, story):
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    typed = {"c1": "1.066", "c2": "2", "c3": "1.084"}
    answer = leader.post(f"/bao-cao/{pk}/gui/", {**form_of(leader, pk), **typed})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "1.084" in page
    assert "nhiều hơn tổng 1.066 người là 18" in page
    reason = re.search(r'name="(r-[^"]+)"', page)[1]
    answer = leader.post(
        f"/bao-cao/{pk}/gui/", {**form_of(leader, pk), **typed, reason: "18 người học hai lớp"}
    )
    assert answer.status_code == 302
    assert "18 người học hai lớp" in text_of(at(story.cast.pgd_officer).get(f"/bao-cao/{pk}/"))


def test_double_click_sends_once(at, story):
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    posted = {**form_of(leader, pk), "c28": "4"}
    first = leader.post(f"/bao-cao/{pk}/gui/", posted)
    again = leader.post(f"/bao-cao/{pk}/gui/", posted)
    assert (first.status_code, again.status_code) == (302, 302)
    assert Revision.objects.count() == ReportEntry.objects.count() == 1


def test_two_tabs_get_a_choice_and_nothing_is_overwritten(at, story):
    officer, pk = at(story.cast.p1_officer), story.p1.pk
    first_tab = form_of(officer, pk)
    second_tab = dict(first_tab)
    officer.post(f"/bao-cao/{pk}/nhap/", {**first_tab, "c28": "412", "c29": "7"})
    answer = officer.post(f"/bao-cao/{pk}/nhap/", {**second_tab, "c28": "390", "c29": "7", "kk": "Thiếu máy"})
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Dòng 2, tin, bài" in page
    assert "412" in page and "390" in page
    assert "Dòng 3" not in page  # the same in both
    assert Draft.objects.get().content["figures"][28] == 412
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode()))
    fields |= {"pick-c28": "theirs", "pick-kk": "mine"}
    assert officer.post(f"/bao-cao/{pk}/nhap/", fields).status_code == 302
    content = Draft.objects.get().content
    assert (content["figures"][28], content["narrative"]["difficulties"]) == (412, "Thiếu máy")


def test_autosave_answers_with_sums_and_doubts(at, story):
    officer, pk = at(story.cast.p1_officer), story.p1.pk
    answer = officer.post(
        f"/bao-cao/{pk}/nhap/",
        {**form_of(officer, pk), "c1": "5", "c2": "2", "c3": "9", "c4": "x"},
        headers={"accept": "application/json"},
    ).json()
    assert answer["derived"] == {"c0": "2"}
    assert [f["severity"] for f in answer["findings"]][:1] == ["warning"]
    assert list(answer["wrong"]) == ["c4"]
    assert answer["version"] == 1


def test_expired_sign_in_does_not_take_the_typing_as_saved(client, story):
    answer = client.post(
        f"/bao-cao/{story.p1.pk}/nhap/", {"c28": "4"}, headers={"accept": "application/json"}
    )
    assert answer.status_code == 401
    assert not Draft.objects.exists()


def test_desk_returns_in_its_own_words_and_unit_corrects(at, story):
    story.send(story.cast.p1_leader, c28=4)
    pk = story.p1.pk
    desk = at(story.cast.pgd_officer)
    page = text_of(desk.get(f"/bao-cao/{pk}/"))
    assert "Chờ tiếp nhận" in page and "Đề nghị chỉnh sửa" in page and "Số sau rà soát" in page
    assert "Gửi trả" not in page  # the Phòng is not the ward's superior
    assert desk.post(f"/bao-cao/{pk}/tra-lai/", {"reason": ""}).status_code == 422
    desk.post(f"/bao-cao/{pk}/tra-lai/", {"reason": "Mục 2 thừa 2 bài", "new_due": "2023-10-13T14:00"})
    page = text_of(at(story.cast.p1_officer).get(f"/bao-cao/{pk}/"))
    assert "Mục 2 thừa 2 bài" in page
    assert "14:00, 13/10/2023" in page
    assert 'name="c28"' in page  # open for correction, with what was sent
    assert 'value="4"' in page


def test_desk_accepts_with_a_reviewed_figure(at, story):
    story.send(story.cast.p1_leader, c28=4)
    pk, desk = story.p1.pk, at(story.cast.pgd_officer)
    answer = desk.post(f"/bao-cao/{pk}/duyet/", {"revision": "1", "x28": "3"})
    assert answer.status_code == 422
    assert "phải ghi lý do" in text_of(answer)
    answer = desk.post(
        f"/bao-cao/{pk}/duyet/",
        {"revision": "1", "x28": "3", "xr-2": "một tin đăng trước Tuần lễ"},
        follow=True,
    )
    page = text_of(answer)
    assert "Đã tiếp nhận báo cáo của Ủy ban nhân dân Phường 1" in page
    report = Report.objects.get(obligation=pk)
    assert (report.state, report.acceptance.figures[28]) == (ReportState.ACCEPTED, 3)
    page = text_of(at(story.cast.p1_officer).get(f"/bao-cao/{pk}/"))
    assert "−1" in page and "một tin đăng trước Tuần lễ" in page


def test_report_by_mail_is_entered_for_the_unit_with_its_file(at, story):
    pk, clerk = story.p1.pk, at(story.cast.pgd_clerk)
    page = clerk.get(f"/bao-cao/{pk}/nhap-thay/")
    posted = {**hidden(page.content.decode()), "c28": "9", "channel": "email"}
    assert clerk.post(f"/bao-cao/{pk}/nhap-thay/", posted).status_code == 422  # no time of receipt
    scan = SimpleUploadedFile("BC Phường 1.pdf", b"%PDF-1.4 quet", "application/pdf")
    answer = clerk.post(
        f"/bao-cao/{pk}/nhap-thay/", {**posted, "received_at": "2023-10-12T15:00", "files": scan}
    )
    assert answer.status_code == 302
    revision = Revision.objects.get()
    assert revision.received_at == datetime(2023, 10, 12, 15, 0, tzinfo=clock.VIETNAM)
    kept = revision.files.get()
    address = f"/bao-cao/{pk}/tep/{kept.pk}/"
    served = at(story.cast.p1_officer).get(address)
    assert served["Content-Disposition"].startswith("attachment")
    assert served["X-Content-Type-Options"] == "nosniff"
    assert b"".join(served.streaming_content) == b"%PDF-1.4 quet"
    assert at(story.cast.stranger_leader).get(address).status_code == 404


def test_attachments_are_limited_in_type(at, story):
    pk, clerk = story.p1.pk, at(story.cast.pgd_clerk)
    page = clerk.get(f"/bao-cao/{pk}/nhap-thay/")
    bad = SimpleUploadedFile("virus.exe", b"MZ", "application/octet-stream")
    answer = clerk.post(
        f"/bao-cao/{pk}/nhap-thay/",
        {
            **hidden(page.content.decode()),
            "channel": "email",
            "received_at": "2023-10-12T15:00",
            "files": bad,
        },
    )
    assert answer.status_code == 422
    assert "virus.exe: chỉ nhận PDF" in text_of(answer)
    assert not Revision.objects.exists()


def excel(client, pk: int, **cells) -> bytes:
    """The downloaded form with some of its cells filled in by hand, as an officer does in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/bao-cao/{pk}/bieu.xlsx").content))
    sheet = book["Bieu"]
    for row in sheet.iter_rows():
        for cell in row:
            for label, value in cells.items():
                if cell.column == 2 and isinstance(cell.value, str) and cell.value.startswith(LABELS[label]):
                    sheet.cell(row=cell.row, column=4, value=value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


LABELS = {"news": "Số tin bài", "prints": "Ấn phẩm"}


def test_excel_out_and_in(at, story):
    officer, pk = at(story.cast.p1_officer), story.p1.pk
    data = excel(officer, pk, news=12, prints=300)
    answer = officer.post(
        f"/bao-cao/{pk}/nhan-excel/",
        {"version": "0", "sheet": SimpleUploadedFile("p1.xlsx", data)},
        follow=True,
    )
    assert "Đã nhận số từ tệp" in text_of(answer)
    figures = Draft.objects.get().content["figures"]
    assert (figures[28], figures[29], figures[30]) == (12, 300, None)


def test_wrong_cell_in_excel_is_named_and_nothing_taken(at, story):
    officer, pk = at(story.cast.p1_officer), story.p1.pk
    data = excel(officer, pk, news="khoảng 40", prints=300)
    answer = officer.post(
        f"/bao-cao/{pk}/nhan-excel/", {"version": "0", "sheet": SimpleUploadedFile("bao-cao-p1.xlsx", data)}
    )
    page = text_of(answer)
    assert answer.status_code == 422
    assert "bao-cao-p1.xlsx" in page
    assert re.search(r"trang “Bieu”, ô D\d+ ghi “khoảng 40”", page)
    assert not Draft.objects.exists()


def test_another_units_file_is_refused(at, story):
    data = excel(at(story.cast.p2_officer), story.p2.pk, news=1)
    answer = at(story.cast.p1_officer).post(
        f"/bao-cao/{story.p1.pk}/nhan-excel/", {"version": "0", "sheet": SimpleUploadedFile("p2.xlsx", data)}
    )
    assert "biểu của Ủy ban nhân dân Phường 2" in text_of(answer)


def test_desk_drops_many_files_each_all_or_nothing(at, story, monkeypatch):
    monkeypatch.setattr(jobs.take_intake, "defer", lambda intake_id: None)
    good = excel(at(story.cast.p1_officer), story.p1.pk, news=5)
    bad = excel(at(story.cast.p2_officer), story.p2.pk, news=1.5, prints=4)
    desk, root = at(story.cast.pgd_officer), story.root.pk
    files = [
        SimpleUploadedFile("a.xlsx", good),
        SimpleUploadedFile("b.xlsx", bad),
        SimpleUploadedFile("lai a.xlsx", excel(at(story.cast.pgd_officer), story.p1.pk, news=6)),
        SimpleUploadedFile("khong phai excel.xlsx", b"xin chao"),
    ]
    answer = desk.post(
        f"/bao-cao/{root}/nhan-nhieu-tep/",
        {"channel": "email", "received_at": "2023-10-12T15:00", "accept": "on", "sheets": files},
    )
    intake = Intake.objects.get()
    assert answer["Location"] == f"/nhan-tep/{intake.pk}/"
    assert "còn 4" in text_of(desk.get(f"/nhan-tep/{intake.pk}/"))
    while take_next(intake):
        pass
    page = text_of(desk.get(f"/nhan-tep/{intake.pk}/"))
    assert "<b>1</b> đã nhận, <b>3</b> chưa nhận" in page
    assert "UBND Phường 1" in page
    assert re.search(r"b\.xlsx.*ô D\d+ ghi “1,5”", page)
    assert "có hai tệp trong lượt này" in page
    assert [r.report.obligation_id for r in Revision.objects.all()] == [story.p1.pk]
    assert Report.objects.get(obligation=story.p1).state == ReportState.ACCEPTED
    assert at(story.cast.q3_leader).get(f"/nhan-tep/{intake.pk}/").status_code == 404


def test_strangers_learn_nothing(at, story):
    story.send(story.cast.p1_leader, c28=4)
    pk = story.p1.pk
    stranger = at(story.cast.stranger_leader)
    for path in ("", "ban/1/", "bieu.xlsx", "nhap-thay/", "giao-xuong/", "gia-han/"):
        assert stranger.get(f"/bao-cao/{pk}/{path}").status_code == 404, path
    for path in ("nhap/", "gui/", "trinh/", "thu-hoi/", "tra-lai/", "duyet/", "nhan-excel/", "da-xem/"):
        assert stranger.post(f"/bao-cao/{pk}/{path}", {"token": uuid4()}).status_code == 404, path


def test_page_queries_do_not_grow(at, story, django_assert_max_num_queries):
    story.send(story.cast.p1_leader, c28=4)
    desk = at(story.cast.pgd_officer)
    for path in (
        f"/bao-cao/{story.p1.pk}/",
        f"/dot-bao-cao/{story.round.pk}/",
        "/",
        f"/tong-hop/{story.root.pk}/",
    ):
        desk.get(path)
        with django_assert_max_num_queries(12):
            desk.get(path)


def test_late_and_extension_show(at, story):
    story.send(story.cast.p1_leader, at=IN_TIME + timedelta(hours=9), c28=4)
    with clock.frozen(IN_TIME + timedelta(hours=10)):
        page = text_of(at(story.cast.pgd_officer).get(f"/dot-bao-cao/{story.round.pk}/"))
    assert "gửi muộn" in page
    assert "1 đơn vị quá hạn" in page
    assert format_figure(1436) == "1.436"
