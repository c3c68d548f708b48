"""The consolidated table and the way to a signature, as people see them."""

import re

import pytest
from playwright.sync_api import expect

from hoctap.kernel import clock
from hoctap.rollup.actions import draw_snapshot
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

    def test_before_drawing_one_reads_who_is_not_in_it(self, story, signed_in):
        story.send(story.cast.p1_leader, c28=4)
        page = text_of(signed_in(story.cast.pgd_officer).get(f"/tong-hop/{story.root.pk}/lap/"))
        assert "Bản này gồm 0/2 đơn vị." in page
        assert "1 chờ tiếp nhận" in page
        assert "1 đơn vị chưa có báo cáo" in page
        assert "Phần của Phòng GD&amp;ĐT Quận 3 chưa gửi nên chưa có trong bản này." in page

    def test_the_leader_finds_what_the_officer_drew(self, story, signed_in):
        story.send(story.cast.p1_leader, c28=4)
        story.accept(story.cast.pgd_officer, story.cast.p1)
        draw_snapshot(seat=story.cast.pgd_officer, obligation=story.root, doc={})
        at = f"/tong-hop/{story.root.pk}/"
        page = text_of(signed_in(story.cast.pgd_leader).get(at))
        assert "chờ lãnh đạo ký." in page
        assert f'href="{at}ban/1/"' in page
        drawn = text_of(signed_in(story.cast.pgd_leader).get(f"{at}ban/1/"))
        assert "Không gồm số liệu của: Phòng GD&amp;ĐT Quận 3, UBND Phường 2." in drawn
        assert "Ký và gửi" in drawn
        assert "Chờ ký" not in text_of(signed_in(story.cast.q3_leader).get(at))  # nobody else reads drafts

    def test_what_can_no_longer_be_signed_offers_no_signing(self, story, signed_in):
        draw_snapshot(seat=story.cast.pgd_officer, obligation=story.root, doc={})
        story.send(story.cast.p1_leader, c28=4)
        story.accept(story.cast.pgd_officer, story.cast.p1)
        drawn = text_of(signed_in(story.cast.pgd_leader).get(f"/tong-hop/{story.root.pk}/ban/1/"))
        assert "không ký được nữa" in drawn
        assert "Ký và gửi" not in drawn

    def test_a_unit_with_nobody_below_is_told_so(self, story, signed_in):
        page = text_of(signed_in(story.cast.p1_leader).get(f"/tong-hop/{story.p1.pk}/"))
        assert "chưa giao cho đơn vị nào" in page
        assert "Lập báo cáo để ký" not in page

    def test_a_total_made_of_lines_leads_on_to_them(self, story, signed_in):
        story.send(story.cast.p1_leader)
        story.accept(story.cast.pgd_officer, story.cast.p1)
        child = story.obligation(story.cast.p1)
        page = signed_in(story.cast.pgd_officer).get(f"/tong-hop/{story.root.pk}/so/0/?dv={child.pk}")
        assert "Số này hệ thống cộng từ các dòng dưới đây." in text_of(page)
        assert f"/so/2/?dv={child.pk}#hoat-dong" in page.content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_on_a_phone_a_line_is_a_card_and_a_figure_leads_to_its_units(browse):
    story = make_story(make_cast())
    story.send(story.cast.p1_leader, c28=1436)
    story.accept(story.cast.pgd_officer, story.cast.p1)
    page = browse(f"/tong-hop/{story.root.pk}/", seat=story.cast.pgd_officer, width=NARROW)
    assert fits(page)
    assert axe(page) == []
    page.get_by_role("link", name="1.436", exact=True).locator("visible=true").click()
    expect(page.get_by_role("heading", name="1.436 tin, bài này từ đâu ra?")).to_be_visible()
    page.get_by_role("link", name=re.compile("UBND Phường 1")).click()
    expect(page.get_by_role("link", name="Bản 1", exact=True)).to_be_visible()
    assert fits(page)
