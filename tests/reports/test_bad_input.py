"""The "Bad input" list of issue 2, item by item, where people meet it: a clear message that names the place,
nothing half-taken, nothing lost."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections

from hoctap.forms.actions import publish_version
from hoctap.forms.queries import version_spec
from hoctap.forms.sheets import write_form
from hoctap.forms.sheets.layout import layout_of
from hoctap.kernel import clock
from hoctap.kernel.sheets import cell_name
from hoctap.obligations.actions import close_round
from hoctap.reports import intake as intake_room
from hoctap.reports import jobs
from hoctap.reports.actions import writing
from hoctap.reports.enums import ReportState
from hoctap.reports.models import Draft, Intake, IntakeFile, Report, ReportEntry, Revision
from hoctap.rollup.actions import draw_snapshot, sign_snapshot
from hoctap.rollup.queries import signed_vs_live, table
from tests.cast import PASSWORD
from tests.forms.test_sheet_refusals import encrypted
from tests.reports.screens import form_of, words, xlsx
from tests.reports.sheets import blank, edited, filled, without_mark
from tests.rounds import IN_TIME, first_form

pytestmark = pytest.mark.django_db

NEWS = 28  # line 2: số tin, bài


def cell_of(story, position: int) -> str:
    return cell_name(*layout_of(version_spec(story.version.pk)).places.points[position])


@pytest.fixture(autouse=True)
def no_worker(monkeypatch):
    monkeypatch.setattr(jobs.take_intake, "defer", lambda intake_id: None)


def upload(client, pk: int, data: bytes, name: str = "bao-cao-p1.xlsx"):
    """The unit itself: fill in by Excel."""
    return client.post(
        f"/bao-cao/{pk}/nhan-excel/", {**form_of(client, pk), "sheet": xlsx(name, data)}, follow=True
    )


def drop(client, story, *files: tuple[str, bytes]) -> list[IntakeFile]:
    """The receiving desk: many files at once; what became of each."""
    answer = client.post(
        f"/bao-cao/{story.root.pk}/nhan-nhieu-tep/",
        {
            "channel": "email",
            "received_at": "12/10/2023 15:00",
            "accept": "on",
            "sheets": [xlsx(name, data) for name, data in files],
        },
    )
    assert answer.status_code == 302, words(answer)
    intake = Intake.objects.latest("pk")
    while intake_room.take_next(intake):
        pass
    assert client.get(answer["Location"]).status_code == 200
    return list(intake.files.order_by("pk"))


def refused_everywhere(at, story, data: bytes, says: str, name: str = "bao-cao-p1.xlsx") -> None:
    """The same file by the unit and by the desk: named, said, and nothing of it taken."""
    page = upload(at(story.cast.p1_officer), story.p1.pk, data, name)
    assert page.status_code == 422
    assert name in words(page) and re.search(says, words(page)), words(page)
    assert not Draft.objects.exists()
    (file,) = drop(at(story.cast.pgd_officer), story, (name, data))
    assert name in file.message and re.search(says, file.message), file.message
    assert file.revision is None
    assert not Revision.objects.exists() and not ReportEntry.objects.exists()


def typed(at, story, text: str):
    """One cell of the web form, sent; the page that comes back."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    answer = leader.post(
        f"/bao-cao/{pk}/gui/", {**form_of(leader, pk), f"c{NEWS}": text, "kq": "Tổ chức 3 lớp"}
    )
    return answer, words(answer)


def refused_and_kept(at, story, text: str, says: str) -> None:
    answer, page = typed(at, story, text)
    assert answer.status_code == 422
    assert "Dòng 2, tin, bài" in page and says in page
    assert not Revision.objects.exists()
    again = words(at(story.cast.p1_officer).get(f"/bao-cao/{story.p1.pk}/"))
    assert f'value="{text}"' in again and "Tổ chức 3 lớp" in again


def test_text_in_a_number_cell(at, story):
    refused_and_kept(at, story, "khoảng 40", "chỉ nhận số nguyên từ 0")
    Draft.objects.all().delete()
    place = rf"trang “Bieu”, ô {cell_of(story, NEWS)} ghi “khoảng 40”"
    refused_everywhere(at, story, filled(story.p1, c28="khoảng 40", c29=3), place)


def test_negative(at, story):
    refused_and_kept(at, story, "-3", "không nhận số âm")
    Draft.objects.all().delete()
    refused_everywhere(at, story, filled(story.p1, c28=-3), rf"ô {cell_of(story, NEWS)}.*không nhận số âm")


def test_fraction_where_whole(at, story):
    refused_and_kept(at, story, "12,5", "phải là số nguyên")
    Draft.objects.all().delete()
    refused_everywhere(at, story, filled(story.p1, c28=12.5), rf"ô {cell_of(story, NEWS)}.*nhập 12 hoặc 13")


def test_a_dot_groups_thousands_a_comma_is_asked_about(at, story):
    refused_and_kept(at, story, "1,234", "viết 1234 hoặc 1.234")
    answer, _ = typed(at, story, "1.234")
    assert answer.status_code == 302
    assert Revision.objects.get().figures[NEWS] == 1234


def test_a_dot_read_as_a_decimal_sign_by_excel(at, story):
    refused_everywhere(
        at, story, filled(story.p1, c28=1.234), rf"ô {cell_of(story, NEWS)}.*nếu là 1\.234 thì ghi 1234"
    )


def test_ten_to_the_nineteenth(at, story):
    refused_and_kept(at, story, "10000000000000000000", "lớn hơn mức cao nhất 10.000.000.000.000")
    Draft.objects.all().delete()
    refused_everywhere(
        at, story, filled(story.p1, c28=10**19), rf"ô {cell_of(story, NEWS)}.*lớn hơn mức cao nhất"
    )


def test_an_old_form_version(at, story):
    """A newer version is out; the round stays on its own, and a file of the other one is sent back."""
    newer = publish_version(seat=story.cast.pgd_officer, definition={**first_form(), "version": 2})
    data = write_form(version_spec(newer.pk), intake_room.stamp_of(story.p1, 0))
    refused_everywhere(at, story, data, "là biểu mẫu bản 2, đợt báo cáo này dùng bản 1")


def test_another_form(at, story):
    other = publish_version(
        seat=story.cast.pgd_officer, definition={**first_form(), "code": "khac", "name": "Biểu khác"}
    )
    data = write_form(version_spec(other.pk), intake_room.stamp_of(story.p1, 0))
    refused_everywhere(at, story, data, "là biểu “Biểu khác”, đợt báo cáo này dùng biểu")


def test_edited_labels(at, story):
    place = layout_of(version_spec(story.version.pk)).row_of["2"] + 1

    def edit(book) -> None:
        book["Bieu"].cell(row=place, column=2, value="Số tin, bài và ảnh đã đăng")

    data = edited(filled(story.p1, c28=4), edit)
    refused_everywhere(at, story, data, rf"ô B{place} ghi “Số tin, bài và ảnh đã đăng”. Biểu in là “Số tin")


def test_two_sheets(at, story):
    data = edited(filled(story.p1, c28=4), lambda book: book.create_sheet("Nháp"))
    refused_everywhere(at, story, data, "phải có đúng một trang số liệu, đang có 2: “Bieu”, “Nháp”")


def test_password_protected(at, story):
    refused_everywhere(at, story, encrypted(), "có đặt mật khẩu")


def test_truncated(at, story):
    data = filled(story.p1, c28=4)
    refused_everywhere(at, story, data[: len(data) * 2 // 3], "tệp bị hỏng hoặc gửi lên chưa hết")


def test_xls_renamed(at, story):
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000)
    refused_everywhere(at, story, old, r"Excel đời cũ \(\.xls\), chỉ đổi tên thì không đọc được")


def test_macro_file(at, story):
    from tests.forms.sheets import repacked

    data = repacked(lambda parts: parts.update({"xl/vbaProject.bin": b"\xd0\xcf"}), filled(story.p1, c28=4))
    refused_everywhere(at, story, data, "có chứa macro nên không nhận")


def test_zip_bomb(at, story):
    from tests.forms.sheets import repacked

    def swell(parts) -> None:
        parts["xl/worksheets/sheet1.xml"] += b" " * 60_000_000

    refused_everywhere(at, story, repacked(swell, filled(story.p1, c28=4)), "quá lớn")


def test_formula(at, story):
    place = cell_of(story, NEWS)
    refused_everywhere(at, story, filled(story.p1, c28="=2+2"), rf"trang “Bieu”, ô {place} .*công thức")


def test_the_same_unit_twice(at, story):
    files = drop(
        at(story.cast.pgd_officer),
        story,
        ("p1.xlsx", filled(story.p1, c28=4)),
        ("p1 sửa.xlsx", filled(story.p1, c28=9)),
        ("p1 (1).xlsx", filled(story.p1, c28=4)),
    )
    assert [f.revision is not None for f in files] == [True, False, False]
    assert files[1].message.startswith("Tệp p1 sửa.xlsx: Ủy ban nhân dân Phường 1 có hai tệp trong lượt này")
    assert Report.objects.get(obligation=story.p1).acceptance.figures[NEWS] == 4


def test_the_same_bytes_twice(at, story):
    data = filled(story.p1, c28=4)
    desk = at(story.cast.pgd_officer)
    first, second = drop(desk, story, ("p1.xlsx", data), ("bản sao p1.xlsx", data))
    assert first.revision
    assert "bản sao p1.xlsx: đã nhận trước đó (bản 1" in second.message
    (again,) = drop(desk, story, ("p1 gửi lại.xlsx", data))
    assert "đã nhận trước đó (bản 1 của Ủy ban nhân dân Phường 1)" in again.message
    assert Revision.objects.count() == 1


def test_unknown_unit(at, story):
    """A file of a unit that does not report here, and one that does not say whose it is."""
    school = write_form(
        version_spec(story.version.pk),
        intake_room.Stamp("HCM-Q3-LQD", "Trường THCS Lê Quý Đôn", round_id=str(story.round.pk)),
    )
    files = drop(
        at(story.cast.pgd_officer),
        story,
        ("lqd.xlsx", school),
        ("gui lai.xlsx", without_mark(filled(story.p1, c28=4))),
        ("UBND Phường 1 và UBND Phường 2.xlsx", without_mark(filled(story.p1, c28=4))),
    )
    assert files[0].message.startswith("Tệp lqd.xlsx: đơn vị “Trường THCS Lê Quý Đôn” không báo cáo qua")
    for file in files[1:]:
        assert file.message.startswith(f"Tệp {file.name}: không có dấu của hệ thống")
    assert not Revision.objects.exists()


def test_a_round_closed(at, story):
    """Closed while the page was open: refused, and what was typed is still there when it is opened again."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    held = form_of(leader, pk)
    root = f"/bao-cao/{story.root.pk}/nhan-nhieu-tep/"
    close_round(seat=story.cast.pgd_officer, opened=story.round)
    answer = leader.post(f"/bao-cao/{pk}/gui/", {**held, "c28": "4"})
    assert answer.status_code == 422
    assert "Đợt báo cáo đã đóng lúc" in words(answer) and "Xin nơi tổng hợp mở lại đợt" in words(answer)
    assert not Revision.objects.exists()
    assert Draft.objects.get().content["figures"][NEWS] == 4
    desk = at(story.cast.pgd_officer)
    answer = desk.post(
        root,
        {"channel": "email", "received_at": "12/10/2023 15:00", "sheets": xlsx("a.xlsx", blank(story.p1))},
    )
    assert answer.status_code == 422 and "Đợt báo cáo đã đóng" in words(answer)
    assert not Intake.objects.exists()


def test_a_change_after_signing_without_a_reason(at, story):
    story.send(story.cast.p1_leader, c28=4)
    story.accept(story.cast.pgd_officer, story.cast.p1)
    drawn = draw_snapshot(seat=story.cast.pgd_officer, obligation=story.root)
    sign_snapshot(seat=story.cast.pgd_leader, snapshot=drawn)
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    answer = leader.post(f"/bao-cao/{pk}/gui/", {**form_of(leader, pk, "?sua=1"), "c28": "6"})
    assert answer.status_code == 422
    assert "Ghi lý do sửa" in words(answer) and 'value="6"' in words(answer)
    # Nor by the desk: reviewing a signed figure again, or dropping another file, needs a reason, too.
    desk = at(story.cast.pgd_officer)
    answer = desk.post(f"/bao-cao/{pk}/duyet/", {"revision": "1", "x28": "5"})
    assert answer.status_code == 422 and "phải ghi lý do" in words(answer)
    (file,) = drop(desk, story, ("p1 sửa.xlsx", filled(story.p1, c28=9)))
    assert "đã có báo cáo bản 1, đã được tiếp nhận" in file.message
    assert table(story.root).total.sums[NEWS] == 4
    leader = at(story.cast.p1_leader)
    answer = leader.post(
        f"/bao-cao/{pk}/gui/", {**form_of(leader, pk, "?sua=1"), "c28": "6", "reason": "sót 2 bài"}
    )
    assert answer.status_code == 302
    story.accept(story.cast.pgd_officer, story.cast.p1, 2)
    drawn.refresh_from_db()
    assert drawn.sums[NEWS] == 4
    assert [c.difference for c in signed_vs_live(drawn).cells] == [2]


def test_deadline_passed(at, story):
    """A late report is taken, and called late to both sides."""
    with clock.frozen(IN_TIME + timedelta(hours=8)):  # 00:00 on the 13th
        leader, pk = at(story.cast.p1_leader), story.p1.pk
        page = words(leader.get(f"/bao-cao/{pk}/"))
        assert "Quá hạn" in page
        answer = leader.post(f"/bao-cao/{pk}/gui/", {**form_of(leader, pk), "c28": "4"}, follow=True)
        assert "Báo cáo này gửi sau hạn." in words(answer)
        assert "gửi muộn" in words(at(story.cast.pgd_officer).get(f"/dot-bao-cao/{story.round.pk}/"))


def test_sign_in_expired_while_typing(at, story):
    """What was typed comes back after signing in, and goes with one press."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    held = form_of(leader, pk)
    leader.logout()
    answer = leader.post(f"/bao-cao/{pk}/gui/", {**held, "c28": "4", "kq": "Tổ chức 3 lớp"})
    assert answer.status_code == 401
    assert "Nội dung anh/chị vừa nhập vẫn còn" in words(answer)
    assert not Draft.objects.exists() and not Revision.objects.exists()
    sealed = re.search(r'name="kept" value="([^"]+)"', answer.content.decode())[1]
    answer = leader.post("/dang-nhap/", {"login": "p1-leader", "password": PASSWORD, "kept": sealed})
    page = leader.get(answer["Location"]).content.decode()
    action = re.search(r'method="post" action="(/bao-cao/[^"]+)"', page)[1]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    assert (action, fields["c28"], fields["kq"]) == (f"/bao-cao/{pk}/gui/", "4", "Tổ chức 3 lớp")
    assert leader.post(action, fields).status_code == 302
    assert Revision.objects.get().figures[NEWS] == 4


def test_double_click_on_submit(at, story):
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    posted = {**form_of(leader, pk), "c28": "4"}
    for _ in range(2):
        page = leader.post(f"/bao-cao/{pk}/gui/", posted, follow=True)
        assert "Đã gửi bản 1. Chờ tiếp nhận." in words(page)
    assert Revision.objects.count() == ReportEntry.objects.count() == 1


def test_two_tabs_the_second_holds_other_figures(at, story):
    """Sent from one tab, then from the other, which says something else: shown side by side, neither is lost."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    first, second = form_of(leader, pk), form_of(leader, pk)
    assert leader.post(f"/bao-cao/{pk}/gui/", {**first, "c28": "4"}).status_code == 302
    answer = leader.post(f"/bao-cao/{pk}/gui/", {**second, "c28": "9", "kk": "Thiếu máy"})
    page = words(answer)
    assert answer.status_code == 409
    assert 'name="pick-c28"' in page and "Thiếu máy" in page
    assert Revision.objects.get().figures[NEWS] == 4


def test_a_page_sent_before_and_changed_is_not_taken_for_a_double_click(at, story):
    """Back button, another figure, sent again: not a silent yes."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    officer_saved = {**form_of(leader, pk), "c28": "4"}
    leader.post(f"/bao-cao/{pk}/nhap/", officer_saved)
    held = form_of(leader, pk)
    leader.post(f"/bao-cao/{pk}/gui/", {**held, "c28": "4"})
    answer = leader.post(f"/bao-cao/{pk}/gui/", {**held, "c28": "9"})
    assert answer.status_code == 422
    assert "Phiếu này đã gửi thành bản 1" in words(answer)
    assert Revision.objects.get().figures[NEWS] == 4
    leader.post(f"/bao-cao/{pk}/thu-hoi/")
    page = words(leader.get(f"/bao-cao/{pk}/"))
    assert 'name="c28" id="c28" value="9"' in page  # it waited in the draft
    # The page of before, unchanged, sends nothing more, and does not say that it did.
    page = words(leader.post(f"/bao-cao/{pk}/gui/", {**held, "c28": "4"}, follow=True))
    assert "lần bấm này không gửi thêm" in page
    assert Report.objects.get(obligation=pk).state == ReportState.WITHDRAWN


@pytest.mark.parametrize("day", ["01/01/0001 00:00", "31/12/9999 23:59", "mai", "29/02/2023 10:00"])
def test_days_that_cannot_be(at, story, day):
    story.send(story.cast.p1_leader, c28=4)
    desk, pk = at(story.cast.pgd_officer), story.p1.pk
    answer = desk.post(f"/bao-cao/{pk}/tra-lai/", {"revision": "1", "reason": "thiếu", "new_due": day})
    assert answer.status_code == 422
    assert "chưa đúng" in words(answer) and "thiếu" in words(answer)
    assert desk.post(f"/bao-cao/{pk}/gia-han/", {"due_at": day, "reason": "bão"}).status_code == 422
    answer = desk.post(
        f"/bao-cao/{story.p2.pk}/nhap-thay/", {"channel": "paper", "received_at": day, "c28": "3"}
    )
    assert answer.status_code == 422 and 'value="3"' in words(answer)
    assert Report.objects.get(obligation=pk).state == ReportState.WAITING


@pytest.mark.parametrize("act", ["trinh", "gui", "nhap-thay"])
def test_a_day_of_signing_that_cannot_be_read_goes_nowhere(at, story, act):
    cast, pk = story.cast, story.p1.pk
    seat = {"trinh": cast.p1_officer, "gui": cast.p1_leader, "nhap-thay": cast.pgd_clerk}[act]
    client = at(seat)
    held = form_of(client, pk, "nhap-thay/" if act == "nhap-thay" else "")
    came = {"channel": "email", "received_at": "12/10/2023 15:00"} if act == "nhap-thay" else {}
    answer = client.post(f"/bao-cao/{pk}/{act}/", held | came | {"c28": "4", "doc_date": "mai"})
    assert answer.status_code == 422
    assert "Còn 1 ô chưa đúng" in words(answer) and "“mai”" in words(answer)
    assert 'name="c28" id="c28" value="4"' in words(answer)
    assert not Revision.objects.filter(report__obligation=pk).exists()


def test_too_many_attachments(at, story):
    """Said beside the form; what was typed is still in it."""
    clerk, pk = at(story.cast.pgd_clerk), story.p1.pk
    files = [SimpleUploadedFile(f"trang {n}.pdf", b"%PDF-1.4") for n in range(11)]
    posted = {
        **form_of(clerk, pk, "nhap-thay/"),
        "c28": "3",
        "channel": "paper",
        "received_at": "12/10/2023 09:00",
    }
    answer = clerk.post(f"/bao-cao/{pk}/nhap-thay/", {**posted, "files": files})
    assert answer.status_code == 422
    assert "kèm nhiều nhất 10 tệp" in words(answer) and 'value="3"' in words(answer)
    assert not Revision.objects.exists()


def test_what_no_database_stores(at, story):
    """A NUL from a spoilt paste, a reason longer than the book: said or mended, never an error page."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    spoilt = {"c28": "4", "g2": "báo\x00 Sài Gòn", "kq": "ba\x00 lớp", "reason": "\x00"}
    assert leader.post(f"/bao-cao/{pk}/gui/", {**form_of(leader, pk), **spoilt}).status_code == 302
    assert Revision.objects.get().content["notes"] == {"2": "báo Sài Gòn"}
    page = words(leader.post(f"/bao-cao/{pk}/thu-hoi/", {"reason": "rất dài " * 100}, follow=True))
    assert "chỉ ghi được 400" in page
    desk = at(story.cast.pgd_officer)
    for posted in ({"revision": "x"}, {"revision": "9" * 40}, {"revision": "1", "x28": "4\x00"}):
        assert desk.post(f"/bao-cao/{pk}/duyet/", posted).status_code in (302, 422)
    for query in ("tim=%00", "sau=1.2.%00", "nut=" + "9" * 30, "trang-thai=%00"):
        assert desk.get(f"/dot-bao-cao/{story.round.pk}/?{query}").status_code in (200, 404), query


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_database_restart_mid_request(at, story, monkeypatch):
    """The connection is cut after the revision was written: nothing of it stays, and pressing again sends it."""
    leader, pk = at(story.cast.p1_leader), story.p1.pk
    leader.raise_request_exception = False
    posted = {**form_of(leader, pk), "c28": "4"}
    telling = writing.tell_all

    def cut(told) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        other.close()
        telling(told)

    monkeypatch.setattr(writing, "tell_all", cut)
    answer = leader.post(f"/bao-cao/{pk}/gui/", posted)
    assert answer.status_code == 503
    assert "Việc vừa làm có thể chưa được lưu" in words(answer)
    monkeypatch.undo()
    connections.close_all()
    assert not Revision.objects.exists() and not ReportEntry.objects.exists()
    assert Draft.objects.get().content["figures"][NEWS] == 4
    with clock.frozen(IN_TIME):
        assert leader.post(f"/bao-cao/{pk}/gui/", posted).status_code == 302
    assert Revision.objects.get().figures[NEWS] == 4


def test_opened_twice(at, story):
    """Two presses on opening a round make one round."""
    officer = at(story.cast.pgd_officer)
    posted = {
        "name": "Báo cáo tháng 11",
        "frequency": "once",
        "rule": "before",
        "on": f"{date(2023, 11, 15):%d/%m/%Y}",
    }
    address = f"/dot-bao-cao/mo/{story.round.directive_id}/"
    assert officer.post(address, posted).status_code == 302
    answer = officer.post(address, posted)
    assert answer.status_code == 422 and "Đợt báo cáo này đã mở rồi" in words(answer)
