"""An officer's phone reads learning cards with its camera: the code that is printed, filmed at a slant on a table."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from PIL.ImageFilter import GaussianBlur
from playwright.sync_api import expect

from hoctap.activities.enums import MarkWay
from hoctap.activities.models import Attendance
from hoctap.papers.cards import drawn
from hoctap.people.actions import issue_cards
from tests.activities.people import who_came
from tests.browser import NARROW, axe, fits
from tests.desk.test_attendance import _address, _ready, evening  # noqa: F401  a fixture
from tests.waiting import eventually

WHO = "Phạm Thị Út"
SIZE = (640, 480)
A_SECOND = 5  # frames

pytestmark = pytest.mark.browser
_TABLE = """
<body style="margin:0;background:#8a7f70"><div style="width:max-content;min-width:200px;margin:110px 0 0 190px;
padding:14px;background:#f4f1ea;transform:rotate(8deg) skewX(4deg)">%s<style>svg{zoom:4.5;display:block}</style></div>
"""


@pytest.fixture
def card(cast, evening):  # noqa: F811
    """Her card's code, as printed."""
    person = evening.activity.registrations.get(person__full_name=WHO).person
    issue_cards(persons=[person], seat=cast.p1_officer)
    return drawn(f"https://hoctap.example.vn/the/{person.cards.get().token}/")


@pytest.fixture
def film(chromium, tmp_path, card) -> Path:
    """Two seconds of the card on a table, four of the table alone."""
    frames = [*[_photo(chromium, card)] * 2 * A_SECOND, *[_photo(chromium, "")] * 4 * A_SECOND]
    path = tmp_path / "card.y4m"
    head = f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F{A_SECOND}:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + b"".join(b"FRAME\n" + frame for frame in frames))
    return path


def _photo(chromium, card: str) -> bytes:
    """Luma, then both chromas at half the size."""
    page = chromium.new_page(viewport={"width": SIZE[0], "height": SIZE[1]})
    page.set_content(_TABLE % card)
    image = Image.open(BytesIO(page.screenshot())).filter(GaussianBlur(1)).convert("YCbCr")
    page.close()
    y, *chromas = image.split()
    return y.tobytes() + b"".join(one.reduce(2).tobytes() for one in chromas)


def _scan(page) -> list[str]:
    """Presses "Quét thẻ"; returns all that it said until the card came back."""
    page.evaluate("""() => {
      const line = document.querySelector("[data-scan]");
      window.heard = [];
      new MutationObserver(() => window.heard.push(line.textContent)).observe(line, { childList: true });
    }""")
    page.get_by_role("button", name="Quét thẻ").click()
    again = f"{WHO} đã điểm danh lúc"
    eventually(lambda: any(again in said for said in page.evaluate("window.heard")))
    assert axe(page) == []
    assert fits(page)
    page.get_by_role("button", name="Xong").click()
    return page.evaluate("window.heard")


def test_a_card_before_the_camera_is_marked_and_said_again_when_it_comes_back(cast, browse, evening, film):  # noqa: F811
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW, camera=film)
    asked, marked, again, *_ = dict.fromkeys(_scan(page))  # a slow phone says the same twice
    assert (asked, marked) == ("Đưa mã trên thẻ vào khung.", f"{WHO}: có mặt.")
    assert again.startswith(f"{WHO} đã điểm danh lúc")
    eventually(lambda: who_came(evening) == [WHO])
    assert Attendance.objects.get().way == MarkWay.SCAN
    dark = "document.querySelector('video').srcObject.getTracks().every((t) => t.readyState === 'ended')"
    eventually(lambda: page.evaluate(dark))  # a dialog says that it closed after it has
    expect(page.get_by_label(WHO)).to_be_checked()
    assert Attendance.objects.count() == 1


def test_without_a_net_the_camera_goes_on_and_what_it_read_lands_later(cast, browse, evening, film):  # noqa: F811
    page = browse(_address(evening), seat=cast.p1_officer, width=NARROW, camera=film)
    _ready(page, "jsqr.js")
    page.context.set_offline(True)
    page.reload()
    _, marked, again, *_ = dict.fromkeys(_scan(page))
    assert marked == f"{WHO}: có mặt." and "ghi trên máy này" in again
    expect(page.locator("#hang-doi")).to_contain_text("giữ trong máy, chưa gửi.")
    assert who_came(evening) == []
    page.context.set_offline(False)
    eventually(lambda: who_came(evening) == [WHO])
    assert Attendance.objects.count() == 1
    expect(page.locator("li", has_text=WHO)).to_contain_text("Chuyên viên UBND Phường 1")
