"""Making filled forms, and spoiling them, for the tests of reading."""

import io
import zipfile
from collections.abc import Callable

import openpyxl

from hoctap.forms.definition import library_form
from hoctap.forms.sheets import Stamp, write_form
from hoctap.forms.sheets.layout import layout_of
from hoctap.kernel.sheets import cell_name

SPEC = library_form("tuan-le-2023")
STAMP = Stamp("Q3-P12", "UBND Phường 12", round_id="7", obligation_id="41", base="2")


def figures(**given: int) -> list[int | None]:
    """A vector, blank but for ``p4=12`` (position 4)."""
    vector: list[int | None] = [None] * SPEC.size
    for name, value in given.items():
        vector[int(name[1:])] = value
    return vector


def filled_form(**given) -> bytes:
    return write_form(SPEC, STAMP, **{"figures": figures(p2=2, p3=64, p28=24), **given})


def place(position: int) -> str:
    """Where a position stands in the sheet, e.g. "E14"."""
    return cell_name(*layout_of(SPEC).places.points[position])


def edited(change: Callable, data: bytes | None = None) -> bytes:
    """The form after ``change(workbook)`` by another program."""
    book = openpyxl.load_workbook(io.BytesIO(data or filled_form()))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_cell(ref: str, value: object, number_format: str | None = None) -> bytes:
    def change(book):
        book["Bieu"][ref] = value
        if number_format:
            book["Bieu"][ref].number_format = number_format

    return edited(change)


def repacked(change: Callable[[dict[str, bytes]], None], data: bytes | None = None) -> bytes:
    """The form after ``change(parts)`` to the raw parts of the zip."""
    with zipfile.ZipFile(io.BytesIO(data or filled_form())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def paper(rows: list[list[object]], sheet: str = "Sheet1") -> bytes:
    """A workbook typed by hand, without our mark."""
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
