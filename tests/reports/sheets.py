"""Filled Excel forms for tests: as the system gives them out, then typed into and, where asked, spoilt."""

import io
from collections.abc import Callable

import openpyxl

from hoctap.forms.queries import version_spec
from hoctap.forms.sheets import write_form
from hoctap.forms.sheets.layout import SHEET, layout_of
from hoctap.obligations.models import Obligation
from hoctap.reports.intake import stamp_of


def blank(obligation: Obligation) -> bytes:
    """The form the unit downloads."""
    return write_form(version_spec(obligation.round.form_version_id), stamp_of(obligation, 0))


def written(obligation: Obligation, **cells: int) -> bytes:
    """With these figures from the start, as the system writes a form again; much faster than typing."""
    spec = version_spec(obligation.round.form_version_id)
    figures: list[int | None] = [None] * spec.size
    for name, value in cells.items():
        figures[int(name[1:])] = value
    return write_form(spec, stamp_of(obligation, 0), figures=figures)


def filled(obligation: Obligation, *, notes: dict[str, str] | None = None, **cells: object) -> bytes:
    """Filled in by hand: ``c28=4`` by position in the figures vector, ``notes`` by line number."""
    spec = version_spec(obligation.round.form_version_id)
    layout = layout_of(spec)

    def type_in(book: openpyxl.Workbook) -> None:
        sheet = book[SHEET]
        for name, value in cells.items():
            row, column = layout.places.points[int(name[1:])]
            sheet.cell(row=row + 1, column=column + 1, value=value)
        for number, text in (notes or {}).items():
            sheet.cell(row=layout.row_of[number] + 1, column=layout.col_of["note"] + 1, value=text)

    return edited(blank(obligation), type_in)


def edited(data: bytes, edit: Callable[[openpyxl.Workbook], None]) -> bytes:
    """Opened, changed and saved again, as Excel would."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def without_mark(data: bytes) -> bytes:
    """As typed from the paper: no hidden mark."""

    def drop(book: openpyxl.Workbook) -> None:
        del book["_hoctap"]

    return edited(data, drop)
