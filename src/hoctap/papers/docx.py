"""Papers as DOCX for officers to go on with: the layout of :mod:`hoctap.papers.pdf` in Word's own means.

Real styles (navigation by headings), a page-number field in the header with a different first page,
a section on its side for the appendix, heading rows that repeat.
"""

from collections.abc import Iterable
from io import BytesIO

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from . import wording
from .content import Appendix, Block, Centred, FigureTable, Heading, Paper, TableAppendix, TextAppendix
from .letters import width
from .tables import MM, lay_out
from .word import bare_table, page_number, put, rule, small
from .word_styles import define_styles
from .word_tables import add_figures
from .wording import caps, clean

HEAD_WIDTHS = (66.0, 99.0)  # issuer, motto: millimetres
SIGN_WIDTHS = (75.0, 90.0)
TEXT_WIDTH, WIDE_TEXT_WIDTH = 165.0, 252.0
SUBJECT_WIDTH = 150.0
_RULE_SHARE = 0.4  # of the text above it; the decree allows 1/3 to 1/2
_EVEN, _EVEN_BOX = 1.15, 1.3  # room for lines that break a little late; in a narrow box by a whole word


def render_docx(paper: Paper) -> bytes:
    """The paper as a Word document, set in Times New Roman, language vi-VN."""
    document = docx.Document()
    define_styles(document)
    _describe(document, paper)
    _set_page(document.sections[0], landscape=False)
    _set_margins_text(document.sections[0], paper)
    _add_head(document, paper)
    _add_title(document, paper)
    _add_addressees(document, paper)
    _add_body(document, paper)
    _add_signature(document, paper)
    for position, part in enumerate(paper.appendices, 1):
        _add_appendix(document, paper, part, wording.appendix_name(position, len(paper.appendices)))
    if not paper.appendices:
        small(document.add_paragraph())
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _describe(document: WordDocument, paper: Paper) -> None:
    about = document.core_properties
    about.title = f"{clean(paper.kind or '')} {clean(paper.subject)}".replace("\n", " ").strip()[:255]
    about.author = about.last_modified_by = clean(paper.issuing_body).replace("\n", " ")[:255]
    about.comments, about.language = "", "vi-VN"


def _set_page(section: Section, *, landscape: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    section.gutter = 0


def _set_margins_text(section: Section, paper: Paper) -> None:
    """Page number from page 2 on; the demo line at the foot of every page."""
    section.different_first_page_header_footer = True
    page_number(section.header.paragraphs[0])
    for footer in (section.footer, section.first_page_footer):
        footer.is_linked_to_previous = False
        footer.paragraphs[0].add_run(wording.DEMO if paper.demo else "")
        footer.paragraphs[0].style = "Chân trang"
    section.header.paragraphs[0].style = "Số trang"
    section.first_page_header.is_linked_to_previous = False


def _natural_width(text: str, size: float, bold: bool = False) -> float:
    """How long the longest line of a text is, in millimetres."""
    return max(width(line, bold=bold) for line in text.split("\n")) * size * MM


def _break_evenly(paragraph: Paragraph, inside: float, widest: float, room: float) -> float:
    """Indent a centred text longer than ``widest`` so that its lines come out about equally long; that length.

    Left as it is where somebody chose the ends of its lines.
    """
    text, font = paragraph.text, paragraph.style.font
    natural = _natural_width(text, font.size.pt, bool(font.bold))
    length = natural / -(-natural // widest)
    if "\n" not in text and length < natural:
        side = Mm(max(0.0, (inside - length * room) / 2))
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = side
    return length


def _add_head(document: WordDocument, paper: Paper) -> None:
    table = bare_table(document, HEAD_WIDTHS, rows=2)
    (issuer, motto), (number, dated) = (row.cells for row in table.rows)
    left, right = HEAD_WIDTHS
    if paper.parent_body:
        parent = put(issuer, caps(paper.parent_body), "Cơ quan chủ quản")
        _break_evenly(parent, left, left, _EVEN_BOX)
    name = put(issuer, caps(paper.issuing_body), "Cơ quan ban hành")
    length = _break_evenly(name, left, left, _EVEN_BOX)
    rule(put(issuer, "", "Gạch"), left, length * _RULE_SHARE)
    if paper.shows_motto:
        put(motto, wording.COUNTRY, "Quốc hiệu")
        put(motto, wording.MOTTO, "Tiêu ngữ")
        rule(put(motto, "", "Gạch"), right, _natural_width(wording.MOTTO, 13, bold=True))
    if text := wording.number_line(paper):
        put(number, text, "Số ký hiệu")
    if not paper.kind:
        put(number, wording.about(paper), "Trích yếu công văn")
    put(dated, wording.place_and_date(paper), "Địa danh và thời gian")


def _add_title(document: WordDocument, paper: Paper) -> None:
    if not paper.kind:
        return
    document.add_paragraph(caps(paper.kind), "Tên loại")
    subject = document.add_paragraph(clean(paper.subject), "Trích yếu")
    length = _break_evenly(subject, TEXT_WIDTH, SUBJECT_WIDTH, _EVEN)
    rule(document.add_paragraph(style="Gạch"), TEXT_WIDTH, length * _RULE_SHARE)


def _add_addressees(document: WordDocument, paper: Paper) -> None:
    if len(paper.addressees) == 1:
        added = [document.add_paragraph(f"Kính gửi: {clean(paper.addressees[0])}", "Kính gửi")]
    else:
        places = wording.dashed(paper.addressees)
        longest = max((_natural_width(place, 14) for place in places), default=0.0)
        lead = _natural_width("Kính gửi", 14)
        left = max(0.0, (TEXT_WIDTH - lead - longest) / 2)
        added = [document.add_paragraph(text, "Kính gửi") for text in ("Kính gửi:", *places) if places]
        for paragraph in added:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
            paragraph.paragraph_format.left_indent = Mm(left + lead)
        for paragraph in added[:1]:
            paragraph.paragraph_format.left_indent = Mm(left)
    for paragraph in added[:1]:
        paragraph.paragraph_format.space_before = Pt(14)
    for paragraph in added[-1:]:
        paragraph.paragraph_format.space_after = Pt(12)


def _add_body(document: WordDocument, paper: Paper) -> None:
    for base in wording.ended(paper.bases):
        document.add_paragraph(base, "Căn cứ")
    _add_blocks(document, wording.body_blocks(paper))
    if paper.body:
        document.paragraphs[-1].paragraph_format.keep_with_next = True  # no signature on a page without text


def _add_blocks(document: WordDocument, blocks: Iterable[Block]) -> None:
    for block in blocks:
        if isinstance(block, FigureTable):
            _add_table(document, block)
            continue
        paragraph = document.add_paragraph(style=_style_of(block))
        for run in wording.runs_of(block):
            added = paragraph.add_run(run.text)
            added.bold, added.italic = run.mark == "b" or None, run.mark == "i" or None


def _style_of(block: Block) -> str:
    if isinstance(block, Heading):
        return f"Heading {block.level}"
    return "Giữa trang" if isinstance(block, Centred) else "Nội dung"


def _add_table(document: WordDocument, table: FigureTable) -> None:
    """A table in the text; its further columns follow below, apart (Word joins tables that touch)."""
    laid = lay_out(table, TEXT_WIDTH)
    for band in laid.bands:
        add_figures(document, table, band, laid.size)
        small(document.add_paragraph())


def _add_signature(document: WordDocument, paper: Paper) -> None:
    left, right = bare_table(document, SIGN_WIDTHS, rows=1).rows[0].cells
    if paper.recipients:
        put(left, "Nơi nhận:", "Nơi nhận")
        for line in wording.dashed(paper.recipients):
            put(left, line, "Nơi nhận, dòng")
    for title in (*paper.sign.authority, paper.sign.position):
        put(right, caps(title), "Chức vụ người ký")
    put(right, clean(paper.sign.name), "Họ tên người ký")
    for cell in (left, right):
        cell.paragraphs[0].paragraph_format.space_before = Pt(10)


def _add_appendix(document: WordDocument, paper: Paper, part: Appendix, name: str) -> None:
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    _set_page(section, landscape=isinstance(part, TableAppendix) and part.landscape)
    small(document.paragraphs[-1])
    document.add_paragraph(name, "Phụ lục")
    if part.title:
        document.add_paragraph(caps(part.title), "Phụ lục, tên")
    for line in (clean(part.caption), wording.DEMO if paper.demo else ""):
        if line:
            document.add_paragraph(line, "Phụ lục, kèm theo")
    if isinstance(part, TextAppendix):
        _add_blocks(document, wording.written_out(part.blocks))
    else:
        _add_bands(document, part, name)


def _add_bands(document: WordDocument, part: TableAppendix, name: str) -> None:
    laid = lay_out(part.table, WIDE_TEXT_WIDTH if part.landscape else TEXT_WIDTH)
    for place, band in enumerate(laid.bands, 1):
        if place > 1:
            more = document.add_paragraph(
                f"{name} (tiếp theo), bảng {place}/{len(laid.bands)}", "Phụ lục, tiếp"
            )
            more.paragraph_format.page_break_before = True
        add_figures(document, part.table, band, laid.size)
    for note in part.notes:
        document.add_paragraph(clean(note), "Phụ lục, ghi chú")
    if not part.notes:
        small(document.add_paragraph())
