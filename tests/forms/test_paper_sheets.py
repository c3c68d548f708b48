"""Sheets typed from the paper, without our mark: recognised by their printed words, misprints included."""

import pytest

from hoctap.forms.sheets import SheetRefusal, read_form
from tests.forms.sheets import SPEC, paper
from tests.forms.test_definition import GOLD


def printed_table() -> list[list[object]]:
    """The table as the document prints it, scanning errors and the break between its two pages included."""
    return [
        [text or None for text in line.split("\t")] for line in GOLD.read_text(encoding="utf-8").splitlines()
    ]


def put(rows, label: str, count: object = None, people: object = None, note: str | None = None):
    row = next(row for row in rows if len(row) > 1 and row[1] and row[1].startswith(label))
    row[3:6] = [count, people, note]
    return row


@pytest.fixture
def table():
    return printed_table()


def refused(rows) -> str:
    with pytest.raises(SheetRefusal) as refusal:
        read_form(paper(rows), SPEC, name="p5.xlsx")
    return refusal.value.problem


def test_the_printed_table_is_read_line_by_line(table):
    put(table, "Giáo dục kỹ năng sống", 4, 412, "có 1 lớp chung")
    put(table, "Trung bày", 2)
    put(table, "Cá nhân", None, 5)
    put(table, "Ngân sách nhà nước", 15_500_000)
    put(table, "Các nội dung khác", "Ngày hội đọc sách")
    top = [["UBND PHƯỜNG 5"], [], ["TỔNG HỢP SỐ LIỆU"], []]
    filled = read_form(paper([*top, *table, [], ["NGƯỜI LẬP BIỂU", None, None, "CHỦ TỊCH"]]), SPEC)
    got = {
        (SPEC.line_of[p].number, SPEC.cells[p].measure): v
        for p, v in enumerate(filled.figures)
        if v is not None
    }
    assert got == {
        ("1", "lớp"): 4,
        ("1.7", "lớp"): 4,
        ("1.7", "người"): 412,
        ("5.2", "cuộc"): 2,
        ("9.2", "người"): 5,
        ("10.1", "đồng"): 15_500_000,
    }
    assert filled.stamp is None
    assert filled.notes == {"1.7": "có 1 lớp chung"}
    assert filled.texts == {"11": "Ngày hội đọc sách"}


def test_the_table_may_stand_anywhere_and_in_any_letter_form(table):
    shifted = [[], [], *([None, None, *(cell and str(cell).upper() for cell in row)] for row in table)]
    shifted[4][5] = 0  # what =SUM() shows over blank cells
    assert read_form(paper(shifted), SPEC).figures[0] is None


def test_headings_repeated_on_the_second_page_are_passed_over(table):
    broken = [*table[:22], [], table[0], table[1], *table[22:]]
    assert read_form(paper(broken), SPEC).figures == (None,) * SPEC.size


def test_a_total_summed_up_by_hand_must_agree(table):
    put(table, "Xóa mù chữ", 2, 30)
    put(table, "Các lớp bồi dưỡng, tập huấn tổ chức", 2)
    assert read_form(paper(table), SPEC).figures[0] == 2
    put(table, "Các lớp bồi dưỡng, tập huấn tổ chức", 3)
    assert refused(table) == (
        "trang “Sheet1”, ô D3 ghi “3”. Dòng 1, lớp do các dòng con cộng lại, đang cộng được 2."
    )


def test_a_missing_line(table):
    rows = [row for row in table if row[1:2] != ["Xóa mù chữ"]]
    assert refused(rows) == (
        "trang “Sheet1”, ô B16 ghi “Các lớp bồi dưỡng, tập huấn khác”. Thứ tự dòng khác biểu hoặc thiếu dòng;"
        " chỗ này phải là “Xóa mù chữ”. Sửa lại đúng biểu rồi gửi."
    )


def test_a_line_of_their_own(table):
    rows = [*table[:5], [None, "Lớp ngoại ngữ của phường", "lớp", 2], *table[5:]]
    assert "ô B6 ghi “Lớp ngoại ngữ của phường”. Biểu không có dòng này" in refused(rows)


def test_a_table_that_stops_early(table):
    assert refused(table[:-1]) == (
        "trang “Sheet1” thiếu dòng “Các nội dung khác (nếu có)”. Bổ sung đủ các dòng của biểu rồi gửi."
    )


def test_figures_on_a_row_without_a_label(table):
    rows = [*table[:5], [None, None, None, 2], *table[5:]]
    assert "ô D6 ghi “2”. Hàng này không có tên hoạt động" in refused(rows)


def test_another_unit_of_measure(table):
    put(table, "Ngân sách nhà nước", 15)[2] = "triệu đồng"
    assert "ghi “triệu đồng”. Đơn vị tính của dòng này là “đồng”." in refused(table)


def test_a_unit_of_measure_left_out_is_fine(table):
    put(table, "Ngân sách nhà nước", 15)[2] = None
    assert read_form(paper(table), SPEC).figures[54] == 15


def test_another_column(table):
    table[1][4] = "Nữ"
    assert (
        refused(table)
        == "trang “Sheet1”, ô E1 đang trống. Biểu in tên cột này là “Người”. Sửa lại tên cột rồi gửi."
    )


def test_text_in_a_number_cell(table):
    put(table, "Xóa mù chữ", "hai")
    assert "ô D16 ghi “hai”. Ô này chỉ nhận số nguyên từ 0" in refused(table)


def test_a_figure_in_a_column_the_line_does_not_have(table):
    put(table, "Hội sách", 1, 40)
    assert "ghi “40”. Ô này nằm ngoài chỗ điền số" in refused(table)


def test_two_sheets_typed_by_hand(table):
    import io

    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(paper(table)))
    book.create_sheet("Sheet2")
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(SheetRefusal, match="đang có 2: “Sheet1”, “Sheet2”"):
        read_form(out.getvalue(), SPEC)


def test_no_table_at_all():
    assert refused([["Danh sách lớp", "Số lượng"]]) == (
        "trang “Sheet1” không có bảng với cột “Các hoạt động”. Đây không phải biểu của đợt báo cáo này."
    )
    assert "không có bảng" in refused([])
