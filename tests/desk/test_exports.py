"""Xuất số liệu on the screen: asked for, watched, saved; by whom."""

from datetime import timedelta

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from playwright.sync_api import expect
from procrastinate.contrib.django.models import ProcrastinateJob

from hoctap.kernel import clock
from hoctap.reports import jobs
from hoctap.reports.exports import ask, forget_files
from hoctap.reports.models import Export
from tests.browser import NARROW, WIDE, axe, fits
from tests.pages import words_of

pytestmark = pytest.mark.django_db
ASKED = {"kind": "xlsx", "basis": "sent"}


@pytest.fixture
def export(story) -> Export:
    return ask(seat=story.cast.pgd_officer, obligation=story.root, **ASKED)


def page_of(export: Export) -> str:
    return f"/xuat-so-lieu/{export.pk}/"


def test_the_consolidation_offers_it_with_the_figures_it_shows(at, story):
    client = at(story.cast.pgd_officer)
    html = client.get(f"/tong-hop/{story.root.pk}/?gom=da-gui").content.decode()
    assert f'href="/tong-hop/{story.root.pk}/xuat/?gom=da-gui"' in html
    asked = client.get(f"/tong-hop/{story.root.pk}/xuat/?gom=da-gui").content.decode()
    assert 'value="sent" checked' in asked and 'value="xlsx" checked' in asked
    assert "/xuat/" not in at(story.cast.pgd_admin).get(f"/tong-hop/{story.root.pk}/").content.decode()


def test_asking_queues_one_job_and_shows_how_far_it_is(at, story):
    client = at(story.cast.pgd_officer)
    address = f"/tong-hop/{story.root.pk}/xuat/"
    first = client.post(address, ASKED)
    again = client.post(address, ASKED)
    export = Export.objects.get()
    assert first["Location"] == again["Location"] == page_of(export)
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.args) == ("hoctap.reports.jobs.write_export", {"export_id": export.pk})
    assert job.lock == "export"  # one at a time: other work goes on beside it
    assert "Đang chờ đến lượt" in words_of(client.get(page_of(export)))


@pytest.mark.parametrize("sent", [{}, {"kind": "exe", "basis": "sent"}, {"kind": "csv", "basis": "x"}])
def test_nothing_is_asked_for_that_is_not_offered(at, story, sent):
    assert at(story.cast.pgd_officer).post(f"/tong-hop/{story.root.pk}/xuat/", sent).status_code in (200, 422)
    assert not Export.objects.exists()


def test_each_moment_in_words(at, story, export):
    client = at(story.cast.pgd_officer)

    def says(**standing) -> str:
        Export.objects.filter(pk=export.pk).update(**standing)
        return words_of(client.get(page_of(export))).replace("\u00a0", " ")

    assert "1.000/2.500 đơn vị đã ghi vào tệp, còn 1.500" in says(rows=2500, rows_done=1000)
    done = says(rows_done=2500, done_at=clock.now(), size=3_250_000)
    assert "2.500 đơn vị, 3,2 MB" in done and "Tải tệp XLSX" in done
    assert "0,0 MB" not in says(size=300) and "1 KB" in says(size=300)
    failed = says(message="Hoctap gặp lỗi khi xuất số liệu (mã 7).")
    assert "Không có tệp. Hoctap gặp lỗi" in failed and "Tải tệp" not in failed
    stuck = says(message="", done_at=None, asked_at=clock.now() - timedelta(hours=2))
    assert "Chưa xuất xong sau hơn một giờ" in stuck


def test_only_while_it_goes_the_page_asks_again(at, story, export):
    client = at(story.cast.pgd_officer)
    going = client.get(page_of(export)).content.decode()
    assert 'hx-trigger="every 2s"' in going and '<noscript><meta http-equiv="refresh"' in going
    Export.objects.filter(pk=export.pk).update(rows=1, done_at=clock.now())
    done = client.get(page_of(export)).content.decode()
    assert "hx-trigger" not in done and "http-equiv" not in done


def test_colleagues_see_it_and_nobody_else_does(at, story, export):
    cast = story.cast
    default_storage.save(export.name, ContentFile(b"a"))
    Export.objects.filter(pk=export.pk).update(rows=1, size=1, done_at=clock.now())
    for path in (page_of(export), f"{page_of(export)}tep/"):
        answer = at(cast.pgd_leader).get(path)
        assert answer.status_code == 200 and answer.getvalue()
        for stranger in (cast.stranger_leader, cast.q3_officer, cast.p1_officer):
            assert at(stranger).get(path).status_code == 404
        for role in (cast.pgd_admin, cast.pgd_clerk):
            assert at(role).get(path).status_code == 403
    assert at(cast.stranger_leader).get(f"/tong-hop/{story.root.pk}/xuat/").status_code == 404


def test_a_file_not_there_yet_or_no_more(at, story, export):
    client = at(story.cast.pgd_officer)
    assert client.get(f"{page_of(export)}tep/").status_code == 404
    Export.objects.filter(pk=export.pk).update(rows=1, done_at=clock.now())
    answer = client.get(f"{page_of(export)}tep/", follow=True)
    assert "Tệp này không còn trên máy chủ" in words_of(answer)
    Export.objects.filter(pk=export.pk).update(message="lỗi")
    assert client.get(f"{page_of(export)}tep/").status_code == 404


@pytest.mark.browser
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "how", [{"width": WIDE}, {"width": NARROW}, {"width": NARROW, "dark": True}, {"javascript": False}]
)
def test_from_the_button_to_the_saved_file(browse, story, how, tmp_path):
    story.send(story.cast.p1_leader, c28=4)
    page = browse(f"/tong-hop/{story.root.pk}/?gom=da-gui", seat=story.cast.pgd_officer, **how)

    def check() -> None:
        assert fits(page)
        if how.get("javascript", True):
            assert axe(page) == []

    page.get_by_role("link", name="Xuất số liệu").click()
    expect(page.get_by_role("button", name="Xuất số liệu")).to_be_visible()
    check()
    page.get_by_role("button", name="Xuất số liệu").click()
    expect(page.get_by_text("Đang chờ đến lượt")).to_be_visible()
    check()
    export = Export.objects.get()
    Export.objects.filter(pk=export.pk).update(rows=3, rows_done=1)
    expect(page.get_by_text("đơn vị đã ghi vào tệp")).to_be_visible()
    check()
    jobs.write_export(export.pk)
    save = page.get_by_role("link", name="Tải tệp XLSX")
    expect(save).to_be_visible()
    check()
    with page.expect_download() as download:
        save.click()
    assert download.value.suggested_filename.startswith("so-lieu-HCM-Q3-PGD-")
    download.value.save_as(tmp_path / "so-lieu.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "so-lieu.xlsx").active
    assert 4 in [cell.value for cell in sheet[sheet.max_row - 1]]


def test_after_a_restore_no_file_is_offered_that_did_not_come_along(at, story, export):
    waiting = ask(seat=story.cast.pgd_officer, obligation=story.root, kind="csv", basis="sent")
    Export.objects.filter(pk=export.pk).update(done_at=clock.now(), rows=2, rows_done=2, size=10)
    forget_files()
    client = at(story.cast.pgd_officer)
    page = words_of(client.get(page_of(export)))
    assert "khôi phục từ bản sao lưu" in page and "Xuất lại" in page
    assert f"{page_of(export)}tep" not in client.get(page_of(export)).content.decode()
    waiting.refresh_from_db()
    assert (waiting.done_at, waiting.message) == (None, "")  # its job came along and writes it
