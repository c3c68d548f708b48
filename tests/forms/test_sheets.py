"""The form as an Excel file: what it looks like, and that what is written is read back."""

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hoctap.forms.rules import derive
from hoctap.forms.sheets import Stamp, read_form, write_form
from hoctap.forms.sheets.layout import layout_of
from hoctap.forms.sheets.stamp import NARRATIVE, clean_text
from tests.forms.sheets import SPEC, STAMP, edited, figures, filled_form, place, with_cell

TEXT = st.text(max_size=60)
LINES = st.sampled_from([line.number for line in SPEC.lines if line.kind != "text"])


@pytest.fixture(scope="module")
def sheet():
    words = {"notes": {"1.7": "chung với LĐLĐ"}, "texts": {"11": "Ngày hội đọc sách"}}
    data = filled_form(**words, narrative={"results": "18 lớp"}, closed=[49])
    return openpyxl.load_workbook(io.BytesIO(data))["Bieu"]


def rows(sheet) -> list[tuple]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_the_table_is_laid_out_as_printed(sheet):
    grid = rows(sheet)
    assert grid[0][0] == "TỔNG HỢP SỐ LIỆU KẾT QUẢ TỔ CHỨC"
    assert grid[1][0] == "TUẦN LỄ HƯỞNG ỨNG HỌC TẬP SUỐT ĐỜI NĂM 2023"
    assert grid[2][0] == "(Kèm theo báo cáo kết quả tổ chức Tuần lễ)"
    assert grid[4][0] == "Đơn vị báo cáo: UBND Phường 12"
    assert grid[6] == ("STT", "Các hoạt động", "Đơn vị", "Số lượng", None, "Ghi chú")
    assert grid[7] == (None, None, None, "Số lớp/số cuộc thi", "Người", None)
    table = grid[8 : 8 + len(SPEC.lines)]
    assert [(row[0] or "", row[1], row[2] or "") for row in table] == [
        (line.printed, line.label, line.unit_of_measure) for line in SPEC.lines
    ]
    assert {str(merged) for merged in sheet.merged_cells.ranges} >= {"A1:F1", "D7:E7", "A7:A8", "F7:F8"}


def test_figures_stand_in_their_columns_and_texts_in_theirs(sheet):
    assert (sheet[place(2)].value, sheet[place(3)].value, sheet[place(28)].value) == (2, 64, 24)
    assert sheet[place(3)].column_letter == "E"
    assert sheet["F17"].value == "chung với LĐLĐ"
    assert sheet["D49"].value == "Ngày hội đọc sách"
    assert sheet["C52"].value == "18 lớp"


def test_only_the_cells_to_fill_in_are_unlocked(sheet):
    assert sheet.protection.sheet
    unlocked = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    inputs = {place(cell.position) for cell in SPEC.cells if not cell.derived and cell.position != 49}
    assert inputs <= unlocked
    assert place(0) not in unlocked
    assert place(49) not in unlocked
    others = unlocked - inputs
    assert {ref[0] for ref in others if int(ref[1:]) < 49} == {"F"}  # notes; below stand text and narrative


def test_typing_is_checked_by_excel_too(sheet):
    rules = sheet.data_validations.dataValidation
    assert {(rule.type, rule.formula1, rule.formula2) for rule in rules} == {("whole", "0", str(10**13))}
    covered = {cell for rule in rules for area in rule.sqref.ranges for cell in area.cells}
    inputs = {
        layout_of(SPEC).places.points[c.position] for c in SPEC.cells if not c.derived and c.position != 49
    }
    assert covered == {(row + 1, col + 1) for row, col in inputs}


def test_a_cell_that_counts_the_unit_takes_0_or_1():
    rules = openpyxl.load_workbook(io.BytesIO(filled_form()))["Bieu"].data_validations.dataValidation
    assert [str(rule.sqref) for rule in rules if rule.formula2 == "1"] == [place(49)]


def test_the_derived_cell_is_a_formula_with_its_value():
    data = filled_form(figures=figures(p2=2, p4=3))
    with_formulas = openpyxl.load_workbook(io.BytesIO(data))["Bieu"]
    with_values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Bieu"]
    assert with_formulas["D9"].value == '=IF(COUNT(D11:D23)=0,"",SUM(D11:D23))'
    assert with_values["D9"].value == 5


def test_the_mark_is_hidden_and_cannot_be_shown_by_a_menu():
    book = openpyxl.load_workbook(io.BytesIO(filled_form()))
    assert book.sheetnames == ["Bieu", "_hoctap"]
    assert book["_hoctap"].sheet_state == "veryHidden"


def test_words_that_look_like_formulas_or_links_stay_words():
    notes = {"1.1": "=1+1", "1.2": "+84 28", "1.3": "@lop", "1.4": "http://example.vn", "1.5": "007"}
    data = filled_form(notes=notes, texts={"11": '=HYPERLINK("http://x")'})
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Bieu"]
    assert sheet["F11"].data_type == "s"
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert read_form(data).notes == notes


def test_the_file_says_whose_it_is():
    filled = read_form(filled_form())
    assert filled.stamp == STAMP
    assert filled.spec == SPEC


def test_a_total_says_so_in_print_and_in_the_mark():
    data = write_form(SPEC, Stamp("Q3", "UBND Quận 3", kind="total"), figures(p2=2))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Bieu"]
    assert sheet["A5"].value == "Đơn vị báo cáo: UBND Quận 3 (số tổng hợp, gồm cả các đơn vị cấp dưới)"
    assert read_form(data).stamp.kind == "total"


def test_a_sum_too_long_for_excel_is_text():
    data = write_form(SPEC, Stamp("TP", "Thành phố", kind="total"), figures(p28=10**15 + 1))
    assert openpyxl.load_workbook(io.BytesIO(data))["Bieu"][place(28)].value == "1.000.000.000.000.001"


def test_an_empty_form_gives_nothing_reported():
    filled = read_form(write_form(SPEC, STAMP))
    assert filled.figures == (None,) * SPEC.size
    assert (filled.notes, filled.texts, filled.narrative) == ({}, {}, {})


def test_blank_and_zero_are_kept_apart():
    filled = read_form(filled_form(figures=figures(p2=0)))
    assert filled.figures[:5] == (0, None, 0, None, None)


@pytest.mark.parametrize("typed", ["1234", "1.234", " 1 234 "])
def test_figures_typed_as_text_are_read_as_officers_mean_them(typed):
    assert read_form(with_cell(place(28), typed)).figures[28] == 1234


def test_a_printed_spelling_is_accepted_in_place_of_the_corrected_one():
    row = 8 + [line.number for line in SPEC.lines].index("5") + 1
    data = with_cell(
        f"B{row}", "Tổ chức các thi, các buổi tọa đàm về khuyến đọc, khuyến học và xây dựng XHHT"
    )
    assert read_form(data).figures[28] == 24


def test_a_note_that_looks_like_an_escape_stays_as_typed():
    assert read_form(filled_form(notes={"1.1": "_x0041_ và &amp;"})).notes == {"1.1": "_x0041_ và &amp;"}


def test_numbers_and_dates_in_a_note_are_its_words():
    assert read_form(with_cell("F11", 18)).notes == {"1.1": "18"}


def test_a_file_saved_by_another_program_is_read_the_same():
    assert read_form(edited(lambda book: None)) == read_form(filled_form())


def test_a_path_can_be_read_as_well(tmp_path):
    path = tmp_path / "p12.xlsx"
    path.write_bytes(filled_form())
    assert read_form(path).stamp == read_form(str(path)).stamp == STAMP


@settings(max_examples=60, deadline=None)
@given(
    values=st.lists(st.none() | st.integers(0, 10**13), min_size=SPEC.size, max_size=SPEC.size),
    notes=st.dictionaries(LINES, TEXT, max_size=4),
    free=TEXT,
    narrative=st.dictionaries(st.sampled_from([key for key, _ in NARRATIVE]), TEXT),
    name=TEXT.filter(clean_text),
)
def test_what_is_written_is_read_back(values, notes, free, narrative, name):
    stamp = Stamp("Q3-P12", name, round_id="7", kind="own")
    filled = read_form(write_form(SPEC, stamp, values, notes, {"11": free}, narrative), SPEC)

    def kept(words):
        return {key: clean_text(text) for key, text in words.items() if clean_text(text)}

    parts = [values[p] for p in SPEC.cells[0].formula if values[p] is not None]
    assert list(filled.figures) == [sum(parts) if parts else None, *values[1:]] == derive(SPEC, values)
    assert filled.notes == kept(notes)
    assert filled.texts == kept({"11": free})
    assert filled.narrative == kept(narrative)
    assert filled.stamp == Stamp("Q3-P12", clean_text(name), round_id="7", kind="own")
