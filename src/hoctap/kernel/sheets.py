"""Open an Excel file that comes from anybody: measured before any library reads it, cell by cell within bounds.

The zip directory must be the only one and sit at the very end, every part is unpacked no further than it
declares, and cells must lie within limits (the reading library keeps a sheet as a rectangle: two cells far apart
would ask for gigabytes).
"""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook

from hoctap.kernel.errors import Refusal
from hoctap.kernel.vietnamese import tidy

Value = object  # str ("" = blank), float, bool, date, datetime, time or timedelta
Point = tuple[int, int]  # row, column, from 0


@dataclass(frozen=True)
class Limits:
    """Kích thước nhất: of one file, all its parts unpacked, and each sheet."""

    size: int = 5 * 2**20  # bytes
    unpacked: int = 50 * 2**20  # bytes
    ratio: int = 200  # unpacked to packed, for more than a megabyte
    parts: int = 300
    rows: int = 20_000
    columns: int = 100
    text: int = 256 * 2**20  # bytes a sheet would come to if every cell repeated the longest shared text


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


_BROKEN = "không mở được: tệp bị hỏng hoặc gửi lên chưa hết. Mở lại bằng Excel, lưu lại rồi gửi."
_NOT_EXCEL = "không phải tệp Excel .xlsx. Mở bằng Excel, lưu thành kiểu Excel Workbook (.xlsx) rồi gửi."
_OLD = "là Excel đời cũ (.xls), chỉ đổi tên thì không đọc được. Mở bằng Excel, lưu thành kiểu .xlsx rồi gửi."
_PASSWORD = "có đặt mật khẩu nên không đọc được. Mở bằng Excel, bỏ mật khẩu, lưu lại rồi gửi."
_MACRO = "có chứa macro nên không nhận. Lưu thành kiểu Excel Workbook (.xlsx), không macro, rồi gửi."
_TOO_LARGE = "quá lớn. Xóa các hàng, cột, hình thừa rồi gửi lại."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = struct.Struct("<4s4H2LH")  # the zip's end record
_UNREAD = ("docprops/", "xl/theme/", "_rels/")  # parts the reading library does not open either
_FAR = "có ô {} nằm quá xa. Xóa các hàng, cột thừa rồi gửi."
_MAX_MERGES = 1_000
_ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_ROOT = re.compile(rb"<((?:\w+:)?)worksheet[\s>]")
_ANY_CELL = re.compile(rb"<((?:[^\s<>/:]*:)?)c[\s/>]")


class WorkbookRefusal(Refusal):
    """Tệp Excel không nhận; ``problem`` is the message without the file's name."""

    def __init__(self, problem: str, name: str = ""):
        self.problem = problem
        super().__init__(f"Tệp {name or 'gửi lên'}: {problem} Chưa nhận gì từ tệp.")


def open_workbook(data: bytes, *, name: str = "", limits: Limits | None = None) -> list[Sheet]:
    """Every sheet in workbook order; ``WorkbookRefusal`` for a file that is unsafe, broken or not .xlsx."""
    try:
        return _open(data, limits or Limits())
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


def _open(data: bytes, limits: Limits) -> list[Sheet]:
    _check_container(data, limits)
    parts = _unpack(data, limits)
    if b"macroEnabled" in parts.get("[content_types].xml", b""):
        raise WorkbookRefusal(_MACRO)
    longest = max(map(len, parts.get("xl/sharedstrings.xml", b"").split(b"</si>")))
    marks = {name: _scan(parts[part], longest, limits) for name, part in _sheet_parts(parts).items()}
    rows = _read(data, list(marks))
    return [Sheet(name, rows[name], *found) for name, found in marks.items()]


def _check_container(data: bytes, limits: Limits) -> None:
    if not data:
        raise WorkbookRefusal("trống, không có gì bên trong. Kiểm tra lại tệp rồi gửi.")
    if len(data) > limits.size:
        raise WorkbookRefusal(f"{_TOO_LARGE} Cỡ nhất là {limits.size // 2**20} MB.")
    if data.startswith(_OLE):
        raise WorkbookRefusal(_PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else _OLD)
    if not data.startswith(b"PK\x03\x04"):
        raise WorkbookRefusal(_NOT_EXCEL)
    if len(data) < _END.size:
        raise WorkbookRefusal(_BROKEN)
    mark, _, _, _, _, size, offset, comment = _END.unpack(data[-_END.size :])
    if mark != b"PK\x05\x06" or comment or offset + size + _END.size != len(data):
        raise WorkbookRefusal(_BROKEN)


def _unpack(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Every part by lower-case name."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise WorkbookRefusal(_BROKEN) from None
    names = {entry.filename.lower() for entry in entries}
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise WorkbookRefusal(_MACRO)
    if "xl/workbook.xml" not in names:
        raise WorkbookRefusal(_NOT_EXCEL)
    total = sum(entry.file_size for entry in entries)
    if len(entries) > limits.parts or total > min(limits.unpacked, max(len(data) * limits.ratio, 2**20)):
        raise WorkbookRefusal(_TOO_LARGE)
    if len(names) < len(entries):
        raise WorkbookRefusal(_BROKEN)
    read = [entry for entry in entries if not entry.filename.lower().startswith(_UNREAD)]
    return {entry.filename.lower(): _inflate(data, entry) for entry in read}


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part, unpacked no further than its declared size, which must be its true size.

    Its checksum is left to the reading library, which unpacks the same bytes again.
    """
    if entry.flag_bits & 1:
        raise WorkbookRefusal(_PASSWORD)
    start = entry.header_offset
    if data[start : start + 4] != b"PK\x03\x04" or start + 30 > len(data):
        raise WorkbookRefusal(_BROKEN)
    start += 30 + sum(struct.unpack("<2H", data[start + 26 : start + 30]))
    content, whole = data[start : start + entry.compress_size], True
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = stream.decompress(content, entry.file_size + 1)
        except zlib.error:
            raise WorkbookRefusal(_BROKEN) from None
        whole = stream.eof
    elif entry.compress_type != zipfile.ZIP_STORED:
        raise WorkbookRefusal(_BROKEN)
    if not whole or len(content) != entry.file_size:
        raise WorkbookRefusal(_BROKEN)
    return content


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → name of its part, as the workbook and its relationships say."""
    relations = _xml(parts.get("xl/_rels/workbook.xml.rels", b""))
    targets = {
        node.get("Id"): posixpath.normpath(posixpath.join("/xl", node.get("Target", ""))).lstrip("/").lower()
        for node in relations
    }
    found: dict[str, str] = {}
    for node in _xml(parts["xl/workbook.xml"]).iterfind(".//{*}sheet"):
        relation = next((value for key, value in node.items() if key.endswith("}id")), "")
        part, name = targets.get(relation, ""), node.get("name", "")
        if part not in parts or name in found:
            raise WorkbookRefusal(_BROKEN)
        found[name] = part
    return found


def _xml(content: bytes) -> ElementTree.Element:
    _check_plain(content)
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError:
        raise WorkbookRefusal(_BROKEN) from None


def _check_plain(content: bytes) -> None:
    """UTF-8 without comments or document type: nothing that reads differently from how it looks."""
    head = content[:200].removeprefix(b"\xef\xbb\xbf")
    if b"\x00" in content or b"<!" in content or _ENCODING.match(head):
        raise WorkbookRefusal(_BROKEN)


class _Patterns(NamedTuple):
    """For one namespace prefix ("" almost always): literal beginnings keep the search fast."""

    cells: re.Pattern[
        bytes
    ]  # letters and digits of every cell; the third group tells a tag written otherwise
    tag: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    error: re.Pattern[bytes]
    merge: re.Pattern[bytes]


@lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> _Patterns:
    start = b"<" + re.escape(prefix)
    usual = rb"\sr=\"([A-Z]{1,3})([0-9]{1,7})\"(?:\s[a-qs-z]+=\"[^\"]*\")*\s?/?>"
    return _Patterns(
        cells=re.compile(start + b"c(?:" + usual + rb"|([\s/>]))"),
        tag=re.compile(start + b"c" + usual),
        formula=re.compile(start + rb"f[\s/>]"),
        error=re.compile(start + rb"c\sr=\"([A-Z]+)([0-9]+)\"[^>]*\st=\"e\""),
        merge=re.compile(start + rb"mergeCell\sref=\"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\""),
    )


def _scan(content: bytes, longest: int, limits: Limits) -> tuple[frozenset[Point], frozenset[Point], tuple]:
    """Formulas, error values and merged ranges.

    Every cell's tag is looked at: one not written the way spreadsheets write it makes the file broken.
    """
    _check_plain(content)
    root = _ROOT.search(content)
    if not root or _has_other_prefix(content, root[1]):
        raise WorkbookRefusal(_BROKEN)
    find = _patterns(root[1])
    cells = find.cells.findall(content)
    if any(odd for _, _, odd in cells):
        raise WorkbookRefusal(_BROKEN)
    if longest * len(cells) > limits.text:
        raise WorkbookRefusal(_TOO_LARGE)
    _check_bounds(cells, limits)
    merges = tuple((*_point(m[1], m[2]), *_point(m[3], m[4])) for m in find.merge.finditer(content))
    if len(merges) > _MAX_MERGES:
        raise WorkbookRefusal(_TOO_LARGE)
    errors = (_point(*m.groups()) for m in find.error.finditer(content)) if b't="e"' in content else ()
    return _formula_cells(content, find), frozenset(errors), merges


def _has_other_prefix(content: bytes, prefix: bytes) -> bool:
    """Whether cells hide under another namespace prefix than the sheet's own."""
    if not prefix and b":c" not in content:
        return False
    return any(m[1] != prefix for m in _ANY_CELL.finditer(content))


def _check_bounds(cells: list[tuple[bytes, bytes, bytes]], limits: Limits) -> None:
    rows, columns = {int(digits) for _, digits, _ in cells}, {letters for letters, _, _ in cells}
    if not cells or (max(rows) <= limits.rows and max(map(_column, columns)) < limits.columns and min(rows)):
        return
    for letters, digits, _ in cells:
        if not 1 <= int(digits) <= limits.rows or _column(letters) >= limits.columns:
            raise WorkbookRefusal(_FAR.format((letters + digits).decode()))


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
        raise WorkbookRefusal(_BROKEN) from None
    except BaseException as error:  # a panic of the Rust library is no Exception, and must not end a server
        if type(error).__name__ == "PanicException":
            raise WorkbookRefusal(_BROKEN) from None
        raise
