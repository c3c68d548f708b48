"""Typing into the report form in a real browser: saved as one types, folded on phones, nothing lost."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from hoctap.reports.models import Draft
from tests.browser import NARROW, axe, fits
from tests.cast import PASSWORD, make_cast
from tests.rounds import Story, make_story

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def story(transactional_db) -> Story:
    return make_story(make_cast())


@pytest.fixture
def form(browse, story):
    """The form of Phường 1 before its officer."""

    def open_form(**how):
        return browse(f"/bao-cao/{story.p1.pk}/", seat=story.cast.p1_officer, **how)

    return open_form


def news(page):
    return page.get_by_label("Dòng 2, tin, bài")


def test_an_expired_sign_in_asks_over_the_page_and_saves_what_was_typed(form, story):
    page = form()
    Session.objects.all().delete()
    news(page).fill("388")
    dialog = page.get_by_role("dialog", name="Phiên làm việc đã hết hạn")
    expect(dialog).to_be_visible()
    assert axe(page) == []
    dialog.get_by_label("Mật khẩu").fill(PASSWORD)
    dialog.get_by_role("button", name="Đăng nhập", exact=True).click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#luu")).to_contain_text("Đã lưu nháp lúc")
    assert Draft.objects.get().content["figures"][28] == 388


def test_who_closes_the_dialog_is_not_asked_at_every_key(form):
    page = form()
    Session.objects.all().delete()
    news(page).fill("3")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Thôi").click()
    news(page).fill("38")
    expect(page.locator("#luu")).to_contain_text("Bấm Lưu nháp để đăng nhập lại")
    page.wait_for_timeout(2000)
    expect(dialog).to_be_hidden()


def test_what_is_no_figure_is_said_under_its_line_while_typing(form):
    page = form()
    news(page).fill("khoảng 40")
    expect(page.locator("#loi-c28")).to_contain_text("chỉ nhận số nguyên từ 0")
    expect(page.locator("#luu")).to_contain_text("Còn 1 ô chưa đúng")
    assert axe(page) == []
    news(page).fill("40")
    expect(page.locator("#loi-c28")).to_have_count(0)
    expect(page.locator("#luu")).to_have_text(re.compile(r"Đã lưu nháp lúc \d\d:\d\d$"))


def test_typing_kept_on_the_device_does_not_undo_what_a_colleague_wrote(form, story, browse):
    page = form()
    page.context.set_offline(True)
    news(page).fill("388")
    expect(page.get_by_text("Mất mạng, cứ ghi tiếp.").last).to_be_visible()
    colleague = browse(f"/bao-cao/{story.p1.pk}/", seat=story.cast.p1_leader)
    colleague.get_by_label("Kết quả chính").fill("Phường tổ chức 18 lớp.")
    expect(colleague.locator("#luu")).to_contain_text("Đã lưu nháp lúc")
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(False)
    page.goto(f"/bao-cao/{story.p1.pk}/")
    expect(page.locator("#luu")).to_contain_text("Đã lưu nháp lúc")
    page.reload()
    expect(news(page)).to_have_value("388")
    expect(page.get_by_label("Kết quả chính")).to_have_value("Phường tổ chức 18 lớp.")


def test_on_a_phone_sections_fold_and_empty_notes_wait_to_be_asked_for(form):
    page = form(width=NARROW)
    section = page.locator('tbody[data-muc="4"]')
    assert fits(page)
    expect(section).to_contain_text("0/3 ô đã ghi")
    expect(page.get_by_label("Dòng 4.2, quyển")).to_be_hidden()
    section.get_by_role("button").click()
    page.get_by_label("Dòng 4.2, quyển").fill("210")
    expect(section).to_contain_text("1/3 ô đã ghi")
    note = page.get_by_role("textbox", name="Dòng 4.2, ghi chú")
    expect(note).to_be_hidden()
    page.get_by_role("button", name="Thêm ghi chú: Dòng 4.2, ghi chú").click()
    expect(note).to_be_focused()
    assert axe(page) == []
    assert fits(page)


def test_a_link_to_a_line_opens_its_section(form):
    page = form(width=NARROW)
    page.evaluate("location.hash = '#dong-4.2'")
    expect(page.get_by_label("Dòng 4.2, quyển")).to_be_visible()


def test_choosing_a_file_speaks_the_language_of_the_page(form):
    page = form()
    expect(page.get_by_text("Chưa chọn tệp")).to_be_visible()
    page.get_by_label("Tệp Excel đã điền").set_input_files(
        {"name": "bieu-phuong-1.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK"}
    )
    expect(page.get_by_text("bieu-phuong-1.xlsx")).to_be_visible()


def test_the_draft_is_printed_from_what_stands_there_and_typing_goes_on(form, story):
    page = form()
    news(page).fill("388")
    with page.context.expect_event("response", lambda answer: answer.url.endswith("/du-thao.pdf")) as printed:
        page.get_by_role("button", name="In dự thảo").click()
    assert printed.value.status == 200
    assert Draft.objects.get().content["figures"][28] == 388
    news(page).fill("390")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Đã lưu nháp.")).to_be_visible()
    assert Draft.objects.get().content["figures"][28] == 390


def test_pressed_to_send_without_a_net_nothing_typed_is_lost(form, story):
    page = form()
    page.context.set_offline(True)
    news(page).fill("388")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.locator("#luu")).to_contain_text("Mất mạng")
    page.context.set_offline(False)  # it goes out by itself
    expect(page.locator("#luu")).to_contain_text("Đã lưu nháp lúc")
    page.reload()
    expect(news(page)).to_have_value("388")
    assert Draft.objects.get().content["figures"][28] == 388


def test_what_was_sent_and_did_not_arrive_is_there_again_and_what_arrived_is_not(form, story):
    page = form()
    address = page.url
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/nhap/", lambda route: route.abort())
    news(page).fill("388")
    page.get_by_role("button", name="Lưu nháp").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/nhap/")
    page.goto(address)
    expect(news(page)).to_have_value("388")
    expect(page.locator("#luu")).to_have_attribute("data-state", "ok")  # what came back was saved by itself
    # Typed and pressed with nothing in between, so that it does not save by itself beside the button, and perhaps after it.
    news(page).evaluate(
        """(cell, button) => {
          cell.value = "389";
          cell.dispatchEvent(new Event("input", { bubbles: true }));
          button.click();
        }""",
        page.get_by_role("button", name="Lưu nháp").element_handle(),
    )
    expect(page.get_by_text("Đã lưu nháp.")).to_be_visible()
    page.wait_for_load_state()  # it has seen by then that it arrived
    assert Draft.objects.get().content["figures"][28] == 389
    Draft.objects.all().delete()
    page.goto(address)
    expect(news(page)).to_have_value("")
