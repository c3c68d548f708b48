"""Vet an uploaded workbook before any library opens it: size, container, macros, formulas, error values.

An .xlsx file comes from anybody. What is measured here is what the reading library will then read: the zip
directory must be the only one and sit at the very end, every part is unpacked under a limit, and the cells of a
sheet must lie within bounds (a library that keeps a sheet as a rectangle would otherwise be made to ask for
gigabytes by two cells far apart).
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from xml.etree import ElementTree

from hoctap.forms.sheets.layout import Point
from hoctap.forms.sheets.refusal import SheetRefusal

MAX_BYTES = 5 * 2**20
MAX_UNPACKED = 50 * 2**20
MAX_RATIO = 200
MAX_PARTS = 300
MAX_CELLS = 20_000
MAX_MERGES = 1_000
MAX_TEXT = 128 * 2**20
"""Most bytes of text a sheet may come to when every cell repeats the shared strings."""

_BROKEN = "không mở được: tệp bị hỏng hoặc gửi lên chưa hết. Mở lại bằng Excel, lưu lại rồi gửi."
_NOT_EXCEL = "không phải tệp Excel .xlsx. Mở biểu bằng Excel, chọn Lưu thành, kiểu Excel Workbook (.xlsx)."
_OLD_EXCEL = (
    "là Excel đời cũ (.xls), chỉ đổi tên thì không đọc được. Mở bằng Excel, lưu thành kiểu .xlsx rồi gửi."
)
_PASSWORD = "có đặt mật khẩu nên không đọc được. Mở bằng Excel, bỏ mật khẩu, lưu lại rồi gửi."
_MACRO = "có chứa macro nên không nhận. Lưu thành kiểu Excel Workbook (.xlsx), không macro, rồi gửi."
_TOO_LARGE = "quá lớn so với một biểu số liệu. Tải lại biểu, chép số sang rồi gửi."
_FAR = "có ô {} nằm quá xa biểu. Xóa các hàng, cột thừa, hoặc tải lại biểu rồi chép số sang."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = struct.Struct("<4s4H2LH")  # the zip's end record

_UNREAD = ("docprops/", "xl/theme/", "_rels/")
"""Parts that nobody reads here, the reading library included."""

_ROOT = re.compile(rb"<((?:\w+:)?)worksheet[\s>]")
_REF = re.compile(rb"^\sr=\"([A-Za-z]{1,3}[0-9]{1,7})\"")
_NEAR = re.compile(rb"[A-Ca-c]?[A-Za-z]1?[0-9]{1,3}")
_ANY_CELL = re.compile(rb"<((?:[^\s<>/:]*:)?)c[\s/>]")
_ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']")
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_REL_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """What the values alone do not tell: where formulas and error values are, which ranges are merged."""

    formulas: frozenset[Point]
    errors: frozenset[Point]
    merges: tuple[tuple[int, int, int, int], ...]


def vet(data: bytes) -> dict[str, SheetMarks]:
    """Return the marks of every sheet by name, in workbook order; raise SheetRefusal for an unsafe file."""
    _vet_container(data)
    parts = _unpack(data)
    if b"macroEnabled" in parts.get("[content_types].xml", b""):
        raise SheetRefusal(_MACRO)
    shared = len(parts.get("xl/sharedstrings.xml", b""))
    return {name: _scan(parts[path], shared) for name, path in _sheet_parts(parts).items()}


def _vet_container(data: bytes) -> None:
    if not data:
        raise SheetRefusal("trống, không có gì bên trong. Kiểm tra lại tệp rồi gửi.")
    if len(data) > MAX_BYTES:
        raise SheetRefusal(f"{_TOO_LARGE} Cỡ nhất là {MAX_BYTES // 2**20} MB.")
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise SheetRefusal(_PASSWORD if encrypted else _OLD_EXCEL)
    if not data.startswith(b"PK\x03\x04"):
        raise SheetRefusal(_NOT_EXCEL)
    if len(data) < _END.size:
        raise SheetRefusal(_BROKEN)
    mark, _, _, _, _, size, offset, comment = _END.unpack(data[-_END.size :])
    if mark != b"PK\x05\x06" or comment or offset + size + _END.size != len(data):
        raise SheetRefusal(_BROKEN)


def _unpack(data: bytes) -> dict[str, bytes]:
    """Every part by lower-case name, none of it larger than the directory says."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise SheetRefusal(_BROKEN) from None
    names = {entry.filename.lower() for entry in entries}
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise SheetRefusal(_MACRO)
    if "xl/workbook.xml" not in names:
        raise SheetRefusal(_NOT_EXCEL)
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_PARTS or total > MAX_UNPACKED or total > max(len(data) * MAX_RATIO, 2**20):
        raise SheetRefusal(_TOO_LARGE)
    if len(names) < len(entries):
        raise SheetRefusal(_BROKEN)
    read = [entry for entry in entries if not entry.filename.lower().startswith(_UNREAD)]
    return {entry.filename.lower(): _inflate(data, entry) for entry in read}


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part, unpacked no further than its declared size, which must be its true size.

    The checksum is left to the reading library, which unpacks the same bytes again.
    """
    if entry.flag_bits & 1:
        raise SheetRefusal(_PASSWORD)
    start = entry.header_offset
    if data[start : start + 4] != b"PK\x03\x04" or start + 30 > len(data):
        raise SheetRefusal(_BROKEN)
    start += 30 + sum(struct.unpack("<2H", data[start + 26 : start + 30]))
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content, whole = packed, True
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        content, whole = _deflated(packed, entry.file_size)
    else:
        raise SheetRefusal(_BROKEN)
    if not whole or len(content) != entry.file_size:
        raise SheetRefusal(_BROKEN)
    return content


def _deflated(packed: bytes, size: int) -> tuple[bytes, bool]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = stream.decompress(packed, size + 1)
    except zlib.error:
        raise SheetRefusal(_BROKEN) from None
    return content, stream.eof


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → name of its part, as the workbook and its relationships say."""
    workbook, relations = parts["xl/workbook.xml"], parts.get("xl/_rels/workbook.xml.rels", b"")
    targets = {
        node.get("Id"): posixpath.normpath(posixpath.join("/xl", node.get("Target", ""))).lstrip("/").lower()
        for node in _xml(relations)
    }
    found: dict[str, str] = {}
    for node in _xml(workbook).iter():
        if node.tag in (_MAIN + "sheet", _STRICT + "sheet"):
            part = targets.get(node.get(_REL_ID) or node.get(_STRICT_REL_ID))
            if part not in parts or node.get("name") in found:
                raise SheetRefusal(_BROKEN)
            found[node.get("name", "")] = part
    return found


def _xml(content: bytes) -> ElementTree.Element:
    _plain_xml(content)
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError:
        raise SheetRefusal(_BROKEN) from None


def _plain_xml(content: bytes) -> None:
    """UTF-8 without comments or document type: nothing that reads differently from how it looks."""
    encoding = _ENCODING.match(content[:200].removeprefix(b"\xef\xbb\xbf"))
    strange = encoding and encoding[1].lower() not in (b"utf-8", b"utf8")
    if strange or b"\x00" in content or b"<!" in content:
        raise SheetRefusal(_BROKEN)


class _Patterns(NamedTuple):
    """For one namespace prefix ("" almost always): literal beginnings keep the search fast."""

    cells: re.Pattern[bytes]  # every cell's tag; the group holds something when the tag is not a usual one
    tag: re.Pattern[bytes]  # a usual tag: within 1,999 rows and 104 columns, written as spreadsheets do
    formula: re.Pattern[bytes]
    error: re.Pattern[bytes]
    merge: re.Pattern[bytes]


@lru_cache(maxsize=8)
def _patterns(prefix: bytes) -> _Patterns:
    start = b"<" + re.escape(prefix)
    usual = rb"c\sr=\"%s[A-Ca-c]?[A-Za-z]%s1?[0-9]{1,3}%s\"(?:\s[a-qs-z]+=\"[^\"]*\")*\s?/?>"
    plain = usual % (b"", b"", b"")
    return _Patterns(
        cells=re.compile(start + b"c(?:" + plain[1:] + rb"|([\s/>][^>]{,40}))"),
        tag=re.compile(start + usual % (b"(", b")(", b")")),
        formula=re.compile(start + rb"f[\s/>]"),
        error=re.compile(start + rb"c\sr=\"([A-Za-z]+)([0-9]+)\"[^>]*\st=\"e\""),
        merge=re.compile(start + rb"mergeCell\sref=\"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)\""),
    )


def _scan(content: bytes, shared: int) -> SheetMarks:
    """Look at every cell's tag. One that is not written the way spreadsheets write it makes the file broken."""
    _plain_xml(content)
    root = _ROOT.search(content)
    if not root or _has_other_prefix(content, root[1]):
        raise SheetRefusal(_BROKEN)
    find = _patterns(root[1])
    cells = find.cells.findall(content)
    if len(cells) > MAX_CELLS or shared * len(cells) > MAX_TEXT:
        raise SheetRefusal(_TOO_LARGE)
    if any(cells):
        raise SheetRefusal(_odd_cell(next(filter(None, cells))))
    merges = tuple((*_point(m[1], m[2]), *_point(m[3], m[4])) for m in find.merge.finditer(content))
    if len(merges) > MAX_MERGES:
        raise SheetRefusal(_TOO_LARGE)
    errors = (
        frozenset(_point(m[1], m[2]) for m in find.error.finditer(content))
        if b't="e"' in content
        else frozenset()
    )
    return SheetMarks(_formula_cells(content, find), errors, merges)


def _odd_cell(tag: bytes) -> str:
    """Why a cell's tag is not a usual one: it stands too far out, or is written as no spreadsheet would."""
    ref = _REF.match(tag)
    is_far = ref and not _NEAR.fullmatch(ref[1])
    return _FAR.format(ref[1].decode()) if ref and is_far else _BROKEN


def _has_other_prefix(content: bytes, prefix: bytes) -> bool:
    """Whether cells hide under another namespace prefix than the sheet's own."""
    if not prefix and b":c" not in content:
        return False
    return any(m[1] != prefix for m in _ANY_CELL.finditer(content))


def _formula_cells(content: bytes, find: _Patterns) -> frozenset[Point]:
    """The cells that a formula opens."""
    found = set()
    for formula in find.formula.finditer(content):
        before = content.rfind(b"<", 0, formula.start())
        tag = find.tag.match(content, before)
        if tag and not content[tag.end() : formula.start()].strip():
            found.add(_point(tag[1], tag[2]))
    return frozenset(found)


def _point(letters: bytes, digits: bytes) -> Point:
    col = 0
    for letter in letters.upper():
        col = col * 26 + letter - 64
    return int(digits) - 1, col - 1
