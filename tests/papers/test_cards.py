"""Printed cards: eight on a sheet, the QR true to the address, no card without its PIN."""

import io

import pdfplumber
import pypdfium2
import pytest
import segno

from hoctap.papers.cards import PrintedCard, render_cards

MM = 72 / 25.4
SCALE = 4
# Where the first card's QR stands on the sheet (templates/cards.typ), millimetres from the top left.
LEFT, TOP, SIDE = 67.0, 18.0, 34.0
ADDRESS = "https://hoctap.example.vn/the/" + "0123456789abcdef" * 2 + "/"


def _card(name: str = "Nguyễn Thị Thu Hà", pin: str = "012345") -> PrintedCard:
    return PrintedCard(name, "Trường Trung học cơ sở Lê Quý Đôn", ADDRESS, pin)


def _pages(data: bytes) -> list[str]:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return [" ".join((page.extract_text() or "").split()) for page in pdf.pages]


def test_eight_on_a_sheet_each_with_name_unit_and_pin():
    cards = [_card(f"Người {n}", f"{n:06d}") for n in range(1, 18)]
    pages = _pages(render_cards(cards, issuer="UBND Quận 3"))
    assert [page.count("THẺ HỌC TẬP") for page in pages] == [8, 8, 1]
    whole = " ".join(pages)
    for n in range(1, 18):
        assert f"Người {n}" in whole and f"000 {n:03d}" in whole
    assert "Số liệu minh họa" not in whole


@pytest.mark.parametrize(
    "name", ["Công Tằng Tôn Nữ Hoàng Thị Kim Ngân Thanh Tâm", "A" * 120, 'Hà 😀 #image("x")']
)
def test_any_name_is_set_and_stays_on_its_card(name):
    (page,) = _pages(render_cards([_card(name)] * 8, issuer="UBND", demo=True))
    assert page.count("Mã PIN") == 8 and "Số liệu minh họa" in page


def test_the_qr_holds_the_address():
    page = pypdfium2.PdfDocument(render_cards([_card()], issuer="UBND"))[0]
    image = page.render(scale=SCALE).to_pil().convert("L")
    matrix = list(segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=2))
    size = SIDE * MM * SCALE / len(matrix)
    read = [
        [
            int(
                image.getpixel(
                    (int(LEFT * MM * SCALE + (x + 0.5) * size), int(TOP * MM * SCALE + (y + 0.5) * size))
                )
                < 128
            )
            for x in range(len(matrix))
        ]
        for y in range(len(matrix))
    ]
    assert read == [list(map(int, row)) for row in matrix]
