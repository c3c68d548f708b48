"""Pictures of pages, by tesseract with its Vietnamese letters, where it is installed."""

import os
import shutil
import subprocess
from collections.abc import Iterator

import pypdfium2 as pdfium

from hoctap.kernel.errors import Refusal

MAX_PAGES = 60  # some seconds each
SECONDS = 120  # for one page
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}  # several only wait for one another
_HOW = "Cài bằng lệnh: apt install tesseract-ocr tesseract-ocr-vie (Windows: bộ cài tesseract, chọn thêm Vietnamese)."


def read_image(name: str, data: bytes) -> str:
    """Text on one picture. Raises Refusal where there is no tesseract, or nothing is read."""
    _require(name)
    return _found(name, _recognised(name, data))


def read_pages(name: str, document: pdfium.PdfDocument, pages: list[int]) -> Iterator[str]:
    """Text of scanned pages, 200 dots an inch."""
    _require(name)
    if len(pages) > MAX_PAGES:
        raise Refusal(
            f"Tệp {name} có {len(pages)} trang ảnh quét, chỉ đọc được {MAX_PAGES}. Tách tệp rồi chọn lại."
        )
    texts = [_recognised(name, _picture(document, number)) for number in pages]
    _found(name, "".join(texts))
    yield from texts


def _require(name: str) -> None:
    program = shutil.which("tesseract")
    if program is None:
        raise Refusal(f"Tệp {name} là ảnh quét, mà máy chủ chưa có tesseract để nhận chữ. {_HOW}")
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    if "vie" not in listed.stdout.split():
        raise Refusal(f"Tệp {name} là ảnh quét, mà tesseract trên máy chủ chưa có chữ Việt. {_HOW}")


def _picture(document: pdfium.PdfDocument, number: int) -> bytes:
    """One page as a grey picture (PGM)."""
    page = document[number]
    try:
        bitmap = page.render(scale=200 / 72, grayscale=True)
        rows = bytes(bitmap.buffer)
        flat = b"".join(
            rows[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height)
        )
        return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + flat
    finally:
        page.close()


def _recognised(name: str, picture: bytes) -> str:
    command = ["tesseract", "stdin", "stdout", "-l", "vie", "--psm", "3"]
    try:
        done = subprocess.run(
            command,
            input=picture,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env=os.environ | _ONE_THREAD,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise Refusal(
            f"Không nhận được chữ trên ảnh {name}. Chụp hoặc quét lại rõ hơn rồi chọn lại."
        ) from None
    return done.stdout.decode("utf-8", errors="replace")


def _found(name: str, text: str) -> str:
    if len("".join(text.split())) < 20:
        raise Refusal(f"Không nhận được chữ nào trên ảnh {name}. Chụp hoặc quét lại rõ hơn rồi chọn lại.")
    return text
