"""The form as an Excel file, out and in. Pure: no Django, no database."""

from hoctap.forms.sheets.reading import read_form
from hoctap.forms.sheets.refusal import Place, SheetRefusal
from hoctap.forms.sheets.stamp import NARRATIVE, Filled, Stamp
from hoctap.forms.sheets.writing import write_form

__all__ = ["NARRATIVE", "Filled", "Place", "SheetRefusal", "Stamp", "read_form", "write_form"]
