"""Every unit's figures as one table: what a spreadsheet, and another program, read back."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pandas
import pytest
from python_calamine import CalamineWorkbook

from hoctap.forms.sheets.listing import LEAD, TOGETHER, Listing, UnitRow, write_csv, write_xlsx
from hoctap.kernel import clock
from tests.forms.sheets import SPEC, figures

LISTING = Listing(SPEC, "Kết quả Tuần lễ", ["Số liệu từng đơn vị", "Số liệu minh họa"])
FIRST = len(LISTING.lines) + 5  # row of the first unit, from 1
CAME = datetime(2023, 10, 12, 16, 5, 59, tzinfo=clock.VIETNAM)
RISKY = ["=1+1", "+84 28", "-2", "@SUM(A1)", "\t=1+1", "\r=1+1", " =1+1"]


def unit(name="UBND Phường 1", vector=None, **more) -> UnitRow:
    row = UnitRow("Q3-P1", name, "Phòng GD&ĐT", "Đã duyệt", CAME, "12/BC-UBND", date(2023, 10, 11), vector)
    return row._replace(**more)


SILENT = UnitRow("Q3-P2", "UBND Phường 2", "Phòng GD&ĐT", "Chưa gửi", None, "", None, None)


def xlsx(*rows: UnitRow) -> bytes:
    out = io.BytesIO()
    write_xlsx(out, LISTING, iter(rows), len(rows))
    return out.getvalue()


def sheet(*rows: UnitRow):
    return openpyxl.load_workbook(io.BytesIO(xlsx(*rows))).active


def lines(*rows: UnitRow) -> list[list[str]]:
    out = io.BytesIO()
    write_csv(out, LISTING, iter(rows))
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")))


def test_each_value_keeps_its_kind():
    row = sheet(unit(vector=figures(p0=3, p1=0, p3=10**13)), SILENT)[FIRST]
    assert [cell.value for cell in row[: len(LEAD)]] == [
        "Q3-P1", "UBND Phường 1", "Phòng GD&ĐT", "Đã duyệt", datetime(2023, 10, 12, 16, 5), "12/BC-UBND",
        datetime(2023, 10, 11),
    ]  # fmt: skip
    assert [cell.value for cell in row[len(LEAD) : len(LEAD) + 4]] == [3, 0, None, 10**13]
    assert {cell.number_format for cell in row[len(LEAD) :]} == {"#,##0"}
    assert {cell.data_type for cell in row[len(LEAD) :]} == {"n"}


def test_who_sent_nothing_has_a_row_without_figures():
    values = [cell.value for cell in sheet(unit(), SILENT)[FIRST + 1]]
    assert values[:4] == ["Q3-P2", "UBND Phường 2", "Phòng GD&ĐT", "Chưa gửi"]
    assert set(values[4:]) == {None}


def test_the_headings_say_line_and_measure():
    read = sheet(unit())
    top, below = read[FIRST - 2], read[FIRST - 1]
    at = len(LEAD) + 14  # line 1.7
    assert top[at].value == "1.7. Giáo dục kỹ năng sống cho học sinh"
    assert (below[at].value, below[at + 1].value) == ("lớp", "người")
    assert top[len(LEAD) + 1].value == "1. Tổng số người tham gia, trong đó"
    merged = {str(found) for found in read.merged_cells.ranges}
    assert f"V{FIRST - 2}:W{FIRST - 2}" in merged and f"A{FIRST - 2}:A{FIRST - 1}" in merged
    assert read.freeze_panes == f"C{FIRST}"
    assert read.auto_filter.ref == f"A{FIRST - 1}:BK{FIRST}"


def test_more_rows_than_are_compressed_at_a_time():
    count = 3 * TOGETHER + 1
    read = sheet(*(unit(code=f"U{n}", vector=figures(p1=n)) for n in range(count)))
    assert [row[len(LEAD) + 1] for row in read.iter_rows(min_row=FIRST, values_only=True)] == [*range(count)]
    assert read.max_row == FIRST + count - 1


def test_a_fast_reader_reads_the_same():
    data = xlsx(unit(vector=figures(p1=7)), SILENT)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert len(rows) == FIRST + 1
    assert rows[FIRST - 1][1] == "UBND Phường 1" and rows[FIRST - 1][len(LEAD) + 1] == 7.0
    assert rows[FIRST - 1][4] == datetime(2023, 10, 12, 16, 5)
    streamed = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    assert len(list(streamed.iter_rows())) == FIRST + 1


@pytest.mark.parametrize("name", RISKY)
def test_no_name_becomes_a_formula(name):
    cell = sheet(unit(name=name))[FIRST][1]
    assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", name.strip(), True)
    assert lines(unit(name=name, doc_number=name))[1][1] == f"'{name.strip()}"
    assert lines(unit(name=name, doc_number=name))[1][5] == f"'{name.strip()}"


def test_names_that_would_break_the_file():
    name = "A & <B> \x00\x0b ]]> “C” \ud800"
    assert sheet(unit(name=name))[FIRST][1].value == "A & <B>  ]]> “C”"


def test_what_a_sheet_would_round_is_text():
    cell = sheet(unit(vector=[10**15, *[None] * (SPEC.size - 1)]))[FIRST][len(LEAD)]
    assert (cell.value, cell.data_type) == ("1.000.000.000.000.000", "s")


def test_csv_for_other_programs():
    head, first, second = lines(unit(vector=figures(p1=0, p3=1234567)), SILENT)
    assert head[len(LEAD) + 15] == "1.7. Giáo dục kỹ năng sống cho học sinh (người)"
    assert first[:8] == [
        "Q3-P1", "UBND Phường 1", "Phòng GD&ĐT", "Đã duyệt", "2023-10-12 16:05", "12/BC-UBND", "2023-10-11", "",
    ]  # fmt: skip
    assert (first[8], first[10]) == ("0", "1234567")
    assert len(head) == len(first) == len(second) == len(LEAD) + SPEC.size
    assert len(set(head)) == len(head)


def test_csv_as_pandas_reads_it():
    out = io.BytesIO()
    write_csv(out, LISTING, [unit(vector=figures(p1=0)), SILENT])
    out.seek(0)
    read = pandas.read_csv(out)
    assert read["Tên đơn vị"].tolist() == ["UBND Phường 1", "UBND Phường 2"]
    assert read.iloc[0, 8] == 0 and pandas.isna(read.iloc[1, 8])
