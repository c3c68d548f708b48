"""Papers as PDF/A-2b, set by typst in the layout of Nghị định 30/2020/NĐ-CP (templates/nd30.typ).

The text travels as JSON in ``sys.inputs`` and is shown as strings: nothing in it is ever markup.
"""

import json
import subprocess
import sys
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from . import wording
from .content import Appendix, Block, Centred, FigureTable, Heading, Paper, TextAppendix
from .letters import printable
from .tables import Band, head, lay_out
from .wording import caps, clean

PROGRAM = Path(__file__).parent / "typeset.py"
PATIENCE = 60  # seconds; a paper takes half a one
TEXT_WIDTH = 165.0  # millimetres between the margins of an upright sheet: 210 - 30 - 15
WIDE_TEXT_WIDTH = 252.0  # of a sheet on its side: 297 - 30 - 15
_BOX_WORD, _LINE_WORD, _CELL_WORD = 24, 60, 14  # letters of the longest word that surely fits
_LONG_CELL = 600  # letters; a row with a longer text may run over to the next page
_at_once = BoundedSemaphore(2)  # each takes some 70 MB while it runs


def render_pdf(paper: Paper) -> bytes:
    """The paper as a PDF/A-2b file with Tinos embedded."""
    return typeset(_data(paper), "nd30.typ")


def typeset(data: dict[str, Any], template: str) -> bytes:
    """What the template makes of the data, as PDF/A-2b, set in a process of its own (typeset.py)."""
    with _at_once:
        done = subprocess.run(
            [sys.executable, "-I", str(PROGRAM), template],
            input=json.dumps(data).encode(),
            capture_output=True,
            timeout=PATIENCE,
        )
    if done.returncode:
        raise RuntimeError(f"typesetting failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout


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


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, FigureTable):
        return {"kind": "table", **_table(block, TEXT_WIDTH)}
    kind = "head" if isinstance(block, Heading) else "centred" if isinstance(block, Centred) else "text"
    marked = [{"text": _line(run.text), "mark": run.mark} for run in wording.runs_of(block)]
    return {"kind": kind, "level": getattr(block, "level", 0), "runs": marked}


def _appendix(part: Appendix, position: int, total: int) -> dict[str, Any]:
    said = {
        "name": wording.appendix_name(position, total),
        "title": _box(caps(part.title)),
        "caption": _box(part.caption),
        "landscape": False,
    }
    if isinstance(part, TextAppendix):
        return said | {"body": [_block(block) for block in wording.written_out(part.blocks)]}
    return said | {
        "landscape": part.landscape,
        "notes": [_line(clean(note)) for note in part.notes],
        **_table(part.table, WIDE_TEXT_WIDTH if part.landscape else TEXT_WIDTH),
    }


def _table(table: FigureTable, width: float) -> dict[str, Any]:
    laid = lay_out(table, width)
    return {"size": laid.size, "bands": [_band(table, band) for band in laid.bands]}


def _band(table: FigureTable, band: Band) -> dict[str, Any]:
    columns = [table.columns[place] for place in band.columns]
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
            for cell in head(table, band)
        ],
        "rows": [_row(row.cells, row.lead, band) for row in table.rows],
    }


def _row(cells: tuple, lead: bool, band: Band) -> dict[str, Any]:
    texts = [_cell(cells[place]) for place in band.columns]
    return {"cells": texts, "lead": lead, "breakable": max(map(len, texts)) > _LONG_CELL}


def _cell(value: int | str | None) -> str:
    text = wording.cell_text(value)
    return printable(text, _CELL_WORD) if isinstance(value, str) else text
