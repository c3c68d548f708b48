"""Raw text to the normalised text: what printers, scanners and text processors put in goes, no word of the document does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hoctap.directives.reading.text import join, normalise

LONG = "Các đơn vị tổ chức học tập thường xuyên trong năm học và báo cáo kết quả về phòng"


@pytest.mark.parametrize(
    "raw, text",
    [
        ("Ho\u0323c ta\u0323\u0302p", "Học tập"),
        ("Ðơn vị\u00a0học\u200b tập \u2011 \u00adsuốt đời", "Đơn vị học tập - suốt đời"),
        ("A.\r\nB.\rC.\fD.\u2028E.", "A.\nB.\nC.\nD.\nE."),
        ("**Lao động giỏi**, *mail: a@b.vn*", "Lao động giỏi, mail: a@b.vn"),
        ("## I. MỤC ĐÍCH", "I. MỤC ĐÍCH"),
        ("1\\. Nội dung \\- việc", "1. Nội dung - việc"),
        ("xem <https://uil.unesco.org> và <b>", "xem https://uil.unesco.org và <b>"),
        ("| STT | Nội dung |\n|---|:---|\n| 1 | Học |", "STT\tNội dung\n1\tHọc"),
        ("KẾ HOẠCH\n_______\nHọc", "KẾ HOẠCH\nHọc"),
        (f"{LONG}\n\n2\n\nvà các trường.", f"{LONG} và các trường."),
        (f"{LONG}.\n\n- 3 -\n\nCác trường.", f"{LONG}.\nCác trường."),
        (f"{LONG}.\n\nTrang 3/4\n\nCác trường.", f"{LONG}.\nCác trường."),
        ("STT\tNội dung\n1\tHọc\n2\tĐọc", "STT\tNội dung\n1\tHọc\n2\tĐọc"),
        ("\ud83d\ude00 \ud800", "😀 \ufffd"),
        ("", ""),
    ],
)
def test_normalise(raw, text):
    assert normalise(raw) == text


def test_running_heads_go_and_what_is_said_again_and_again_stays():
    pages = "".join(f"Kế hoạch Tuần lễ 2024\n{LONG} {n}.\n\n" for n in range(5))
    assert normalise(pages).count("Kế hoạch Tuần lễ 2024") == 1
    assert normalise("- Như trên;\n" * 5).count("- Như trên;") == 5


def test_lines_broken_by_the_width_of_a_page_are_whole():
    words = " ".join(f"{LONG}, lần thứ {n}," for n in range(12)).split()
    raw, line = [], ""
    for word in words:
        if len(line) + len(word) > 78:
            raw.append(line)
            line = ""
        line = f"{line} {word}".strip()
    raw.append(line)
    assert normalise("\n".join(raw)) == " ".join(words)


def test_boxes_that_stand_side_by_side():
    head = (
        "  UBND QUẬN 3                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "PHÒNG GIÁO DỤC                       Độc lập - Tự do - Hạnh phúc\n"
        " Số: 12/PGDĐT                    Quận 3, ngày 05 tháng 9 năm 2024\n"
    )
    assert normalise(head).split("\n") == [
        "UBND QUẬN 3", "PHÒNG GIÁO DỤC", "Số: 12/PGDĐT", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc", "Quận 3, ngày 05 tháng 9 năm 2024",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "before, line, whole",
    [
        ("mạng inter-", "net", "mạng internet"),
        ("kinh tế-", "xã hội", "kinh tế-xã hội"),
        ("Quyết định số 1373/QĐ-", "TTg", "Quyết định số 1373/QĐ-TTg"),
        ("giai đoạn 2021-", "2030", "giai đoạn 2021-2030"),
        ("lớp/", "người", "lớp/người"),
        ("tại https://a.vn/mot-", "hai/ba.aspx vào", "tại https://a.vn/mot-hai/ba.aspx vào"),
        ("tại https://a.vn", "trong tuần", "tại https://a.vn trong tuần"),
        ("mail: tuyengiao.", "ldld@gmail.com", "mail: tuyengiao.ldld@gmail.com"),
        ("văn hóa -", "thể thao", "văn hóa - thể thao"),
        ("học tập", "suốt đời", "học tập suốt đời"),
    ],
)
def test_words_cut_by_a_line_end(before, line, whole):
    parts = [before]
    join(parts, line)
    assert "".join(parts) == whole


@given(st.text(max_size=500))
def test_normalised_text_is_normal(raw):
    text = normalise(raw)
    assert "\r" not in text and "\n\n" not in text and not text.startswith("\n")
    text.encode()
