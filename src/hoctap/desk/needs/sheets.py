"""A table as an Excel file: the numbers stay numbers, what nobody told stays blank."""

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.http import HttpResponse

from hoctap.kernel import files

OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def answer_sheet(
    name: str, title: str, heads: Sequence[str], rows: Iterable[Sequence], notes: Sequence[str] = ()
) -> HttpResponse:
    """One sheet: title, heads, rows of text and numbers (None: blank), notes."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        number = book.add_format({"num_format": "#,##0.##"})
        sheet.set_column(0, 0, 48)
        sheet.set_column(1, len(heads), 14)
        sheet.write_string(0, 0, title, book.add_format({"bold": True}))
        for column, head in enumerate(heads):
            sheet.write_string(2, column, head, bold)
        line = 3
        for row in rows:
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(line, column, value)
                elif value is not None:
                    sheet.write_number(line, column, value, number)
            line += 1
        for note in notes:
            line += 1
            sheet.write_string(line, 0, note)
    response = HttpResponse(out.getvalue(), content_type=files.MEDIA["xlsx"])
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["Cache-Control"] = "no-store"
    return response
