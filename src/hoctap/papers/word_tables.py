"""Figure tables in Word, built element by element: python-docx takes seconds over a wide one."""

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement

from .content import FigureTable
from .tables import PADDING, Band, HeadCell, head
from .word import element, set_grid, twips
from .word_styles import define_table_style
from .wording import cell_text, clean

_ALIGNED = {"text": "left", "centre": "center", "number": "right"}


def add_figures(document: WordDocument, table: FigureTable, band: Band, size: float) -> None:
    """One band of a figure table at the end of the document; heading rows repeat, rows never split."""
    style = document.styles[define_table_style(document, size)].style_id
    made = document.add_table(rows=0, cols=len(band.widths))
    set_grid(made, band.widths, padding=PADDING / 2, ruled=True)
    cells = head(table, band)
    for line in range(1 + max(cell.line for cell in cells)):
        made._tbl.append(_head_row(cells, line, band.widths, style))
    for row in table.rows:
        tr = _row()
        for place, width in zip(band.columns, band.widths, strict=True):
            kind = _ALIGNED[table.columns[place].kind]
            tr.append(_cell(cell_text(row.cells[place]), width, style, kind, bold=row.lead))
        made._tbl.append(tr)


def _head_row(cells: list[HeadCell], line: int, widths: tuple[float, ...], style: str) -> BaseOxmlElement:
    tr = _row(heading=True)
    in_line = {cell.column: cell for cell in cells if cell.line == line}
    above = {cell.column: cell for cell in cells if cell.line < line and cell.rows > 1}
    place = 0
    while place < len(widths):
        cell = in_line.get(place) or above[place]
        width = sum(widths[place : place + cell.columns])
        merge = None if cell.rows == 1 else "restart" if cell.line == line else "continue"
        text = "" if merge == "continue" else clean(cell.text)
        tr.append(_cell(text, width, style, "center", bold=True, span=cell.columns, merge=merge))
        place += cell.columns
    return tr


def _row(*, heading: bool = False) -> BaseOxmlElement:
    tr, properties = OxmlElement("w:tr"), element("w:trPr")
    properties.append(element("w:cantSplit"))
    if heading:
        properties.append(element("w:tblHeader"))
    tr.append(properties)
    return tr


def _cell(
    text: str,
    width: float,
    style: str,
    alignment: str,
    *,
    bold: bool = False,
    span: int = 1,
    merge: str | None = None,
) -> BaseOxmlElement:
    cell, properties = OxmlElement("w:tc"), element("w:tcPr")
    properties.append(element("w:tcW", w=twips(width), type="dxa"))
    if span > 1:
        properties.append(element("w:gridSpan", val=span))
    if merge:
        properties.append(element("w:vMerge", val=merge))
    properties.append(element("w:vAlign", val="center"))
    cell.append(properties)
    paragraph, shape = OxmlElement("w:p"), element("w:pPr")
    shape.append(element("w:pStyle", val=style))
    shape.append(element("w:jc", val=alignment))
    paragraph.append(shape)
    if text:
        run = OxmlElement("w:r")
        if bold:
            run.append(element("w:rPr"))
            run[0].append(element("w:b"))
        run.text = text
        paragraph.append(run)
    cell.append(paragraph)
    return cell
