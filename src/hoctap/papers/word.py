"""What Word needs and python-docx has no word for: faces, rules, page fields, bare and ruled tables."""

from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FACE = "Times New Roman"
LANGUAGE = "vi-VN"
_NAMES = ("ascii", "hAnsi", "eastAsia", "cs")


def element(name: str, **attributes: str | int | float) -> BaseOxmlElement:
    """``element("w:sz", val=28)``: one element of WordprocessingML with attributes of its namespace."""
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def twips(millimetres: float) -> int:
    """Twentieths of a point, Word's unit of length in tables."""
    return round(millimetres / 25.4 * 1440)


def set_face(style: ParagraphStyle, size: float, *, bold: bool = False, italic: bool = False) -> None:
    style.font.name = FACE
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
    fonts = style.element.rPr.rFonts
    fonts.attrib.clear()
    for name in _NAMES:
        fonts.set(qn(f"w:{name}"), FACE)
    color = style.element.rPr.find(qn("w:color"))
    if color is not None:
        style.element.rPr.remove(color)


def set_up(document: WordDocument) -> None:
    """Vietnamese throughout, and today's Word rather than its compatibility mode."""
    (mode,) = document.settings.element.xpath(".//w:compatSetting[@w:name='compatibilityMode']")
    mode.set(qn("w:val"), "15")
    defaults = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    defaults.append(element("w:lang", val=LANGUAGE, eastAsia=LANGUAGE, bidi="ar-SA"))


def spacing(style: ParagraphStyle, *, before: float = 0, after: float = 0, line: float = 1.0) -> None:
    """Room before and after in points; ``line`` is a multiple of the single line."""
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), line


def rule(paragraph: Paragraph, inside: float, width: float) -> None:
    """Make an empty paragraph a centred rule ``width`` mm long inside a box ``inside`` mm wide."""
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(4)
    shape.left_indent = shape.right_indent = Mm((inside - width) / 2)
    borders = element("w:pBdr")
    borders.append(element("w:top", val="single", sz=6, space=1, color="000000"))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def small(paragraph: Paragraph) -> None:
    """Word wants a paragraph after a table and at a section's end: as low as it goes."""
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    shape.space_before = shape.space_after = Pt(0)


def page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in ("begin", None, "end"):
        run = paragraph.add_run()
        if part:
            run._r.append(element("w:fldChar", fldCharType=part))
        else:
            code = element("w:instrText")
            code.text = "PAGE"
            run._r.append(code)


def bare_table(document: WordDocument, widths: tuple[float, ...], rows: int) -> Table:
    """Boxes side by side: no rules, no padding, each row kept on one page."""
    table = document.add_table(rows=rows, cols=len(widths))
    set_grid(table, widths, padding=0, ruled=False)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)
    return table


def set_grid(table: Table, widths: tuple[float, ...], *, padding: float, ruled: bool) -> None:
    """Fixed column widths and cell padding in millimetres; all cells ruled, or none."""
    table.autofit = False
    properties = table._tbl.tblPr
    for name in ("w:tblW", "w:tblStyle"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    successors = ("w:jc", "w:tblBorders", "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    properties.insert_element_before(element("w:tblW", w=twips(sum(widths)), type="dxa"), *successors)
    if ruled:
        borders = element("w:tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(element(f"w:{side}", val="single", sz=4, space=0, color="000000"))
        properties.insert_element_before(borders, *successors[2:])
    margins = element("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", w=twips(padding), type="dxa"))
    properties.insert_element_before(margins, "w:tblLook")
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(twips(width)))


def put(cell: _Cell, text: str, style: str) -> Paragraph:
    """A paragraph into a cell; the first one takes the place of the empty one every cell starts with."""
    fresh = (
        len(cell.paragraphs) == 1
        and not cell.paragraphs[0].runs
        and cell.paragraphs[0].style.name == "Normal"
    )
    paragraph = cell.paragraphs[0] if fresh else cell.add_paragraph()
    paragraph.style = style
    if text:
        paragraph.add_run(text)
    return paragraph
