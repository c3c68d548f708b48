"""Excel files from anybody: the good ones read as Excel shows them, the bad ones refused before a library opens them."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from hoctap.kernel.sheets import WorkbookRefusal, cell_name, open_workbook, text_of


def _book(fill, options: dict | None = None) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options or {}) as book:
        fill(book)
    return out.getvalue()


def _simple(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("Đơn vị")
    sheet.write_row(1, 1, ["Phường 1", 27139, 1.5, True])
    sheet.write_datetime(2, 0, datetime(2025, 7, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
    sheet.write_formula(2, 1, "=1+1", value=2)
    sheet.merge_range("A5:C5", "Gộp")


def _edit(data: bytes, part: str, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == part else content)
    return out.getvalue()


def _problem(data: bytes) -> str:
    with pytest.raises(WorkbookRefusal) as caught:
        open_workbook(data, name="donvi.xlsx")
    assert caught.value.message == f"Tệp donvi.xlsx: {caught.value.problem} Chưa nhận gì từ tệp."
    return caught.value.problem


SHEET = "xl/worksheets/sheet1.xml"


def test_values_stand_where_excel_shows_them():
    (sheet,) = open_workbook(_book(_simple))
    assert sheet.name == "Đơn vị"
    assert [text_of(value) for value in sheet.rows[1]][:4] == ["", "Phường 1", "27139", "1.5"]
    assert sheet.rows[2][:2] == [date(2025, 7, 1), 2.0]
    assert text_of(sheet.rows[2][0]) == "01/07/2025"
    assert sheet.formulas == {(2, 1)}


def test_sheets_of_another_library_read_alike():
    book = openpyxl.Workbook()
    book.active.title = "Một"
    book.active["B2"] = "=SUM(1,2)"
    book.active["A1"] = "Quận 3"
    book.create_sheet("Hai")["C1"] = "x"
    out = io.BytesIO()
    book.save(out)
    one, two = open_workbook(out.getvalue())
    assert (one.name, one.rows[0][0], one.formulas) == ("Một", "Quận 3", {(1, 1)})
    assert (two.name, two.rows[0][2]) == ("Hai", "x")


def test_text_is_composed_and_single_spaced():
    assert text_of("  Phường \n  1 ") == "Phường 1"
    assert text_of("Hội Khuyê\u0301n học") == "Hội Khuyến học"


def test_cells_are_named_as_in_excel():
    assert [cell_name(*point) for point in ((11, 4), (0, 25), (0, 26), (9, 701), (9, 702))] == [
        "E12",
        "Z1",
        "AA1",
        "ZZ10",
        "AAA10",
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "trống"),
        (b"Ma,Ten\n1,2\n", "không phải tệp Excel"),
        (b"%PDF-1.7 ...", "không phải tệp Excel"),
        (b"PK\x03\x04", "bị hỏng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"), "đời cũ"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "mật khẩu",
        ),
    ],
)
def test_what_is_no_open_workbook_is_named(data: bytes, says: str):
    assert says in _problem(data)


def test_every_truncation_is_refused():
    whole = _book(_simple)
    for length in range(1, len(whole), 97):
        assert _problem(whole[:length])
    assert "bị hỏng" in _problem(whole + b"tail")


def test_a_flipped_byte_is_refused_or_read_never_a_crash():
    whole = bytearray(_book(_simple))
    for at in range(0, len(whole), 31):
        broken = bytearray(whole)
        broken[at] ^= 0xFF
        try:
            open_workbook(bytes(broken))
        except WorkbookRefusal:
            continue


def test_macros_are_refused():
    whole = _book(_simple)
    out = io.BytesIO(whole)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr("xl/vbaProject.bin", b"x")
    assert "macro" in _problem(out.getvalue())
    types = _edit(
        whole, "[Content_Types].xml", lambda c: c.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")
    )
    assert "macro" in _problem(types)


def test_a_zip_that_is_no_workbook_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("word/document.xml", "<w/>")
    assert "không phải tệp Excel" in _problem(out.getvalue())


def test_a_zip_bomb_is_refused_unopened():
    bomb = _edit(_book(_simple), SHEET, lambda c: c + b" " * 60 * 2**20)
    assert len(bomb) < 2**20
    assert "quá lớn" in _problem(bomb)
    assert "quá lớn" in _problem(_book(_simple) + bytes(5 * 2**20))


def test_a_part_that_lies_about_its_size_is_refused():
    whole = bytearray(_edit(_book(_simple), SHEET, lambda c: c + b" " * 2**20))
    for entry in zipfile.ZipFile(io.BytesIO(bytes(whole))).infolist():
        if entry.filename == SHEET:
            true = entry.file_size.to_bytes(4, "little")
    for at in [i for i in range(len(whole)) if whole[i : i + 4] == true]:
        whole[at : at + 4] = (2000).to_bytes(4, "little")
    assert "bị hỏng" in _problem(bytes(whole))


def test_cells_far_away_are_refused_by_name():
    far = _book(lambda book: book.add_worksheet().write("XFD1048576", 1))
    assert "ô XFD1048576" in _problem(far)
    assert open_workbook(_book(lambda book: book.add_worksheet().write("CZ19999", 1)))
    assert "ô A20000" in _problem(_book(lambda book: book.add_worksheet().write("A20000", 1)))
    assert "ô DA1" in _problem(_book(lambda book: book.add_worksheet().write("DA1", 1)))


def test_two_directories_in_one_zip_are_refused():
    """A second zip behind the first: readers that look for the directory elsewhere would see another file."""
    assert "bị hỏng" in _problem(_book(_simple) + _book(_simple))


def test_nothing_is_read_but_what_was_looked_at():
    """Root relationships that point to another workbook are not followed."""

    def other(book: xlsxwriter.Workbook) -> None:
        book.add_worksheet("Khác").write(0, 0, "khác")

    whole = _edit(_book(_simple), "_rels/.rels", lambda c: c.replace(b"xl/workbook.xml", b"xl/other.xml"))
    out = io.BytesIO(whole)
    with zipfile.ZipFile(out, "a") as book, zipfile.ZipFile(io.BytesIO(_book(other))) as source:
        book.writestr("xl/other.xml", source.read("xl/workbook.xml"))
    assert [sheet.name for sheet in open_workbook(out.getvalue())] == ["Đơn vị"]


def test_one_long_text_in_very_many_cells_is_refused():
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet()
        for row in range(10_000):
            sheet.write_string(row, 0, "x" * 32_000)

    assert "quá lớn" in _problem(_book(fill))


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY e "e">]><worksheet', 1),
        lambda c: c.replace(b'encoding="UTF-8"', b'encoding="UTF-7"'),
        lambda c: c.replace(b'<c r="B2"', b'<c  R="B2"'),
        lambda c: c.replace(b'<c r="B2"', b"<c"),
        lambda c: b"",
    ],
)
def test_a_sheet_not_written_as_spreadsheets_write_it_is_refused(change):
    assert _problem(_edit(_book(_simple), SHEET, change))
