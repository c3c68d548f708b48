"""Bad files: each is refused whole, with a message that names the file and the place."""

import datetime
import io
import random
import re
import struct
import zipfile

import pytest
import xlsxwriter

from hoctap.forms.definition import parse_definition
from hoctap.forms.sheets import SheetRefusal, Stamp, read_form, write_form
from hoctap.kernel.packages import MAX_BYTES
from tests.forms.sheets import SPEC, STAMP, edited, filled_form, place, repacked, with_cell
from tests.forms.test_definition import definition  # noqa: F401

E12 = place(5)  # line 1.2, người


def refusal(data: bytes, expected=None, name: str = "bao-cao-p5.xlsx") -> SheetRefusal:
    with pytest.raises(SheetRefusal) as refused:
        read_form(data, expected, name=name)
    message = refused.value.message
    assert message.startswith(f"Tệp {name}: ")
    assert message.endswith(" Chưa nhận gì từ tệp.")
    return refused.value


def told(data: bytes, expected=None) -> str:
    return refusal(data, expected).problem


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("khoảng 40", "ghi “khoảng 40”. Ô này chỉ nhận số nguyên từ 0; viết bằng chữ số."),
        (-3, "ghi “−3”. Ô này không nhận số âm; chỉ nhận số nguyên từ 0."),
        (12.5, "ghi “12,5”. Ô này phải là số nguyên; nhập 12 hoặc 13."),
        (1.234, "ghi “1,234”. Ô này phải là số nguyên; nhập 1 hoặc 2; nếu là 1.234 thì ghi 1234, không dấu."),
        ("1,234", "ghi “1,234”. Ô này viết dấu phẩy nên hiểu được hai cách; viết 1234 hoặc 1.234."),
        (
            10**19,
            "ghi “10.000.000.000.000.000.000”. Ô này lớn hơn mức cao nhất 10.000.000.000.000; kiểm tra lại.",
        ),
        (
            10**13 + 1,
            "ghi “10.000.000.000.001”. Ô này lớn hơn mức cao nhất 10.000.000.000.000; kiểm tra lại.",
        ),
        (True, "ghi “TRUE”. Ô này chỉ nhận số nguyên từ 0."),
        (
            datetime.date(2023, 10, 5),
            "ghi “05/10/2023”. Ô này đang có định dạng ngày, giờ; chỉ nhận số nguyên từ 0; đổi định dạng ô về Số.",
        ),
        ("=D12*2", "ghi “công thức”. Ô này không nhận công thức; ghi thẳng con số."),
        ("=1+1", "ghi “công thức”. Ô này không nhận công thức; ghi thẳng con số."),
    ],
)
def test_what_is_no_figure_is_named_with_its_cell(value, says):
    assert E12 == "E12"
    assert told(with_cell("E12", value)) == f"trang “Bieu”, ô E12 {says}"


def test_an_error_value_is_no_blank():
    def change(book):
        book["Bieu"]["E12"] = "#REF!"
        book["Bieu"]["E12"].data_type = "e"

    assert (
        told(edited(change))
        == "trang “Bieu”, ô E12 ghi “lỗi Excel”. Ô này đang báo lỗi của Excel; ghi lại con số."
    )


def test_a_formula_in_a_note_is_refused():
    assert "ô F12 ghi “công thức”" in told(with_cell("F12", '=HYPERLINK("http://x","y")'))


def test_every_wrong_cell_is_listed():
    def change(book):
        for ref, value in (("E12", "khoảng 40"), ("D14", -1), ("E20", 1.5)):
            book["Bieu"][ref] = value

    refused = refusal(edited(change))
    assert [place.cell for place in refused.where] == ["E12", "D14", "E20"]
    assert refused.places[1] == ("Bieu!D14", "Ghi “−1”. Ô này không nhận số âm; chỉ nhận số nguyên từ 0.")
    assert refused.problem.endswith("Còn 2 ô nữa phải sửa: D14, E20.")


def test_a_typed_over_total_must_agree():
    says = "trang “Bieu”, ô D9 ghi “20”. Dòng 1, lớp do các dòng con cộng lại, đang cộng được 2."
    assert told(with_cell("D9", 20)) == says
    assert read_form(with_cell("D9", 2)).figures[0] == 2


def test_an_edited_label():
    assert told(with_cell("B12", "Bồi dưỡng ngoại ngữ cho người dân")) == (
        "trang “Bieu”, ô B12 ghi “Bồi dưỡng ngoại ngữ cho người dân”. Biểu in là “Bồi dưỡng nâng cao trình độ ngoại"
        " ngữ cho cán bộ, công chức, viên chức (các cấp)”. Tải lại biểu rồi chép số sang."
    )


def test_an_edited_unit_of_measure():
    row = 8 + [line.number for line in SPEC.lines].index("10.1") + 1
    assert f"ô C{row} ghi “triệu đồng”. Biểu in là “đồng”" in told(with_cell(f"C{row}", "triệu đồng"))


@pytest.mark.parametrize(
    ("change", "cell"),
    [
        (lambda sheet: sheet.insert_rows(12), "B12"),
        (lambda sheet: sheet.delete_rows(12), "B12"),
        (lambda sheet: sheet.insert_cols(4), "E8"),
        (lambda sheet: sheet.delete_cols(4), "D7"),
    ],
)
def test_rows_and_columns_put_in_or_taken_out(change, cell):
    def spoil(book):
        for merged in list(book["Bieu"].merged_cells.ranges):
            book["Bieu"].unmerge_cells(str(merged))
        change(book["Bieu"])

    refused = refusal(edited(spoil))
    assert len(refused.where) == 1
    assert refused.where[0].cell[0] in "ABCDEF"
    assert "Tải lại biểu rồi chép số sang." in refused.problem
    if cell[0] == "B":
        assert refused.where[0].cell == cell
        assert "Có thể có hàng, cột bị chen vào hoặc bị xóa." in refused.problem


def test_a_figure_beside_the_table_is_not_lost_silently():
    assert told(with_cell("H12", 5)) == (
        "trang “Bieu”, ô H12 ghi “5”. Ô này nằm ngoài chỗ điền số; xóa hoặc chuyển vào cột Ghi chú."
    )


def test_a_figure_where_the_line_has_no_cell():
    assert f"ô E{place(28)[1:]} ghi “7”. Ô này nằm ngoài chỗ điền số" in told(
        with_cell(f"E{place(28)[1:]}", 7)
    )


def test_merged_figure_cells():
    assert "ô D12 đang trống. Ô này bị gộp với ô khác" in told(
        edited(lambda book: book["Bieu"].merge_cells("D12:E12"))
    )


def test_another_unit_s_name_over_the_file():
    assert told(with_cell("A5", "Đơn vị báo cáo: UBND Phường 6")) == (
        "trang “Bieu”, ô A5 ghi “Đơn vị báo cáo: UBND Phường 6”."
        " Tệp này cấp cho “UBND Phường 12”; mỗi đơn vị điền vào tệp của mình."
    )


def test_two_sheets():
    assert told(edited(lambda book: book.copy_worksheet(book["Bieu"]))) == (
        "phải có đúng một trang số liệu, đang có 2: “Bieu”, “Bieu Copy”. Bỏ trang thừa rồi gửi."
    )


def test_a_renamed_sheet():
    def change(book):
        book["Bieu"].title = "Phuong 12"

    assert told(edited(change)) == "trang “Bieu” đã bị đổi tên thành “Phuong 12”. Đặt lại tên cũ rồi gửi."


def other_version(definition, **changes):  # noqa: F811
    changed = definition | changes
    changed["lines"][2]["label"] += " khác"
    return parse_definition(changed)


def test_another_version_of_the_form(definition):  # noqa: F811
    newer = other_version(definition, version=2)
    assert told(filled_form(), newer) == (
        "là biểu mẫu bản 1, đợt báo cáo này dùng bản 2. Tải bản 2 rồi chép số sang."
    )
    assert "là biểu mẫu bản 2, đợt báo cáo này dùng bản 1." in told(write_form(newer, STAMP), SPEC)


def test_another_form(definition):  # noqa: F811
    other = other_version(definition, code="thang-khuyen-hoc", name="Tháng khuyến học")
    assert "là biểu “Tháng khuyến học”, đợt báo cáo này dùng biểu “Tổng hợp" in told(
        write_form(other, STAMP), SPEC
    )


def test_the_same_version_number_with_another_content(definition):  # noqa: F811
    assert "nội dung biểu đã bị sửa" in told(write_form(other_version(definition), STAMP), SPEC)


# Another text as unit_code or unit_name would be another unit: the heading and the receiver see to that.
SPOILT = [(key, value) for key in ("schema", "digest", "kind", "definition") for value in ("", "x", 5)]
SPOILT += [(key, value) for key in ("unit_code", "unit_name") for value in ("", 5)]


@pytest.mark.parametrize(("key", "value"), SPOILT)
def test_a_spoilt_mark(key, value):
    def change(book):
        for row in book["_hoctap"].iter_rows():
            if row[0].value == key:
                row[1].value = value

    assert "dấu biểu mẫu bị hỏng" in told(edited(change))


def test_a_file_without_our_mark_needs_a_form_to_be_read_against():
    assert "không có dấu của biểu mẫu" in told(edited(lambda book: book.remove(book["_hoctap"])))


# Containers


def encrypted() -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )


def macro_file() -> bytes:
    def change(parts):
        parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0"

    return repacked(change)


def macro_enabled() -> bytes:
    def change(parts):
        types = parts["[Content_Types].xml"]
        parts["[Content_Types].xml"] = types.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )

    return repacked(change)


def word_file() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "trống, không có gì bên trong."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "là Excel đời cũ (.xls), chỉ đổi tên"),
        (encrypted(), "có đặt mật khẩu nên không đọc được."),
        (macro_file(), "có chứa macro nên không nhận."),
        (macro_enabled(), "có chứa macro nên không nhận."),
        (b"%PDF-1.7\n" + bytes(100), "không phải tệp Excel .xlsx."),
        ("STT\tCác hoạt động".encode(), "không phải tệp Excel .xlsx."),
        (word_file(), "không phải tệp Excel .xlsx."),
        (filled_form()[:-1], "tệp bị hỏng hoặc gửi lên chưa hết."),
        (filled_form()[: len(filled_form()) // 2], "tệp bị hỏng hoặc gửi lên chưa hết."),
        (filled_form() + b"\n", "tệp bị hỏng hoặc gửi lên chưa hết."),
        (b"PK\x03\x04", "tệp bị hỏng hoặc gửi lên chưa hết."),
        (
            filled_form() + bytes(MAX_BYTES),
            "quá lớn. Xóa các hàng, cột, hình thừa",
        ),
    ],
    ids=[
        *("empty", "xls", "encrypted", "macro", "macro-type", "pdf", "text", "docx"),
        *("cut-one", "cut-half", "padded", "head-only", "5MB"),
    ],
)
def test_what_is_no_usable_workbook(data, says):
    assert says in told(data)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(SheetRefusal, match=r"^Tệp p5\.xlsx: không có tệp này"):
        read_form(tmp_path / "p5.xlsx")
    with pytest.raises(SheetRefusal, match="không đọc được"):
        read_form(tmp_path)


# Attacks: the guard must stop them before the reading library works on them.


def test_a_zip_bomb_is_not_unpacked():
    def change(parts):
        parts["xl/worksheets/sheet1.xml"] += b" " * 60_000_000

    data = repacked(change)
    assert len(data) < 200_000
    assert "quá lớn." in told(data)


def test_a_zip_that_lies_about_its_sizes():
    """The directory says 1,000 bytes, the part unpacks to 30 million."""

    def change(parts):
        parts["xl/sharedStrings.xml"] += b" " * 30_000_000

    data = bytearray(repacked(change))
    for signature, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        for found in re.finditer(re.escape(signature), bytes(data)):
            start = found.start()
            name_at = start + (46 if signature == b"PK\x01\x02" else 30)
            if data[name_at : name_at + 20] == b"xl/sharedStrings.xml":
                data[start + at : start + at + 4] = struct.pack("<I", 1000)
    assert "tệp bị hỏng" in told(bytes(data))


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (b'<c r="XFD1048576"><v>1</v></c>', "có ô XFD1048576 nằm quá xa."),
        (b'<c r="A20000"><v>1</v></c>', "có ô A20000 nằm quá xa."),
        (b'<c r="DA5"><v>1</v></c>', "có ô DA5 nằm quá xa."),
        (b"<c><v>1</v></c>", "tệp bị hỏng"),
        (b"<c r='XFD1048576'><v>1</v></c>", "tệp bị hỏng"),
        (b'<c x=" r=" r="XFD1048576"><v>1</v></c>', "tệp bị hỏng"),
        (b'<c r="A90" r="XFD1048576"><v>1</v></c>', "tệp bị hỏng"),
        (b'<x:c r="XFD1048576"><v>1</v></x:c>', "tệp bị hỏng"),
        (b"<!-- --><c r='A90'/>", "tệp bị hỏng"),
    ],
)
def test_cells_far_apart_never_reach_the_reading_library(cell, says):
    def change(parts):
        sheet = parts["xl/worksheets/sheet1.xml"]
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(
            b"</sheetData>", b'<row r="90">' + cell + b"</row></sheetData>"
        )

    assert says in told(repacked(change))


def test_shared_text_multiplied_by_many_cells():
    book = io.BytesIO()
    with xlsxwriter.Workbook(book) as workbook:
        sheet = workbook.add_worksheet()
        for row in range(1900):
            for col in range(10):
                sheet.write_string(row, col, "a" * 20_000)
    assert "quá lớn." in told(book.getvalue(), SPEC)


def test_a_document_type_in_the_xml():
    def change(parts):
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
            b"<workbook", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook', 1
        )

    assert "tệp bị hỏng" in told(repacked(change))


def test_a_sheet_in_another_encoding():
    def change(parts):
        text = parts["xl/worksheets/sheet1.xml"].decode()
        parts["xl/worksheets/sheet1.xml"] = text.replace("UTF-8", "UTF-16").encode("utf-16")

    assert "tệp bị hỏng" in told(repacked(change))


def test_no_spoilt_byte_ever_crashes_or_changes_the_figures_unseen():
    """Whatever one byte is changed to, the file is refused or reads as a whole form of the same version."""
    data, chance = filled_form(), random.Random(333)
    right = read_form(data)
    for _ in range(1500):
        spoilt = bytearray(data)
        spoilt[chance.randrange(len(data))] = chance.randrange(256)
        try:
            filled = read_form(bytes(spoilt))
        except SheetRefusal:
            continue
        assert filled.spec == right.spec
        assert filled.figures == right.figures


def test_no_spoilt_xml_ever_crashes():
    chance = random.Random(281)
    names = [
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
    ]
    for round_ in range(400):

        def change(parts, name=names[round_ % 4]):
            content = bytearray(parts[name])
            start = chance.randrange(len(content))
            content[start : start + chance.randrange(1, 30)] = chance.randbytes(chance.randrange(8))
            parts[name] = bytes(content)

        try:
            filled = read_form(repacked(change))
        except SheetRefusal:
            continue
        assert len(filled.figures) == SPEC.size


def test_the_stamp_of_another_program_is_not_trusted_beyond_its_form():
    """A copy for another unit is that unit's file: the heading and the mark agree."""
    other = write_form(SPEC, Stamp("Q3-P6", "UBND Phường 6"))
    assert read_form(other).stamp.unit_code == "Q3-P6"
