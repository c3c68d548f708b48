"""Papers as PDF/A-2b, set by typst in the layout of Nghị định 30/2020/NĐ-CP (templates/nd30.typ).

The text travels as JSON in ``sys.inputs`` and is shown as strings: nothing in it is ever markup.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from . import wording
from .content import Block, Heading, Paper, TableAppendix
from .letters import FOLDER, printable
from .tables import Band, head, lay_out
from .wording import caps, clean

TEMPLATE = Path(__file__).parent / "templates" / "nd30.typ"
TEXT_WIDTH = 165.0  # millimetres between the margins of an upright sheet: 210 - 30 - 15
WIDE_TEXT_WIDTH = 252.0  # of a sheet on its side: 297 - 30 - 15
_BOX_WORD, _LINE_WORD, _CELL_WORD = 24, 60, 14  # letters of the longest word that surely fits
_LONG_CELL = 600  # letters; a row with a longer text may run over to the next page


def render_pdf(paper: Paper) -> bytes:
    """The paper as a PDF/A-2b file with Tinos embedded."""
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(), font_paths=_fonts(), sys_inputs={"paper": json.dumps(_data(paper))}
    )
    return compiler.compile(format="pdf", pdf_standards=["a-2b"])


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FOLDER])


def _box(text: str) -> str:
    return printable(clean(text), _BOX_WORD)


def _line(text: str) -> str:
    return printable(text, _LINE_WORD)


def _data(paper: Paper) -> dict[str, Any]:
    kind = caps(paper.kind) if paper.kind else ""
    total = len(paper.appendices)
    return {
        "title": _line(f"{kind} {clean(paper.subject)}".replace("\n", " ").strip()),
        "author": _line(clean(paper.issuing_body).replace("\n", " ")),
        "dated": [paper.date.year, paper.date.month, paper.date.day] if paper.date else None,
        "demo": wording.DEMO if paper.demo else "",
        "head": _head(paper),
        "kind": _box(kind),
        "subject": _box(paper.subject) if kind else "",
        "addressees": _addressees(paper),
        "bases": [_line(base) for base in wording.ended(paper.bases)],
        "body": [_block(block) for block in wording.body_blocks(paper)],
        "sign": {
            "titles": [_box(caps(line)) for line in (*paper.sign.authority, paper.sign.position) if line],
            "name": _box(paper.sign.name),
        },
        "recipients": [_box(line) for line in wording.dashed(paper.recipients)],
        "appendices": [_appendix(part, n, total) for n, part in enumerate(paper.appendices, 1)],
    }


def _head(paper: Paper) -> dict[str, str]:
    return {
        "parent": _box(caps(paper.parent_body)),
        "issuer": _box(caps(paper.issuing_body)),
        "country": wording.COUNTRY if paper.shows_motto else "",
        "motto": wording.MOTTO if paper.shows_motto else "",
        "number": _box(wording.number_line(paper)),
        "about": "" if paper.kind else _box(wording.about(paper)),
        "date": _box(wording.place_and_date(paper)),
    }


def _addressees(paper: Paper) -> list[str]:
    if len(paper.addressees) == 1:
        return [_box(paper.addressees[0])]
    return [_box(line) for line in wording.dashed(paper.addressees)]


def _block(block: Block) -> dict[str, str | int]:
    return {"level": block.level if isinstance(block, Heading) else 0, "text": _line(block.text)}


def _appendix(part: TableAppendix, position: int, total: int) -> dict[str, Any]:
    laid = lay_out(part.table, WIDE_TEXT_WIDTH if part.landscape else TEXT_WIDTH)
    return {
        "name": wording.appendix_name(position, total),
        "title": _box(caps(part.title)),
        "caption": _box(part.caption),
        "notes": [_line(clean(note)) for note in part.notes],
        "landscape": part.landscape,
        "size": laid.size,
        "bands": [_band(part, band) for band in laid.bands],
    }


def _band(part: TableAppendix, band: Band) -> dict[str, Any]:
    columns = [part.table.columns[place] for place in band.columns]
    return {
        "widths": band.widths,
        "kinds": [column.kind for column in columns],
        "head": [
            {
                "text": printable(clean(cell.text), _CELL_WORD),
                "x": cell.column,
                "y": cell.line,
                "colspan": cell.columns,
                "rowspan": cell.rows,
            }
            for cell in head(part.table, band)
        ],
        "rows": [_row(row.cells, row.lead, band) for row in part.table.rows],
    }


def _row(cells: tuple, lead: bool, band: Band) -> dict[str, Any]:
    texts = [_cell(cells[place]) for place in band.columns]
    return {"cells": texts, "lead": lead, "breakable": max(map(len, texts)) > _LONG_CELL}


def _cell(value: int | str | None) -> str:
    text = wording.cell_text(value)
    return printable(text, _CELL_WORD) if isinstance(value, str) else text
