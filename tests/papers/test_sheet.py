"""The workbook, read back with openpyxl."""

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from hoctap.papers.content import UnitStanding
from hoctap.papers.sheet import render_xlsx
from hoctap.papers.tables import FigureLine, consolidated_table

from . import sample

FIRST = 8  # the first line of figures: title in two lines, caption, demo line, a blank, two lines of heads


def opened(sheet, **options):
    return openpyxl.load_workbook(BytesIO(render_xlsx(sheet, **options)))


@pytest.fixture(scope="module")
def page():
    return opened(sample.appendix(), demo=True)["Số liệu"]


def one_line(**changes):
    line = FigureLine("1", "Dòng", "lớp/người", (1, 2), counted=(1, 1))
    return replace(sample.appendix(), table=consolidated_table([replace(line, **changes)], expected=1))


def test_labels_and_order_are_those_of_the_form(page):
    heads = [[cell.value for cell in row] for row in page.iter_rows(FIRST - 2, FIRST - 1, 1, 7)]
    assert heads[0][3] == "Số lượng"
    assert heads[1] == [
        "STT",
        "Các hoạt động",
        "Đơn vị",
        "Số lớp/số cuộc thi",
        "Người",
        "Ghi chú",
        "Số đơn vị có số liệu",
    ]
    rows = list(page.iter_rows(FIRST, FIRST + len(sample.FORM_333) - 1, 1, 3, values_only=True))
    assert [tuple(value or "" for value in row) for row in rows] == [line[:3] for line in sample.FORM_333]


def test_figures_are_numbers_and_nothing_reported_is_empty(page):
    read = {row[1].value: row for row in page.iter_rows(FIRST, page.max_row)}
    skills = read["Giáo dục kỹ năng sống cho học sinh"]
    assert (skills[3].value, skills[4].value) == (35, 3386)
    assert skills[4].data_type == "n"
    assert skills[4].number_format == "#,##0"
    assert skills[4].alignment.horizontal == "right"
    assert read["Học nghề cho lao động nông thôn"][3].value == 0
    assert read["Kinh phí hỗ trợ, huy động từ các nguồn hợp pháp khác (nếu có)"][3].value is None
    assert read["Ngân sách nhà nước"][3].value == 293_500_000
    assert read["Số tin bài về các hoạt động của Tuần lễ"][1].font.bold


def test_sheet_prints_on_a4_sideways_one_sheet_wide_with_its_headings(page):
    setup = page.page_setup
    assert (setup.paperSize, setup.orientation) == (9, "landscape")
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert (setup.fitToWidth or 1, setup.fitToHeight) == (1, 0)  # 1 is the default, left unwritten
    assert page.print_title_rows == f"${FIRST - 2}:${FIRST - 1}"
    assert page.freeze_panes == f"D{FIRST}"


def test_title_caption_and_notes_stand_around_the_table(page):
    assert page["A1"].value == "TỔNG HỢP SỐ LIỆU KẾT QUẢ TỔ CHỨC"
    assert page["A3"].value == sample.CAPTION
    assert page["A4"].value == "Số liệu minh họa"
    assert page.cell(FIRST + len(sample.FORM_333), 1).value == sample.NOTES[0]
    plain = opened(sample.appendix())["Số liệu"]
    assert "Số liệu minh họa" not in {cell.value for row in plain.iter_rows() for cell in row}


def test_every_unit_has_its_columns():
    page = opened(sample.appendix(16), demo=True)["Số liệu"]
    heads = [cell.value for cell in page[FIRST - 2]]
    assert tuple(heads[7::2]) == sample.UNITS
    skills = next(
        row for row in page.iter_rows(FIRST) if row[1].value == "Giáo dục kỹ năng sống cho học sinh"
    )
    assert [cell.value for cell in skills[7:11]] == [35 // 16, 3386 // 16, None, None]  # the second is silent


def test_sums_beyond_fifteen_digits_are_text_with_a_warning():
    page = opened(one_line(values=(10**15 - 1, 10**15)))["Số liệu"]
    row = next(row for row in page.iter_rows() if row[1].value == "Dòng")
    assert row[3].value == 999_999_999_999_999
    assert row[4].value == "1.000.000.000.000.000"
    assert row[4].data_type == "s"
    assert "15 chữ số" in row[4].comment.text
    assert any("15 chữ số" in str(cell.value) for cell in page["A"])


def test_formulas_addresses_and_markup_stay_text():
    sheet = one_line(label="=1+1", unit="@SUM(A1)", note=f"https://a.vn {sample.NASTY}")
    page = opened(replace(sheet, caption="=2+2", notes=("+3+3", "-4-4")))["Số liệu"]
    cells = {cell.value: cell for row in page.iter_rows() for cell in row if cell.value is not None}
    for text in ("=1+1", "@SUM(A1)", "=2+2", "+3+3", "-4-4", f"https://a.vn {sample.NASTY}"):
        assert cells[text].data_type in ("s", "inlineStr", "str"), text
        assert cells[text].hyperlink is None
    assert cells["=1+1"].quotePrefix


def test_a_text_beyond_excels_limit_is_cut_not_lost():
    page = opened(one_line(note="x" * 40_000))["Số liệu"]
    (note,) = [cell.value for cell in page["F"] if str(cell.value).startswith("xx")]
    assert len(note) == 32_767
    assert note.endswith("x…")


def test_second_sheet_lists_the_units_covered_and_missing():
    units = [
        UnitStanding("UBND Phường 1", True, "Đã tiếp nhận"),
        UnitStanding("Ban Chỉ huy Quân sự Quận 3", False, "Quá hạn", "=HYPERLINK(1)"),
    ]
    book = opened(sample.appendix(), units=units)
    assert book.sheetnames == ["Số liệu", "Đơn vị"]
    page = book["Đơn vị"]
    assert page["A1"].value == "Số liệu gồm 1/2 đơn vị"
    assert [cell.value for cell in page[3]] == [
        "STT",
        "Đơn vị",
        "Có trong số tổng hợp",
        "Tình trạng",
        "Ghi chú",
    ]
    rows = [tuple(cell.value for cell in row) for row in page.iter_rows(4)]
    assert rows[0][:4] == (1, "UBND Phường 1", "Có", "Đã tiếp nhận")
    assert rows[1] == (2, "Ban Chỉ huy Quân sự Quận 3", "Chưa", "Quá hạn", "=HYPERLINK(1)")
    assert page["E5"].data_type != "f"
    assert page.freeze_panes == "C4"
    assert opened(sample.appendix()).sheetnames == ["Số liệu"]
