"""How often a round recurs and who follows it, on the screens."""

import pytest
from playwright.sync_api import expect

from hoctap.directives.actions import recall
from hoctap.kernel import clock
from hoctap.obligations.enums import Frequency
from hoctap.obligations.following import let_follow
from hoctap.obligations.models import Round
from hoctap.obligations.recurring import open_due
from tests.browser import NARROW, WIDE, axe, fits
from tests.pages import words_of
from tests.rounds import OPENED


def board(client, opened) -> str:
    return words_of(client.get(f"/dot-bao-cao/{opened.pk}/"))


def set_to(client, opened, frequency: str):
    return client.post(f"/dot-bao-cao/{opened.pk}/tan-suat/", {"frequency": frequency}, follow=True)


@pytest.mark.django_db
def test_how_often_is_set_shown_and_stopped(story, at):
    """The week 02–08/10/2023, wards before 13/10: next year's a month before that deadline, before the week itself."""
    office = at(story.cast.pgd_officer)
    assert "đợt sau" not in board(office, story.round)
    assert "Đã đổi tần suất" in words_of(set_to(office, story.round, "yearly"))
    said = board(office, story.round)
    assert "Hằng năm; đợt sau mở ngày 13/09/2024" in said and "Dừng lặp lại" in said
    ward = board(at(story.cast.p1_leader), story.round)
    assert "đợt sau mở ngày 13/09/2024" in ward and "Dừng lặp lại" not in ward
    office = at(story.cast.pgd_officer)
    assert "Đã dừng lặp lại" in words_of(set_to(office, story.round, "once"))
    assert "đợt sau" not in board(office, story.round)
    assert "Chọn lại tần suất" in words_of(set_to(office, story.round, "daily"))
    assert Round.objects.get().frequency == Frequency.ONCE


@pytest.mark.django_db
def test_who_does_not_gather_sets_nothing(story, at):
    assert "Chỉ đơn vị tổng hợp" in words_of(set_to(at(story.cast.p1_leader), story.round, "yearly"))
    assert at(story.cast.q3_viewer).post(f"/dot-bao-cao/{story.round.pk}/tan-suat/").status_code == 403
    assert Round.objects.get().frequency == Frequency.ONCE


@pytest.mark.django_db
def test_the_rounds_of_a_regime_lead_to_each_other(story, at):
    Round.objects.update(frequency=Frequency.YEARLY)
    with clock.frozen(OPENED.replace(year=2024)):
        open_due()
    second = Round.objects.get(previous=story.round)
    assert second.name == "Kết quả Tuần lễ hưởng ứng học tập suốt đời năm 2024"
    office = at(story.cast.pgd_officer)
    first_page = office.get(f"/dot-bao-cao/{story.round.pk}/").content.decode()
    assert f'href="/dot-bao-cao/{second.pk}/"' in first_page and "Lưu tần suất" not in first_page
    assert (
        f'href="/dot-bao-cao/{story.round.pk}/"' in office.get(f"/dot-bao-cao/{second.pk}/").content.decode()
    )
    assert "Đợt sau đã mở" in words_of(set_to(office, story.round, "once"))
    desk = words_of(at(story.cast.p1_leader).get("/"))
    assert "năm 2024" in desk


@pytest.mark.django_db
def test_a_document_no_longer_in_force_says_so(story, at):
    Round.objects.update(frequency=Frequency.YEARLY)
    recall(seat=story.cast.q3_leader, directive=story.round.directive, reason="hết hiệu lực")
    assert "đã dừng, vì văn bản không còn hiệu lực" in board(at(story.cast.pgd_officer), story.round)


@pytest.mark.browser
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "how", [{"width": WIDE}, {"width": NARROW}, {"width": NARROW, "dark": True}, {"javascript": False}]
)
def test_letting_a_body_follow_and_what_it_then_sees(browse, story, how):
    Round.objects.update(frequency=Frequency.YEARLY)
    story.send(story.cast.p1_leader, c28=4)

    def check(page) -> None:
        assert fits(page)
        if how.get("javascript", True):
            assert axe(page) == []

    page = browse(f"/dot-bao-cao/{story.round.pk}/", seat=story.cast.pgd_officer, **how)
    check(page)
    page.get_by_role("link", name="Cho đơn vị theo dõi").click()
    check(page)
    page.get_by_label("Theo mục, khoản").fill("mục III.1.1")
    page.get_by_label("Tìm đơn vị").fill("lien doan lao dong quan 3")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_label("Theo mục, khoản")).to_have_value("mục III.1.1")
    page.get_by_label("Liên đoàn Lao động Quận 3").check()
    check(page)
    page.get_by_role("button", name="Cho theo dõi và báo đơn vị").click()
    expect(page.get_by_role("heading", name="Liên đoàn Lao động Quận 3")).to_be_visible()
    check(page)
    reader = browse("/dot-bao-cao/", seat=story.cast.ldld_officer, **how)
    check(reader)
    reader.get_by_role("link", name=story.round.name).click()
    expect(reader.get_by_text("Đơn vị mình theo dõi đợt này theo mục III.1.1.")).to_be_visible()
    check(reader)
    reader.get_by_role("link", name="Xem tổng hợp").click()
    expect(reader.get_by_text("Đơn vị mình theo dõi đợt này theo mục III.1.1.")).to_be_visible()
    check(reader)
    reader.goto(reader.url.partition("/tong-hop")[0] + f"/bao-cao/{story.p1.pk}/")
    check(reader)


@pytest.mark.django_db
def test_a_round_followed_and_owed_stands_in_both_lists(story, at):
    let_follow(seat=story.cast.pgd_officer, opened=story.round, units=[story.cast.p1], clause="mục IV")
    page = at(story.cast.p1_leader).get("/dot-bao-cao/").content.decode()
    assert page.count(f"{story.round.pk}/") >= 2
    said = words_of(at(story.cast.p1_leader).get(f"/dot-bao-cao/{story.round.pk}/"))
    assert "Đơn vị mình theo dõi" not in said  # its own place in it
