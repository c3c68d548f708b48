"""Ghi nhanh on a phone: the tile follows the name, until somebody presses one."""

import pytest
from playwright.sync_api import expect

from hoctap.activities.actions import SessionData, record_activity
from tests.activities.conftest import at, said
from tests.browser import NARROW


@pytest.mark.browser
def test_the_tile_follows_what_the_name_clearly_says(cast, browse):
    news = said("Tin về Tuần lễ", "news.item", SessionData(at(3), place="Phường 1", held=True))
    record_activity(seat=cast.p1_officer, host=cast.p1, data=news)
    page = browse("/ghi-nhanh/", seat=cast.p1_officer, width=NARROW)
    name, tile = page.get_by_label("Tên hoạt động"), page.locator("label.tile input:checked")
    expect(tile).to_have_value("news")  # as the last one
    name.press_sequentially("Lop tin hoc buoi toi")
    expect(tile).to_have_value("class")
    name.fill("Gặp mặt đầu năm")  # says nothing: stays
    expect(tile).to_have_value("class")
    page.locator("label.tile", has_text="Cuộc thi").click()
    name.fill("Lớp tin học")
    expect(tile).to_have_value("contest")
