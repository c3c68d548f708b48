"""Appendices of words (slogans, outlines, empty forms) and what a text may hold besides paragraphs: PDF and Word."""

from io import BytesIO

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH

from hoctap.papers.content import Bullet, Centred, Paragraph, TextAppendix
from hoctap.papers.docx import render_docx
from hoctap.papers.pdf import render_pdf
from hoctap.papers.tables import SIZES, lay_out, text_table

from . import sample
from .looking import flat, line, lines, opened

# The first slogans of plan 333/KH-UBND and the head of the table at its end.
SLOGANS = TextAppendix(
    title="Khẩu hiệu\ntuyên truyền Tuần lễ hưởng ứng học tập suốt đời",
    caption="(Định kèm Kế hoạch số 333/KH-UBND ngày 02 tháng 10 năm 2023 của UBND Q3)",
    blocks=(
        Paragraph("1. Treo tại các cơ quan đơn vị."),
        Bullet("Học, học nữa, học mãi (Lenin)."),
    ),
)
FORM = [
    ("STT", "Các hoạt động", "Đơn vị", "Số lượng", "", "Ghi chú"),
    ("", "", "", "Số lớp/số cuộc thi", "Người", ""),
    ("1", "Các lớp bồi dưỡng, tập huấn tổ chức trong Tuần lễ", "lớp", "", "", ""),
    ("", "Bồi dưỡng nâng cao trình độ chuyên môn nghiệp vụ cho cán bộ (các cấp)", "lớp/người", "", "", ""),
]
BODY = (
    Centred("QUYẾT ĐỊNH:"),
    Paragraph("**Điều 1.** Báo cáo *trước ngày* 13/10/2023.", marked=True),
    Paragraph("2 **ba** 4"),
    text_table(FORM),
)


@pytest.fixture(scope="module")
def paper():
    empty = TextAppendix(title="", blocks=(text_table(FORM),))
    return sample.plan(body=BODY, appendices=(SLOGANS, empty), demo=True)


@pytest.fixture(scope="module")
def pdf(paper):
    with opened(render_pdf(paper)) as pages:
        yield pages.pages


@pytest.fixture(scope="module")
def word(paper):
    return docx.Document(BytesIO(render_docx(paper)))


def test_slogans_stand_upright_under_their_name_and_title(pdf):
    page = pdf[1]
    assert (round(float(page.width)), round(float(page.height))) == (595, 842)
    heads = [line(page, start) for start in ("Phụ lục I", "KHẨU HIỆU", "TUYÊN TRUYỀN TUẦN LỄ")]
    assert {(one.face, one.size) for one in heads} == {("Tinos-Bold", 14)}
    caption = line(page, "(Định kèm Kế hoạch số 333/KH-UBND")
    assert (caption.face, caption.size) == ("Tinos-Italic", 14)
    assert all(one.centre == pytest.approx(112.5, abs=1) for one in (*heads, caption))
    slogan = line(page, "- Học, học nữa, học mãi (Lenin).")
    assert (slogan.face, slogan.left) == ("Tinos-Regular", pytest.approx(42.7, abs=0.3))
    assert flat(page).count("Số liệu minh họa") == 2
    assert "./." not in flat(page)


def test_an_empty_form_lies_within_the_margins_of_an_upright_page(pdf):
    page = pdf[2]
    assert lines(page)[1].text == "Phụ lục II"
    (table,) = page.find_tables()
    assert table.bbox[0] * 25.4 / 72 == pytest.approx(30, abs=0.5)
    assert table.bbox[2] * 25.4 / 72 == pytest.approx(195, abs=0.5)
    rows = [["" if cell is None else " ".join(cell.split()) for cell in row] for row in table.extract()]
    assert rows[0] == ["STT", "Các hoạt động", "Đơn vị", "Số lượng", "", "Ghi chú"]
    assert rows[1][3:5] == ["Số lớp/số cuộc thi", "Người"]
    assert [row[0] for row in rows[2:]] == ["1", ""]


def test_marks_centred_lines_and_tables_in_the_text(pdf):
    page = pdf[0]
    decided = line(page, "QUYẾT ĐỊNH:")
    assert (decided.face, decided.centre) == ("Tinos-Bold", pytest.approx(112.5, abs=0.5))
    faces = {"Tinos-Bold", "Tinos-Italic", "Tinos-Regular"}
    assert set(line(page, "Điều 1. Báo cáo trước ngày 13/10/2023.").face.split("/")) == faces
    assert line(page, "2 **ba** 4").face == "Tinos-Regular"
    assert len(page.find_tables()) == 1
    assert line(page, "Nơi nhận:", right=105).top > page.find_tables()[0].bbox[3] * 25.4 / 72


def test_the_same_in_word(word):
    styles = [(p.text, p.style.name) for p in word.paragraphs if p.text]
    at = styles.index(("Phụ lục I", "Phụ lục"))
    assert [style for _, style in styles[at : at + 6]] == [
        *("Phụ lục", "Phụ lục, tên", "Phụ lục, kèm theo", "Phụ lục, kèm theo", "Nội dung", "Nội dung")
    ]
    assert styles[at + 5][0] == "- Học, học nữa, học mãi (Lenin)."
    assert [section.page_width.mm for section in word.sections] == pytest.approx([210] * 3, abs=0.1)
    (centred,) = [p for p in word.paragraphs if p.style.name == "Giữa trang"]
    assert centred.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    (article,) = [p for p in word.paragraphs if p.text.startswith("Điều 1.")]
    assert [(run.text, run.bold, run.italic) for run in article.runs] == [
        ("Điều 1.", True, None),
        (" Báo cáo ", None, None),
        ("trước ngày", None, True),
        (" 13/10/2023.", None, None),
    ]
    in_text, _signature, in_appendix = word.tables[1:]
    assert in_text.rows[2].cells[1].text == in_appendix.rows[2].cells[1].text == FORM[2][1]


@pytest.mark.parametrize(
    ("rows", "labels", "groups", "left"),
    [
        (FORM, ["STT", "Các hoạt động", "Đơn vị", "Số lớp/số cuộc thi", "Người", "Ghi chú"], 2, 2),
        ([("Đơn vị", "Số lớp"), ("UBND Phường 1", "4")], ["Đơn vị", "Số lớp"], 0, 1),
        ([("Đơn vị", "", "Số"), ("", "", "4")], ["Đơn vị", "", "Số"], 0, 1),  # not a second heading
        ([("Một dòng", "thôi")], ["Một dòng", "thôi"], 0, 0),
    ],
)
def test_the_heading_of_a_table_in_a_text(rows, labels, groups, left):
    table = text_table(rows)
    assert [column.label for column in table.columns] == labels
    assert sum(bool(column.group) for column in table.columns) == groups
    assert len(table.rows) == left


def test_a_table_too_wide_for_a_page_goes_on_below():
    table = text_table([[f"Cột số {n}" for n in range(14)], ["một chữ dài"] * 14])
    laid = lay_out(table, 165)
    assert laid.size in SIZES and len(laid.bands) > 1
    assert all(sum(band.widths) <= 165.1 for band in laid.bands)
    assert {place for band in laid.bands for place in band.columns} == set(range(14))
