"""The zip under an Excel file that comes from anybody: its parts, unpacked within limits.

The directory must be the only one and sit at the very end; a part is unpacked no further than it declares. What
is handed on to a reading library is a plain copy of the parts that were looked at, and of nothing else, so that
two readers of one zip cannot see two different files.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

from hoctap.kernel.errors import Refusal

MAX_BYTES = 5 * 2**20
MAX_UNPACKED = 50 * 2**20
MAX_RATIO = 200  # unpacked to packed, for more than a megabyte
MAX_PARTS = 300

BROKEN = "không mở được: tệp bị hỏng hoặc gửi lên chưa hết. Mở lại bằng Excel, lưu lại rồi gửi."
TOO_LARGE = "quá lớn. Xóa các hàng, cột, hình thừa rồi gửi lại."
_NOT_EXCEL = "không phải tệp Excel .xlsx. Mở bằng Excel, lưu thành kiểu Excel Workbook (.xlsx) rồi gửi."
_OLD = "là Excel đời cũ (.xls), chỉ đổi tên thì không đọc được. Mở bằng Excel, lưu thành kiểu .xlsx rồi gửi."
_PASSWORD = "có đặt mật khẩu nên không đọc được. Mở bằng Excel, bỏ mật khẩu, lưu lại rồi gửi."
_MACRO = "có chứa macro nên không nhận. Lưu thành kiểu Excel Workbook (.xlsx), không macro, rồi gửi."

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_ROOT_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8"?>'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
    b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    b' Target="xl/workbook.xml"/></Relationships>'
)


class WorkbookRefusal(Refusal):
    """Tệp Excel không nhận; ``problem`` is the message without the file's name."""

    def __init__(self, problem: str, name: str = ""):
        self.problem = problem
        super().__init__(f"Tệp {name or 'gửi lên'}: {problem} Chưa nhận gì từ tệp.")


class Package:
    """Gói tệp .xlsx: parts by lower-case name, each unpacked when it is asked for."""

    def __init__(self, data: bytes):
        _check_container(data)
        self._data = data
        self._entries = _directory(data)
        self._parts: dict[str, bytes] = {}
        if b"macroEnabled" in self.part("[content_types].xml"):
            raise WorkbookRefusal(_MACRO)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def part(self, name: str) -> bytes:
        """The content of one part; empty when there is none."""
        if name not in self._parts:
            entry = self._entries.get(name)
            self._parts[name] = _inflate(self._data, entry) if entry else b""
        return self._parts[name]

    def copy(self, names: Iterable[str]) -> bytes:
        """A new zip, not packed, of these parts as they were unpacked here.

        Checksums are carried over: the library that reads the copy finds out whether they are true.
        """
        parts = [("_rels/.rels", _ROOT_RELATIONS, zlib.crc32(_ROOT_RELATIONS))]
        parts += [(name, self.part(name), self._entries[name].CRC) for name in names if name in self]
        body, directory, offset = [], [], 0
        for name, content, checksum in parts:
            encoded, size = name.encode(), len(content)
            common = (20, 0, 0, 0, 0x21, checksum, size, size, len(encoded), 0)
            local = _LOCAL.pack(b"PK\x03\x04", *common)
            body += [local, encoded, content]
            directory += [_CENTRAL.pack(b"PK\x01\x02", 20, *common, 0, 0, 0, 0, offset), encoded]
            offset += len(local) + len(encoded) + size
        listed = b"".join(directory)
        return b"".join(
            [*body, listed, _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(listed), offset, 0)]
        )


def _check_container(data: bytes) -> None:
    if not data:
        raise WorkbookRefusal("trống, không có gì bên trong. Kiểm tra lại tệp rồi gửi.")
    if len(data) > MAX_BYTES:
        raise WorkbookRefusal(f"{TOO_LARGE} Cỡ nhất là {MAX_BYTES // 2**20} MB.")
    if data.startswith(_OLE):
        raise WorkbookRefusal(_PASSWORD if "EncryptedPackage".encode("utf-16-le") in data else _OLD)
    if not data.startswith(b"PK\x03\x04"):
        raise WorkbookRefusal(_NOT_EXCEL)
    if len(data) < _END.size:
        raise WorkbookRefusal(BROKEN)
    mark, _, _, _, _, size, offset, comment = _END.unpack(data[-_END.size :])
    if mark != b"PK\x05\x06" or comment or offset + size + _END.size != len(data):
        raise WorkbookRefusal(BROKEN)


def _directory(data: bytes) -> dict[str, zipfile.ZipInfo]:
    """Every entry by lower-case name, after a look at names and declared sizes."""
    try:
        listed = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, struct.error):
        raise WorkbookRefusal(BROKEN) from None
    entries = {entry.filename.lower(): entry for entry in listed}
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in entries):
        raise WorkbookRefusal(_MACRO)
    if "xl/workbook.xml" not in entries:
        raise WorkbookRefusal(_NOT_EXCEL)
    total = sum(entry.file_size for entry in listed)
    if len(listed) > MAX_PARTS or total > min(MAX_UNPACKED, max(len(data) * MAX_RATIO, 2**20)):
        raise WorkbookRefusal(TOO_LARGE)
    if len(entries) < len(listed):
        raise WorkbookRefusal(BROKEN)
    return entries


def _inflate(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """One part, unpacked no further than its declared size, which must be its true size."""
    if entry.flag_bits & 1:
        raise WorkbookRefusal(_PASSWORD)
    start = entry.header_offset
    if data[start : start + 4] != b"PK\x03\x04" or start + _LOCAL.size > len(data):
        raise WorkbookRefusal(BROKEN)
    start += _LOCAL.size + sum(struct.unpack_from("<2H", data, start + 26))
    content, whole = data[start : start + entry.compress_size], True
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = stream.decompress(content, entry.file_size + 1)
        except zlib.error:
            raise WorkbookRefusal(BROKEN) from None
        whole = stream.eof
    elif entry.compress_type != zipfile.ZIP_STORED:
        raise WorkbookRefusal(BROKEN)
    if not whole or len(content) != entry.file_size:
        raise WorkbookRefusal(BROKEN)
    return content
