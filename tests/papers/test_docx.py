"""The Word document, read back with python-docx: Word's own structures, not look-alikes."""

import zipfile
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from hoctap.papers.content import Paragraph
from hoctap.papers.docx import render_docx

from . import sample


def opened(paper):
    return docx.Document(BytesIO(render_docx(paper)))


@pytest.fixture(scope="module")
def report():
    return opened(sample.report())


def texts(cell):
    return [paragraph.text for paragraph in cell.paragraphs if paragraph.text]


def paragraph(document, start):
    (found, *_) = [p for p in document.paragraphs if p.text.startswith(start)]
    return found


def shape(found):
    """Size in points, bold, italic, as the paragraph's style has them."""
    font = found.style.font
    return font.size.pt, bool(font.bold), bool(font.italic)


def test_sections_are_upright_then_on_their_side_with_the_margins(report):
    upright, side = report.sections
    assert (round(upright.page_width.mm), round(upright.page_height.mm)) == (210, 297)
    assert (round(side.page_width.mm), round(side.page_height.mm)) == (297, 210)
    assert side.orientation == WD_ORIENT.LANDSCAPE
    for section in (upright, side):
        margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
        assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]


def test_page_number_is_a_field_hidden_on_the_first_page_only(report):
    upright, side = report.sections
    assert upright.different_first_page_header_footer
    assert not side.different_first_page_header_footer
    assert side.header.is_linked_to_previous
    (number,) = upright.header.paragraphs
    assert [code.text for code in number._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert number.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert number.style.font.size.pt == 13
    assert not upright.first_page_header.is_linked_to_previous
    assert "".join(p.text for p in upright.first_page_header.paragraphs) == ""


def test_head_boxes(report):
    (issuer, motto), (number, dated) = (row.cells for row in report.tables[0].rows)
    assert texts(issuer) == ["ỦY BAN NHÂN DÂN QUẬN 3", "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO"]
    assert [shape(p) for p in issuer.paragraphs if p.text] == [(12, False, False), (12, True, False)]
    assert texts(motto) == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert [shape(p) for p in motto.paragraphs if p.text] == [(12, True, False), (13, True, False)]
    assert texts(number) == ["Số: 215/BC-GDĐT"]
    assert shape(number.paragraphs[0]) == (13, False, False)
    assert texts(dated) == ["Quận 3, ngày 13 tháng 10 năm 2023"]
    assert shape(dated.paragraphs[0]) == (13, False, True)
    assert [round(cell.width.mm) for cell in report.tables[0].rows[0].cells] == [66, 99]


def rule_length(found, inside):
    assert found._p.find(f".//{qn('w:pBdr')}/{qn('w:top')}") is not None
    return inside - found.paragraph_format.left_indent.mm - found.paragraph_format.right_indent.mm


def test_rules_under_motto_issuer_and_subject(report):
    issuer, motto = report.tables[0].rows[0].cells
    assert rule_length(motto.paragraphs[-1], 99) == pytest.approx(56.1, abs=0.2)  # the motto's own width
    assert 65.8 / 3 <= rule_length(issuer.paragraphs[-1], 66) <= 65.8 / 2
    under = report.paragraphs[[p.style.name for p in report.paragraphs].index("Gạch")]
    longest = 91.4  # "Kết quả tổ chức Tuần lễ hưởng ứng học tập" in bold 14 points, millimetres
    assert longest / 3 <= rule_length(under, 165) <= longest / 2


def test_title_addressees_body_and_headings(report):
    kind, subject = paragraph(report, "BÁO CÁO"), paragraph(report, "Kết quả tổ chức")
    assert shape(kind) == shape(subject) == (14, True, False)
    assert kind.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert paragraph(report, "- Ủy ban").text == "- Ủy ban nhân dân Quận 3;"
    assert paragraph(report, "- Sở Giáo").text == "- Sở Giáo dục và Đào tạo Thành phố Hồ Chí Minh."
    body = paragraph(report, "Thực hiện Kế hoạch").style
    assert body.font.size.pt == 14
    assert body.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert body.paragraph_format.first_line_indent.mm == pytest.approx(12.7, abs=0.05)
    assert body.paragraph_format.space_before.pt + body.paragraph_format.space_after.pt >= 6
    assert 1 <= body.paragraph_format.line_spacing <= 1.5
    headings = {p.text: p.style for p in report.paragraphs if p.style.name.startswith("Heading")}
    assert headings["I. TÌNH HÌNH TỔ CHỨC THỰC HIỆN"].name == "Heading 1"
    assert headings["1. Công tác chỉ đạo"].name == "Heading 2"
    assert headings["a) Hoạt động cấp quận"].name == "Heading 3"
    assert [bool(headings[t].font.bold) for t in list(headings)[:2]] == [True, True]
    assert not headings["a) Hoạt động cấp quận"].font.bold
    last = paragraph(report, "Trên đây là báo cáo")
    assert last.text.endswith("Phòng Giáo dục và Đào tạo./.")
    assert last.paragraph_format.keep_with_next


def test_bases_are_italic():
    plan = opened(sample.plan())
    assert shape(paragraph(plan, "Căn cứ Kế hoạch số 4753")) == (14, False, True)


def test_recipients_and_signature_side_by_side(report):
    left, right = report.tables[1].rows[0].cells
    assert texts(left) == ["Nơi nhận:", "- Như trên;", "- Các trường MN, TH, THCS;", "- Lưu: VT, GDTX."]
    assert [shape(p) for p in left.paragraphs] == [(12, True, True), *[(11, False, False)] * 3]
    assert texts(right) == ["TRƯỞNG PHÒNG", "Nguyễn Văn Minh Họa"]
    assert {shape(p) for p in right.paragraphs} == {(14, True, False)}
    assert report.tables[1].rows[0]._tr.find(f".//{qn('w:cantSplit')}") is not None


def test_figure_table_repeats_its_headings_and_keeps_rows_whole(report):
    table = report.tables[2]
    heads = [row for row in table.rows if row._tr.find(f".//{qn('w:tblHeader')}") is not None]
    assert len(heads) == 2
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in table.rows)
    assert [cell.text for cell in heads[0].cells] == [
        "STT",
        "Các hoạt động",
        "Đơn vị",
        "Số lượng",
        "Số lượng",
        "Ghi chú",
        "Số đơn vị có số liệu",
    ]
    assert [cell.text for cell in heads[1].cells][3:5] == ["Số lớp/số cuộc thi", "Người"]
    rows = [[cell.text for cell in row.cells] for row in table.rows[2:]]
    assert [row[:3] for row in rows] == [list(line[:3]) for line in sample.FORM_333]
    assert rows[8][3:5] == ["35", "3.386"]
    figure = table.rows[10].cells[4].paragraphs[0]
    assert figure.alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert [run.bold for run in table.rows[2].cells[1].paragraphs[0].runs] == [True]


def test_units_go_to_further_tables_on_new_pages():
    document = opened(sample.report(16))
    assert len(document.tables) == 2 + 5
    more = [p for p in document.paragraphs if p.text.startswith("Phụ lục (tiếp theo)")]
    assert len(more) == 4
    assert all(p.paragraph_format.page_break_before for p in more)
    units = {cell.text for table in document.tables[3:] for cell in table.rows[0].cells}
    assert units >= set(sample.UNITS)


def test_one_face_one_language_no_stacked_empty_paragraphs(report):
    for style in report.styles:
        if style.name in ("Normal", "Heading 1", "Nội dung", "Trích yếu", "Bảng số liệu 12"):
            fonts = style.element.rPr.rFonts
            assert {fonts.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "eastAsia", "cs")} == {
                "Times New Roman"
            }
    with zipfile.ZipFile(BytesIO(render_docx(sample.plan()))) as parts:
        styles = parts.read("word/styles.xml").decode()
    assert 'w:lang w:val="vi-VN"' in styles
    blanks = [not p.text and p.style.name != "Gạch" for p in report.paragraphs]
    assert not any(a and b for a, b in pairwise(blanks))
    assert sum(blanks) <= 1  # the one Word needs to hold the section break


def test_letter_and_union_variant():
    letter = opened(sample.union_letter())
    (_, motto), (number, _) = (row.cells for row in letter.tables[0].rows)
    assert texts(motto) == []
    assert texts(number)[0] == "Số: 245/LĐLĐ"
    assert texts(number)[1].startswith("V/v tổ chức tuần lễ")
    assert paragraph(letter, "Kính gửi").text == "Kính gửi: Ban Chấp hành Công đoàn cơ sở trực thuộc"
    told = opened(sample.union_letter(motto=True))
    assert texts(told.tables[0].rows[0].cells[1])[0].startswith("CỘNG HÒA")


def test_demo_line_stands_at_the_foot_of_every_page(report):
    section = report.sections[0]
    assert section.footer.paragraphs[0].text == "Số liệu minh họa"
    assert section.first_page_footer.paragraphs[0].text == "Số liệu minh họa"
    assert report.sections[1].footer.is_linked_to_previous
    assert opened(sample.plan()).sections[0].footer.paragraphs[0].text == ""


def test_markup_in_texts_comes_out_as_plain_text():
    row = replace(sample.lines()[0], label=sample.NASTY, note="=1+1")
    table = sample.consolidated_table([row], expected=26)
    document = opened(
        sample.report(
            subject=sample.NASTY,
            body=(Paragraph(f"{sample.NASTY}\x00\x0b\ufffe"),),
            appendices=(replace(sample.appendix(), caption=sample.NASTY, table=table),),
        )
    )
    assert paragraph(document, sample.NASTY[:7]).text == sample.NASTY
    assert [p.text for p in document.paragraphs].count(f"{sample.NASTY}./.") == 1
    assert document.tables[2].rows[2].cells[1].text == sample.NASTY
    assert document.tables[2].rows[2].cells[5].text == "=1+1"
    assert document.core_properties.title == f"BÁO CÁO {sample.NASTY}"
