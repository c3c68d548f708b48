"""Open an Excel file that comes from anybody: looked at cell by cell before any library reads it.

Cells must lie within limits: the reading library keeps a sheet as a rectangle, and two cells far apart would ask
for gigabytes. It tells neither formulas nor error values from plain ones, so those are found here too.
"""

import io
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from hoctap.kernel.packages import BROKEN, TOO_LARGE, Package, WorkbookRefusal
from hoctap.kernel.vietnamese import tidy

__all__ = ["Point", "Sheet", "Value", "WorkbookRefusal", "cell_name", "open_workbook", "text_of"]

Value = object  # str ("" = blank), float, bool, date, datetime, time or timedelta
Point = tuple[int, int]  # row, column, from 0

MAX_TEXT = 256 * 2**20  # bytes a sheet would come to if every cell repeated the longest shared text
MAX_MERGES = 1_000


@dataclass(frozen=True)
class Sheet:
    """Một trang: rows of values from A1 on; which cells hold a formula, which an error value (read as blank).

    ``merges`` are the merged ranges: top, left, bottom, right, inclusive.
    """

    name: str
    rows: Sequence[Sequence[Value]]
    formulas: frozenset[Point] = frozenset()
    errors: frozenset[Point] = frozenset()
    merges: tuple[tuple[int, int, int, int], ...] = ()


_FAR = "có ô {} nằm quá xa. Xóa các hàng, cột thừa rồi gửi."
_ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_ROOT = re.compile(rb"<((?:\w+:)?)worksheet[\s>]")
_ANY_CELL = re.compile(rb"<((?:[^\s<>/:]*:)?)c[\s/>]")
_REF = re.compile(rb"c\sr=\"([A-Z]{1,3}[0-9]{1,7})\"")
_NEAR = re.compile(rb"[A-C]?[A-Z]1?[0-9]{1,4}")


def open_workbook(data: bytes, *, name: str = "") -> list[Sheet]:
    """Every sheet in workbook order; ``WorkbookRefusal`` for a file that is unsafe, broken or not .xlsx."""
    try:
        return _open(data)
    except WorkbookRefusal as refusal:
        raise WorkbookRefusal(refusal.problem, name) from None


def cell_name(row: int, column: int) -> str:
    """``cell_name(11, 4)`` → ``"E12"``."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def text_of(value: Value) -> str:
    """A cell as one reads it: NFC, single spaces, whole numbers without ",0", dates as 01/07/2025."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    return tidy(str(value))


def _open(data: bytes) -> list[Sheet]:
    package = Package(data)
    parts = _sheet_parts(package.part("xl/workbook.xml"), package.part("xl/_rels/workbook.xml.rels"))
    if not all(part in package for part in parts.values()):
        raise WorkbookRefusal(BROKEN)
    shared = package.part("xl/sharedstrings.xml")
    longest = max(map(len, shared.split(b"</si>")))
    marks = {name: _scan(package.part(part), longest) for name, part in parts.items()}
    read = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedstrings.xml")
    rows = _read(package.copy((*read, *parts.values())), list(parts))
    return [Sheet(name, rows[name], *found) for name, found in marks.items()]


@lru_cache(maxsize=64)
def _sheet_parts(workbook: bytes, relations: bytes) -> dict[str, str]:
    """Sheet name → its part, as the workbook and its relationships say; forms of one round have the same two."""
    targets = {
        node.get("Id"): posixpath.normpath(posixpath.join("/xl", node.get("Target", ""))).lstrip("/").lower()
        for node in _xml(relations)
    }
    found: dict[str, str] = {}
    for node in _xml(workbook).iterfind(".//{*}sheet"):
        relation = next((value for key, value in node.items() if key.endswith("}id")), "")
        name = node.get("name", "")
        if relation not in targets or name in found or targets[relation] in found.values():
            raise WorkbookRefusal(BROKEN)
        found[name] = targets[relation]
    return found


def _xml(content: bytes) -> ElementTree.Element:
    _check_plain(content)
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError:
        raise WorkbookRefusal(BROKEN) from None


def _check_plain(content: bytes) -> None:
    """UTF-8 without comments or document type: nothing that reads differently from how it looks."""
    head = content[:200].removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in content or b"<!" in content or _ENCODING.match(head):
        raise WorkbookRefusal(BROKEN)


class _Patterns(NamedTuple):
    """For one namespace prefix ("" almost always): literal beginnings keep the search fast."""

    odd: re.Pattern[bytes]  # a cell's tag that is not a usual one
    tag: re.Pattern[bytes]  # a usual one: as spreadsheets write it, within 19,999 rows and 104 columns
    formula: re.Pattern[bytes]
    error: re.Pattern[bytes]
    merge: re.Pattern[bytes]


@lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> _Patterns:
    start = b"<" + re.escape(prefix)
    row, more = rb"1?[0-9]{1,4}", rb"\"(?:\s[a-qs-z]+=\"[^\"]*\")*\s?/?>"
    return _Patterns(
        odd=re.compile(start + rb"c(?!\sr=\"[A-C]?[A-Z]" + row + more + rb")[\s/>][^>]{,40}"),
        tag=re.compile(start + rb"c\sr=\"([A-C]?[A-Z])(" + row + b")" + more),
        formula=re.compile(start + rb"f[\s/>]"),
        error=re.compile(start + rb"c\sr=\"([A-Z]+)([0-9]+)\"[^>]*\st=\"e\""),
        merge=re.compile(start + rb"mergeCell\sref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\""),
    )


def _scan(content: bytes, longest: int) -> tuple[frozenset[Point], frozenset[Point], tuple]:
    """Formulas, error values and merged ranges.

    Every cell's tag is looked at: one not written the way spreadsheets write it makes the file broken.
    """
    _check_plain(content)
    root = _ROOT.search(content)
    if not root or _has_other_prefix(content, root[1]):
        raise WorkbookRefusal(BROKEN)
    find = _patterns(root[1])
    if odd := find.odd.search(content):
        far = _REF.search(odd[0])
        raise WorkbookRefusal(_FAR.format(far[1].decode()) if far and not _NEAR.fullmatch(far[1]) else BROKEN)
    cells = content.count(b"<" + root[1] + b"c ") + content.count(b"<" + root[1] + b"c\n")
    if longest * cells > MAX_TEXT:
        raise WorkbookRefusal(TOO_LARGE)
    after = max(content.rfind(b"sheetData"), 0)
    merges = tuple((*_point(m[1], m[2]), *_point(m[3], m[4])) for m in find.merge.finditer(content, after))
    if len(merges) > MAX_MERGES:
        raise WorkbookRefusal(TOO_LARGE)
    errors = (_point(*m.groups()) for m in find.error.finditer(content)) if b't="e"' in content else ()
    return _formula_cells(content, find), frozenset(errors), merges


def _has_other_prefix(content: bytes, prefix: bytes) -> bool:
    """Whether cells hide under another namespace prefix than the sheet's own."""
    if not prefix and b":c" not in content:
        return False
    return any(m[1] != prefix for m in _ANY_CELL.finditer(content))


def _formula_cells(content: bytes, find: _Patterns) -> frozenset[Point]:
    """The cells that a formula opens."""
    found = set()
    for formula in find.formula.finditer(content):
        tag = find.tag.match(content, content.rfind(b"<", 0, formula.start()))
        if tag and not content[tag.end() : formula.start()].strip():
            found.add(_point(tag[1], tag[2]))
    return frozenset(found)


def _point(letters: bytes, digits: bytes) -> Point:
    return int(digits) - 1, _column(letters)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _read(data: bytes, names: list[str]) -> dict[str, Sequence[Sequence[Value]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    except (CalamineError, OSError, ValueError):
        raise WorkbookRefusal(BROKEN) from None
    except BaseException as error:  # a panic of the Rust library is no Exception, and must not end a server
        if type(error).__name__ == "PanicException":
            raise WorkbookRefusal(BROKEN) from None
        raise
