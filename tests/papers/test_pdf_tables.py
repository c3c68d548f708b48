"""The appendix with its figure table, on A4 laid on its side."""

from dataclasses import replace

import pytest

from hoctap.papers.content import TableAppendix
from hoctap.papers.pdf import render_pdf
from hoctap.papers.tables import FigureLine, consolidated_table, form_table

from . import sample
from .looking import flat, line, lines, opened

HEAD = ["STT", "Các hoạt động", "Đơn vị", "Số lượng", None, "Ghi chú", "Số đơn vị có số liệu"]
UNDER = [None, None, None, "Số lớp/số cuộc thi", "Người", None, None]


def plain(row):
    return [cell if cell is None else " ".join(cell.split()) for cell in row]


def tables(pages):
    return [[plain(row) for row in page.find_tables()[0].extract()] for page in pages]


def assert_inside_cells(page):
    """Every word lies wholly within one cell of the page's table."""
    (table,) = page.find_tables()
    left, _, right, bottom = table.bbox
    for word in page.crop(table.bbox).extract_words(x_tolerance=1.5):
        x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
        around = [c for c in table.cells if c[0] <= x <= c[2] and c[1] <= y <= c[3]]
        assert around, word
        x0, _, x1, _ = around[0]
        assert x0 - 0.3 <= word["x0"] and word["x1"] <= x1 + 0.3, word
    assert right <= float(page.width) - 15 / 25.4 * 72 + 1
    assert left >= 30 / 25.4 * 72 - 1
    assert bottom <= float(page.height) - 20 / 25.4 * 72 + 1


@pytest.fixture(scope="module")
def appendix():
    with opened(render_pdf(sample.report())) as pdf:
        yield pdf.pages[2:]


def test_appendix_is_a4_on_its_side_with_its_title(appendix):
    page = appendix[0]
    assert (round(float(page.width)), round(float(page.height))) == (842, 595)
    name, title = line(page, "Phụ lục"), line(page, "TỔNG HỢP SỐ LIỆU")
    caption = line(page, "(Kèm theo Báo cáo số 215/BC-GDĐT ngày 13 tháng 10 năm 2023")
    assert (name.face, name.size) == (title.face, title.size) == ("Tinos-Bold", 14)
    assert (caption.face, caption.size) == ("Tinos-Italic", 14)
    assert all(one.centre == pytest.approx((30 + 297 - 15) / 2, abs=1) for one in (name, title, caption))


def test_headings_repeat_and_every_line_is_printed_in_order(appendix):
    read = tables(appendix)
    assert len(read) == 3
    assert all(rows[:2] == [HEAD, UNDER] for rows in read)
    rows = [row for page in read for row in page[2:]]
    assert [row[1] for row in rows] == [label for _, label, *_ in sample.FORM_333]
    by_label = {row[1]: row for row in rows}
    assert by_label["Giáo dục kỹ năng sống cho học sinh"][3:5] == ["35", "3.386"]
    assert by_label["Ngân sách nhà nước"][3] == "293.500.000"
    assert by_label["Học nghề cho lao động nông thôn"][3:5] == ["0", "0"]
    assert by_label["Kinh phí hỗ trợ, huy động từ các nguồn hợp pháp khác (nếu có)"][3:] == [
        "–",
        "",
        "",
        "0/26",
    ]
    assert by_label["Xóa mù chữ"][6] == "lớp: 25/26 người: 11/26"


def test_no_text_is_cut_off(appendix):
    for page in appendix:
        assert_inside_cells(page)


def test_figures_are_right_aligned(appendix):
    page = appendix[0]
    (table,) = page.find_tables()
    edges = set()
    for row in table.rows[2:]:
        words = page.crop(row.cells[4]).extract_words()
        edges |= {round(word["x1"], 0) for word in words}
    assert len(edges) == 1


def test_numbered_lines_are_bold(appendix):
    chars = [char for char in appendix[1].chars if char["fontname"].endswith("Tinos-Bold")]
    assert "12.425" in "".join(char["text"] for char in chars)
    assert "23.363" not in "".join(char["text"] for char in chars)


def test_units_go_to_further_sheets_with_the_first_columns_repeated():
    with opened(render_pdf(sample.report(16))) as pdf:
        pages = pdf.pages[2:]
        for page in pages:
            assert_inside_cells(page)
        read = tables(pages)
        seen = []
        for rows in read:
            assert rows[0][:3] == ["STT", "Các hoạt động", "Đơn vị"]
            seen += [unit for unit in rows[0][3:] if unit in sample.UNITS and unit not in seen]
        assert tuple(seen) == sample.UNITS
        # Đoàn TNCS Hồ Chí Minh is the last unit: line 11 stands on its last sheet too
        assert read[-1][-1][1] == "Các nội dung khác (nếu có)"
        (first,) = [page for page in pages if "bảng 2/5" in flat(page)]
        assert line(first, "Phụ lục (tiếp theo), bảng 2/5").face == "Tinos-Italic"


def test_widest_sums_and_longest_words_stay_in_their_cells():
    rows = [
        FigureLine(
            "1",
            "a" * 300,
            "đồng/" * 12,
            (10**18, -(10**18)),
            note="https://uil.unesco.org/" + "x" * 80,
            counted=(123_696, 123_695),
        )
    ]
    table = consolidated_table(rows, expected=123_696)
    with opened(render_pdf(sample.report(appendices=(replace(sample.appendix(), table=table),)))) as pdf:
        page = pdf.pages[-1]
        assert_inside_cells(page)
        assert not any("\u200b" in char["text"] for one in pdf.pages for char in one.chars)
        cells = page.find_tables()[0].extract()[-1]
        assert cells[3:5] == ["1.000.000.000.000.000.000", "−1.000.000.000.000.000.000"]
        assert "".join(cells[1].split()) == "a" * 300


def test_a_row_taller_than_a_page_runs_on():
    words = [f"chữ{n}" for n in range(3000)]
    table = form_table([FigureLine("1", "Nội dung", "lớp", (1, 2), note=" ".join(words))])
    with opened(render_pdf(sample.report(appendices=(replace(sample.appendix(), table=table),)))) as pdf:
        printed = " ".join(flat(page) for page in pdf.pages)
        assert all(word in printed for word in words[::50])
        assert all(one.bottom <= 210 - 10 for page in pdf.pages[2:] for one in lines(page))


def test_form_as_printed_upright_and_several_appendices_are_numbered():
    form = TableAppendix("Biểu mẫu", form_table(sample.lines()), landscape=False)
    with opened(render_pdf(sample.report(appendices=(form, sample.appendix())))) as pdf:
        first = pdf.pages[2]
        assert float(first.width) < float(first.height)
        assert_inside_cells(first)
        assert plain(first.find_tables()[0].extract()[0])[:4] == HEAD[:4]
        names = [one.text for page in pdf.pages for one in lines(page) if one.text.startswith("Phụ lục")]
        assert names == ["Phụ lục I", "Phụ lục II"]
