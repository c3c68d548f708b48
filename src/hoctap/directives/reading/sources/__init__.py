"""What a person brings, as raw text: .txt, .md, .docx, .pdf, a scan or a photo. Nothing is understood here.

``text_of`` refuses what cannot be read, and says what to do.
"""

from pathlib import PurePosixPath

from hoctap.directives.reading.sources.encodings import decoded
from hoctap.kernel.errors import Refusal

LIMIT = 20 * 2**20  # bytes
TYPES = (".txt", ".md", ".docx", ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STARTS = {
    _OLE: "old", b"PK\x03\x04": "docx", b"%PDF-": "pdf", b"\x89PNG": "image", b"\xff\xd8\xff": "image", b"II*\0": "image",
    b"MM\0*": "image", b"{\\rtf": "rtf", b"RIFF": "other image", b"GIF8": "other image", b"BM": "other image",
}  # fmt: skip
_SAVE = "lưu thành kiểu Word Document (.docx) rồi chọn lại."
_REFUSED = {
    "rtf": f"là văn bản RTF. Mở bằng Word, {_SAVE}",
    "old": f"là Word đời cũ (.doc). Mở bằng Word, {_SAVE}",
    "locked": "có đặt mật khẩu nên không đọc được. Mở bằng Word, bỏ mật khẩu, lưu lại rồi chọn lại.",
    "other image": "là kiểu ảnh không đọc được. Lưu thành JPG hoặc PNG rồi chọn lại.",
    "other": f"không phải văn bản. Chọn tệp kiểu {', '.join(TYPES)}.",
    "empty": "trống, không có gì để đọc. Kiểm tra lại tệp rồi chọn lại.",
}


class Scanned(Exception):
    """The file has pictures of pages, which take seconds each to be read."""


def text_of(name: str, data: bytes, *, recognise: bool = True) -> str:
    """The raw text of a file; its type is what it is, whatever its name says. Raises Refusal.

    Without ``recognise`` raises Scanned where letters would have to be made out in pictures.
    """
    shown = name if name != "-" else "đầu vào"
    if len(data) > LIMIT:
        raise Refusal(f"Tệp {shown} nặng hơn {LIMIT // 2**20} MB. Tách hoặc nén tệp rồi chọn lại.")
    kind = _kind(PurePosixPath(name).suffix.lower(), data)
    if kind in _REFUSED:
        raise Refusal(f"Tệp {shown} {_REFUSED[kind]}")
    if kind == "docx":
        from hoctap.directives.reading.sources.word import read_docx

        return read_docx(shown, data)
    if kind == "pdf":
        from hoctap.directives.reading.sources.pdf import read_pdf

        return read_pdf(shown, data, recognise=recognise)
    if kind == "image":
        if not recognise:
            raise Scanned
        from hoctap.directives.reading.sources.scans import read_image

        return read_image(shown, data)
    if kind == "text":
        return decoded(shown, data)
    raise Refusal(f"Tệp {shown} không phải tệp {kind} thật, hoặc bị hỏng. Mở tệp, lưu lại rồi chọn lại.")


def _kind(named: str, data: bytes) -> str:
    """What the bytes are; the name's ending where they are not what it promises."""
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        return "empty"
    kind = next((kind for start, kind in _STARTS.items() if data.startswith(start)), "")
    if kind == "other image" and not _is_binary(data):
        kind = ""  # a text may begin with any letters
    if kind == "old" and "EncryptedPackage".encode("utf-16-le") in data:
        return "locked"
    if kind:
        return kind
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[4:8] == b"ftyp":
        return "other image"
    if named in TYPES[2:]:
        return named
    return "other" if _is_binary(data) else "text"


def _is_binary(data: bytes) -> bool:
    """Bytes that no text has, in UTF-16 neither."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    head = data[:4096]
    if b"\0\0\0" in head:
        return True
    wide = any(head[half::2].count(0) > len(head) * 0.3 for half in (0, 1))  # UTF-16 without its mark
    return not wide and sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) * 0.05
