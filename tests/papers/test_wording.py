"""Dates, numbers and ends of lists as the decree and the source documents write them."""

from datetime import date

import pytest

from hoctap.papers import wording
from hoctap.papers.content import Bullet, FigureTable, Heading, Paragraph, Row
from hoctap.papers.tables import FigureLine, consolidated_table, form_table

from . import sample


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2023, 10, 2), "ngày 02 tháng 10 năm 2023"),  # 333/KH-UBND
        (date(2022, 2, 8), "ngày 08 tháng 02 năm 2022"),  # 32/CĐYT
        (date(2023, 9, 29), "ngày 29 tháng 9 năm 2023"),  # 245/LĐLĐ
        (date(2024, 1, 31), "ngày 31 tháng 01 năm 2024"),
    ],
)
def test_days_to_nine_and_the_first_two_months_carry_a_zero(day, words):
    assert wording.date_words(day) == words


def test_number_line_for_every_style_in_use():
    def printed(number):
        return wording.number_line(sample.plan(number=number)).replace("\u00a0", "_")

    assert printed("245/LĐLĐ") == "Số: 245/LĐLĐ"
    assert printed("305-CV/BTGQU") == "Số: 305-CV/BTGQU"
    assert printed("42/KH-SGDĐT-HKH") == "Số: 42/KH-SGDĐT-HKH"
    assert printed("32 /CDYT") == "Số: 32 /CDYT"
    assert printed("/BC-UBND") == "Số:________/BC-UBND"
    assert printed("      /BC-UBND") == "Số:________/BC-UBND"
    assert printed("") == ""


def test_about_line_is_not_doubled():
    assert wording.about(sample.union_letter(subject="V/v thực hiện Đề án")) == "V/v thực hiện Đề án"
    assert wording.about(sample.union_letter(subject="thực hiện Đề án")) == "V/v thực hiện Đề án"


def test_lists_end_with_semicolons_and_a_full_stop():
    assert wording.ended(["Một;", "Hai.", "", "Ba v.v..."]) == ["Một;", "Hai;", "Ba v.v...."]
    assert wording.dashed(["- Như trên;", "Lưu: VT."]) == ["- Như trên;", "- Lưu: VT."]
    assert wording.ended([]) == []


@pytest.mark.parametrize(
    ("last", "printed"),
    [
        ("Đề nghị thực hiện.", "Đề nghị thực hiện./."),
        ("Đề nghị thực hiện", "Đề nghị thực hiện./."),
        ("Đề nghị thực hiện./.", "Đề nghị thực hiện./."),
        ("lớp, khóa học...", "lớp, khóa học.../."),
        ("như sau:", "như sau./."),
    ],
)
def test_end_mark_closes_the_last_sentence(last, printed):
    paper = sample.plan(body=(Paragraph("Đoạn đầu."), Paragraph(last)))
    assert [block.text for block in wording.body_blocks(paper)] == ["Đoạn đầu.", printed]


def test_body_is_one_block_a_paragraph_with_its_dashes():
    paper = sample.plan(
        body=(
            Heading("I. A"),
            Paragraph("Một.\r\n\r\n  Hai. "),
            Bullet("- Ba;"),
            Bullet("-5 độ", 2),
            Heading("II. B"),
        )
    )
    assert [block.text for block in wording.body_blocks(paper)] == [
        "I. A",
        "Một.",
        "Hai.",
        "- Ba;",
        "+ -5 độ",
        "II. B",
    ]


def test_cells_tell_nothing_reported_from_zero_and_from_no_cell():
    assert [wording.cell_text(value) for value in (None, 0, "", 1234567, -5)] == [
        "–",
        "0",
        "",
        "1.234.567",
        "−5",
    ]


def test_appendices_are_numbered_in_roman_only_when_several():
    assert wording.appendix_name(1, 1) == "Phụ lục"
    names = [wording.appendix_name(n, 14) for n in (1, 2, 4, 9, 14)]
    assert names == ["Phụ lục I", "Phụ lục II", "Phụ lục IV", "Phụ lục IX", "Phụ lục XIV"]


def test_form_table_has_the_columns_of_the_document():
    table = form_table(sample.lines())
    assert [column.label for column in table.columns] == [
        "STT",
        "Các hoạt động",
        "Đơn vị",
        "Số lớp/số cuộc thi",
        "Người",
        "Ghi chú",
    ]
    assert [column.group for column in table.columns] == ["", "", "", "Số lượng", "Số lượng", ""]
    assert [row.cells[:3] for row in table.rows] == [line[:3] for line in sample.FORM_333]


def test_coverage_names_the_measures_only_where_they_differ():
    def coverage(unit, *counted):
        values = (1, 2) if len(counted) == 2 else (1,)
        line = FigureLine("", "x", unit, values, counted=counted)
        return consolidated_table([line], expected=26).rows[0].cells[-1]

    assert coverage("lớp/người", 25, 25) == "25/26"
    assert coverage("lớp", 25, None) == "25/26"
    assert coverage("lớp/người", 25, 11) == "lớp: 25/26\nngười: 11/26"
    assert coverage("Tin, bài/ cuộc/ x", 25, 11) == "25/26; 11/26"
    assert coverage("", None, None) == ""


def test_a_row_that_does_not_fit_its_columns_is_refused():
    columns = form_table([]).columns
    with pytest.raises(ValueError, match="row 1: 2 cells for 6 columns"):
        FigureTable(columns, (Row((1, 2)),), key=3, main=6)
    with pytest.raises(ValueError, match="key 0"):
        FigureTable(columns, (), key=0, main=6)
