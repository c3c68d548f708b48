"""What a person brings, as raw text: .txt, .md, .docx, .pdf, a scan or a photo. Nothing is understood here.

``text_of`` refuses what cannot be read, and says what to do.
"""

from pathlib import PurePosixPath

from hoctap.directives.reading.sources.encodings import decoded
from hoctap.kernel.errors import Refusal

LIMIT = 20 * 2**20  # bytes
TYPES = (".txt", ".md", ".docx", ".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")
_STARTS = {
    b"%PDF-": ".pdf", b"PK\x03\x04": ".docx", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg", b"II*\0": ".tif",
    b"MM\0*": ".tif",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def text_of(name: str, data: bytes) -> str:
    """The raw text of a file; its type is what it is, whatever its name says. Raises Refusal."""
    named = PurePosixPath(name).suffix.lower()
    if not data.strip():
        raise Refusal(f"Tệp {name} trống, không có gì để đọc. Kiểm tra lại tệp rồi chọn lại.")
    if len(data) > LIMIT:
        size = f"{len(data) / 2**20:.1f}".replace(".", ",")
        raise Refusal(
            f"Tệp {name} nặng {size} MB, nhiều nhất là {LIMIT // 2**20} MB. Tách hoặc nén tệp rồi chọn lại."
        )
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refusal(
                f"Tệp {name} có đặt mật khẩu nên không đọc được. Mở bằng Word, bỏ mật khẩu, lưu lại rồi chọn lại."
            )
        raise Refusal(
            f"Tệp {name} là Word đời cũ (.doc). Mở bằng Word, lưu thành kiểu Word Document (.docx) rồi chọn lại."
        )
    kind = next((kind for start, kind in _STARTS.items() if data.startswith(start)), "")
    if kind == ".docx":
        from hoctap.directives.reading.sources.word import read_docx

        return read_docx(name, data)
    if kind == ".pdf" or b"%PDF-" in data[:1024]:
        from hoctap.directives.reading.sources.pdf import read_pdf

        return read_pdf(name, data)
    if kind:
        from hoctap.directives.reading.sources.scans import read_image

        return read_image(name, data)
    if named in (".docx", ".pdf", ".png", ".jpg", ".jpeg"):
        raise Refusal(f"Tệp {name} không phải tệp {named} thật, hoặc bị hỏng. Mở tệp, lưu lại rồi chọn lại.")
    if b"\0\0\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refusal(f"Không đọc được tệp {name}. Chọn tệp văn bản: {', '.join(TYPES)}.")
    return decoded(data)
