"""The whole story in a real browser: a round laid out, filled in, received, signed; wide, narrow, without scripts."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from hoctap.directives.actions import DirectiveData, register_directive
from hoctap.directives.enums import DocumentKind
from hoctap.forms.actions import publish_version
from hoctap.kernel import clock
from hoctap.obligations.models import Obligation
from hoctap.reports.models import Revision
from hoctap.rollup.models import Snapshot
from tests.browser import NARROW, WIDE, axe, fits
from tests.cast import make_cast
from tests.rounds import first_form, make_story

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def check(page, *, javascript: bool = True, **_) -> None:
    """Every page of the story is reachable for all and never scrolls sideways."""
    assert fits(page)
    if javascript:  # axe waits on timers, which stand still where scripts are off
        assert axe(page) == []


def press(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def open_section(page, number: str) -> None:
    """On a phone with scripts the sections are folded, once the page is loaded."""
    page.locator(f'tbody[data-muc="{number}"]').wait_for(state="attached")
    page.wait_for_load_state("load")
    button = page.locator(f'tbody[data-muc="{number}"] button.fold')
    if button.count() and button.is_visible() and button.get_attribute("aria-expanded") == "false":
        button.click()


def _lay_out(browse, cast, directive, **how) -> Obligation:
    page = browse(f"/van-ban/{directive.pk}/", seat=cast.pgd_officer, **how)
    page.get_by_role("link", name="Mở đợt báo cáo").click()
    page.get_by_label("Tên báo cáo").fill("Kết quả Tuần lễ hưởng ứng học tập suốt đời năm 2023")
    page.get_by_label("Mục, khoản của văn bản").fill("mục IV")
    page.get_by_label("Biểu số liệu").select_option(index=1)
    page.get_by_label("Nơi nhận báo cáo tổng hợp").fill("UBND Quan 3\nSo GD&DT")  # no accents needed
    page.get_by_label("Hạn của đơn vị mình").fill(f"{clock.today() + timedelta(days=5):%Y-%m-%d}")
    check(page, **how)
    press(page, "Mở đợt báo cáo")
    expect(page.get_by_role("heading", level=1)).to_have_text("Giao cho đơn vị")
    page.get_by_label("Đơn vị khác").fill("UBND Phường 1\nubnd phuong 2")
    page.get_by_label("Hạn của đơn vị").fill(f"{clock.today() + timedelta(days=3):%Y-%m-%d}")
    page.get_by_label("Kính gửi (nếu không phải đơn vị mình)").fill("UBND Quận 3")
    check(page, **how)
    press(page, "Giao và báo cho các đơn vị")
    expect(page.get_by_text("0/2 đơn vị đã gửi")).to_be_visible()
    check(page, **how)
    return Obligation.objects.get(unit=cast.pgd)


def _fill_in(browse, cast, **how) -> None:
    """The ward's officer types and presents; the leader approves and sends."""
    page = browse("/", seat=cast.p1_officer, **how)
    page.get_by_role("link", name=re.compile("Kết quả Tuần")).first.click()
    open_section(page, "1")
    page.get_by_label("Dòng 1.1, lớp").fill("2")
    page.get_by_label("Dòng 1.1, người").fill("84")
    page.get_by_label("Dòng 1T, người").fill("66")
    page.get_by_label("Kết quả chính").fill("Phường tổ chức 2 lớp.")
    press(page, "Trình lãnh đạo")
    expect(page.get_by_text("Đã trình lãnh đạo duyệt gửi")).to_be_visible()

    page = browse("/", seat=cast.p1_leader, **how)
    page.get_by_role("link", name=re.compile("Kết quả Tuần")).first.click()
    check(page, **how)
    press(page, "Duyệt và gửi báo cáo")
    expect(page.get_by_text("Còn 1 chỗ cần sửa hoặc ghi lý do trước khi gửi.")).to_be_visible()
    open_section(page, "1")
    page.get_by_label("Lý do", exact=True).fill("18 người học cả hai lớp")
    check(page, **how)
    press(page, "Duyệt và gửi báo cáo")
    expect(page.get_by_text("Đã gửi bản 1")).to_be_visible()
    check(page, **how)


def _receive_and_sign(browse, cast, root: Obligation, **how) -> None:
    page = browse(f"/dot-bao-cao/{root.round_id}/", seat=cast.pgd_officer, **how)
    page.get_by_role("link", name="Tiếp nhận Ủy ban nhân dân Phường 1").click()
    expect(page.get_by_text("18 người học cả hai lớp")).to_be_visible()
    check(page, **how)
    press(page, "Tiếp nhận")
    expect(page.get_by_text("Đã tiếp nhận báo cáo của Ủy ban nhân dân Phường 1")).to_be_visible()

    page = browse(f"/tong-hop/{root.pk}/", seat=cast.pgd_leader, **how)
    expect(page.get_by_text("1/2 đơn vị").first).to_be_visible()
    check(page, **how)
    page.get_by_role("link", name="Lập báo cáo để ký").click()
    page.get_by_label("Số, ký hiệu").fill("15/BC-GDĐT")
    page.get_by_label("Chức vụ người ký").fill("Trưởng phòng")
    check(page, **how)
    press(page, "Lập bản để ký")
    expect(page.get_by_text("Chờ ký")).to_be_visible()
    check(page, **how)
    press(page, "Ký và gửi")
    expect(page.get_by_text("Đã ký báo cáo tổng hợp; các nơi nhận được báo ngay.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    assert download.value.suggested_filename.endswith(".pdf")

    page = browse(f"/tong-hop/{root.pk}/ban/1/", seat=cast.q3_leader, **how)
    press(page, "Đã nhận")
    page = browse(f"/tong-hop/{root.pk}/ban/1/", seat=cast.sgd_leader, **how)
    expect(page.get_by_text("Đã nhận", exact=True).first).to_be_visible()


@pytest.mark.parametrize(
    "how",
    [{"width": WIDE}, {"width": NARROW}, {"width": WIDE, "javascript": False}],
    ids=["desktop", "phone", "no scripts"],
)
def test_a_round_from_plan_to_signed_report(browse, how):
    cast = make_cast()
    publish_version(seat=None, definition=first_form())
    directive, _ = register_directive(
        seat=cast.q3_leader,
        data=DirectiveData(
            kind=DocumentKind.KH,
            number_text="333 /KH-UBND",
            issuer=cast.q3,
            issued_on=clock.today(),
            subject="Tổ chức Tuần lễ hưởng ứng học tập suốt đời năm 2023 trên địa bàn Quận 3",
        ),
        deliver_to=[cast.pgd],
    )
    root = _lay_out(browse, cast, directive, **how)
    _fill_in(browse, cast, **how)
    _receive_and_sign(browse, cast, root, **how)
    signed = Snapshot.objects.get(obligation=root)
    assert signed.signed_by == cast.pgd_leader
    assert signed.coverage["accepted"] == 1
    assert (signed.sums[0], signed.sums[1], signed.sums[3]) == (2, 66, 84)
    assert Revision.objects.get().content["reasons"]


def test_typing_survives_a_lost_connection_and_is_saved_when_it_is_back(browse):
    cast = make_cast()
    story = make_story(cast)
    page = browse(f"/bao-cao/{story.p1.pk}/", seat=cast.p1_officer)
    page.context.set_offline(True)
    page.get_by_label("Dòng 2, tin, bài").fill("388")
    expect(page.get_by_text("Mất mạng, cứ ghi tiếp.").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.locator("#luu")).to_contain_text("Đã lưu nháp lúc")
    page.reload()
    expect(page.get_by_label("Dòng 2, tin, bài")).to_have_value("388")
