"""What may be attached to a document: ordinary office files up to 20 MB, known by their content, without macros."""

import io
import re
import unicodedata
import zipfile
from pathlib import PurePosixPath

from hoctap.kernel.errors import Refusal
from hoctap.kernel.files import MEDIA

LIMIT = 20 * 1024 * 1024  # bytes
TYPES = {
    ".pdf": MEDIA["pdf"],
    ".docx": MEDIA["docx"],
    ".xlsx": MEDIA["xlsx"],
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
}
_STARTS = {".pdf": b"%PDF-", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff", ".png": b"\x89PNG\r\n\x1a\n"}
_PARTS = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
_NAMES = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx) hoặc ảnh (.jpg, .png)"


def check(name: str, data: bytes) -> str:
    """The name to keep for a file that may be attached; a Refusal naming the file otherwise."""
    name = clean_name(name)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in TYPES:
        _refuse(
            name,
            f"loại tệp này không nhận. Chỉ nhận {_NAMES}; tệp .doc, .xls cũ thì lưu lại thành .docx, .xlsx",
        )
    if not data:
        _refuse(name, "tệp rỗng. Kiểm tra lại tệp rồi chọn lại")
    if len(data) > LIMIT:
        _refuse(
            name,
            f"nặng {len(data) / 1024 / 1024:.1f} MB".replace(".", ",")
            + ", nhiều nhất là 20 MB. Nén hoặc tách tệp",
        )
    if suffix in _PARTS:
        _check_office(name, data, _PARTS[suffix])
    elif not data.startswith(_STARTS[suffix]):
        _refuse(name, f"nội dung không phải tệp {suffix}. Mở tệp, lưu lại đúng loại rồi chọn lại")
    return name


def clean_name(name: str) -> str:
    """The last part of a path, NFC, without control characters, at most 200 characters with its ending."""
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .") or "tep"
    stem, dot, ending = name.rpartition(".")
    return name if len(name) <= 200 else f"{stem[: 199 - len(ending)]}{dot}{ending}"


def content_type(name: str) -> str:
    return TYPES.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


def _check_office(name: str, data: bytes, part: str) -> None:
    try:
        inside = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except zipfile.BadZipFile:
        _refuse(name, "tệp hỏng, bị cắt, có mật khẩu hoặc không đúng loại. Mở tệp, lưu lại rồi chọn lại")
    if "[Content_Types].xml" not in inside or not any(entry.startswith(part) for entry in inside):
        _refuse(name, "nội dung không đúng loại ghi ở tên tệp. Mở tệp, lưu lại đúng loại rồi chọn lại")
    if any(entry.lower().endswith("vbaproject.bin") for entry in inside):
        _refuse(name, "tệp có macro. Lưu lại bản không có macro rồi chọn lại")


def _refuse(name: str, why: str) -> None:
    raise Refusal(f"Tệp {name}: {why}. Chưa vào sổ gì.", places=[(name, why)])
