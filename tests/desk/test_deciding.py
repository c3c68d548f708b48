"""Receiving, reviewing and what comes next, on the report's page."""

import pytest
from playwright.sync_api import expect

from hoctap.kernel import clock
from hoctap.obligations.models import Reminder
from tests.browser import NARROW, axe, fits
from tests.cast import make_cast
from tests.pages import text_of
from tests.rounds import IN_TIME, make_story


@pytest.mark.django_db
class TestWithoutScripts:
    @pytest.fixture(autouse=True)
    def time(self, db):
        with clock.frozen(IN_TIME):
            yield

    def test_a_report_not_sent_says_so_and_what_to_do(self, story, signed_in):
        desk = signed_in(story.cast.pgd_officer)
        page = text_of(desk.get(f"/bao-cao/{story.p1.pk}/"))
        assert "UBND Phường 1 chưa gửi báo cáo" in page
        assert "Đơn vị chưa mở phiếu." in page
        assert "Phụ lục:" not in page  # no table of dashes
        answer = desk.post(
            f"/bao-cao/{story.root.pk}/nhac/",
            {"obligation": story.p1.pk, "next": f"/bao-cao/{story.p1.pk}/"},
            follow=True,
        )
        assert answer.redirect_chain == [(f"/bao-cao/{story.p1.pk}/", 302)]
        assert "Đã nhắc 1 đơn vị." in text_of(answer)
        assert Reminder.objects.get().obligation_id == story.p1.pk

    def test_recipients_and_strangers_to_the_desk_may_only_read(self, story, signed_in):
        page = text_of(signed_in(story.cast.q3_leader).get(f"/bao-cao/{story.p1.pk}/"))
        assert "chưa gửi báo cáo" in page
        assert "Nhắc đơn vị" not in page

    def test_once_accepted_the_page_is_read_and_leads_to_the_next(self, story, signed_in):
        story.send(story.cast.p1_leader, c28=4)
        story.send(story.cast.p2_leader, c28=7)
        story.accept(story.cast.pgd_officer, story.cast.p1)
        desk = signed_in(story.cast.pgd_officer)
        page = text_of(desk.get(f"/bao-cao/{story.p1.pk}/"))
        assert "Còn 1 báo cáo khác đang chờ." in page
        assert f'href="/bao-cao/{story.p2.pk}/">Mở UBND Phường 2' in page
        assert 'name="x28"' not in page
        assert "Rà soát lại" in page
        assert 'name="x28"' in text_of(desk.get(f"/bao-cao/{story.p1.pk}/?xet=1"))

    def test_reminding_nobody_chosen_says_so_and_goes_back_to_the_filter(self, story, signed_in):
        desk = signed_in(story.cast.pgd_officer)
        here = f"/dot-bao-cao/{story.round.pk}/?trang-thai=none"
        answer = desk.post(f"/bao-cao/{story.root.pk}/nhac/", {"picked": "1", "next": here}, follow=True)
        assert answer.redirect_chain == [(here, 302)]
        assert "Chưa chọn đơn vị nào." in text_of(answer)
        assert not Reminder.objects.exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_reason_is_asked_for_only_where_a_figure_was_changed(browse):
    story = make_story(make_cast())
    story.send(story.cast.p1_leader, c28=1436)
    page = browse(f"/bao-cao/{story.p1.pk}/", seat=story.cast.pgd_officer)
    reason = page.get_by_label("Lý do chênh lệch, dòng 2", exact=True)
    expect(reason).to_be_hidden()
    page.get_by_label("Số sau rà soát, dòng 2, tin, bài").fill("1.400")
    expect(reason).to_be_visible()
    expect(page.get_by_text("−36")).to_be_visible()
    assert axe(page) == []
    reason.fill("36 tin đăng trước Tuần lễ")
    page.get_by_role("button", name="Tiếp nhận", exact=True).click()
    expect(page.get_by_text("Đã tiếp nhận báo cáo của Ủy ban nhân dân Phường 1")).to_be_visible()
    expect(page.get_by_text("36 tin đăng trước Tuần lễ")).to_be_visible()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_on_a_phone_a_reviewed_report_shows_only_what_changed(browse):
    story = make_story(make_cast())
    story.send(story.cast.p1_leader, c28=1436, c29=300)
    story.accept(
        story.cast.pgd_officer, story.cast.p1, reviewed={28: 1400}, reasons={28: "đăng trước Tuần lễ"}
    )
    page = browse(f"/bao-cao/{story.p1.pk}/", seat=story.cast.pgd_officer, width=NARROW)
    assert fits(page)
    assert axe(page) == []
    expect(page.locator("#dong-2 .rvd").first).to_be_visible()
    expect(page.locator("#dong-3 .rvd").first).to_be_hidden()
