"""Pictures of pages, by tesseract with its Vietnamese letters, where it is installed."""

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pypdfium2 as pdfium

from hoctap.directives.reading.sources.layout import Page, paragraphs
from hoctap.directives.reading.sources.recognised import page_of
from hoctap.kernel.errors import Refusal

MAX_PAGES = 60  # some seconds each
MAX_PIXELS = 120_000_000  # of one picture; the best telephones take as many
_LONGEST = 4000  # pixels of a page's longer side
SECONDS = 120  # for one page
_AT_ONCE = min(os.cpu_count() or 1, 4)
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}  # several only wait for one another
_HOW = "Cài bằng lệnh: apt install tesseract-ocr tesseract-ocr-vie (Windows: bộ cài tesseract, chọn thêm Vietnamese)."


def read_image(name: str, data: bytes) -> str:
    """Text on one picture. Raises Refusal where there is no tesseract, or nothing is read."""
    _check_size(name, data)
    way = _TURN_AND_FIND if "osd" in _required(name) else _FIND
    return _found(name, "\n\n".join(paragraphs([_recognised(name, data, way)])))


def read_pages(name: str, document: pdfium.PdfDocument, pages: list[int]) -> Iterator[Page]:
    """Scanned pages, 200 dots an inch."""
    _required(name)
    if len(pages) > MAX_PAGES:
        raise Refusal(
            f"Tệp {name} có {len(pages)} trang ảnh quét, chỉ đọc được {MAX_PAGES}. Tách tệp rồi chọn lại."
        )
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for at in range(0, len(pages), _AT_ONCE):  # no more pictures in memory than are being read
            pictures = [_picture(document, number) for number in pages[at : at + _AT_ONCE]]
            yield from pool.map(_recognised, repeat(name), pictures)


def _check_size(name: str, data: bytes) -> None:
    """Before anything unpacks it: a few bytes may stand for gigabytes."""
    try:
        width, height = _measures(data)
    except (struct.error, IndexError, StopIteration):
        raise Refusal(f"Tệp ảnh {name} bị hỏng. Chụp hoặc quét lại rồi chọn lại.") from None
    if not 0 < width * height <= MAX_PIXELS:
        raise Refusal(f"Ảnh {name} lớn {width} x {height} điểm, quá mức đọc được. Thu nhỏ ảnh rồi chọn lại.")


def _measures(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG, JPEG or TIFF, by its own head."""
    if data.startswith(b"\x89PNG"):
        return struct.unpack_from(">II", data, 16)
    if data.startswith(b"\xff\xd8"):
        at = 2
        while not (0xC0 <= data[at + 1] <= 0xCF and data[at + 1] not in (0xC4, 0xC8, 0xCC)):
            at += 2 + struct.unpack_from(">H", data, at + 2)[0] if data[at] == 0xFF else 1
        height, width = struct.unpack_from(">HH", data, at + 5)
        return width, height
    order = "<" if data.startswith(b"II") else ">"
    (at,) = struct.unpack_from(f"{order}I", data, 4)
    (count,) = struct.unpack_from(f"{order}H", data, at)
    tags = [struct.unpack_from(f"{order}HHI", data, at + 2 + 12 * n) for n in range(count)]
    said = {
        tag: struct.unpack_from(order + ("H" if kind == 3 else "I"), data, at + 10 + 12 * n)[0]
        for n, (tag, kind, _) in enumerate(tags)
        if tag in (256, 257)
    }
    return said.get(256, 0), said.get(257, 0)


def _required(name: str) -> list[str]:
    """The languages tesseract has here, Vietnamese among them."""
    program = shutil.which("tesseract")
    if program is None:
        raise Refusal(f"Tệp {name} là ảnh quét, mà máy chủ chưa có tesseract để nhận chữ. {_HOW}")
    listed = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    languages = listed.stdout.split()
    if "vie" not in languages:
        raise Refusal(f"Tệp {name} là ảnh quét, mà tesseract trên máy chủ chưa có chữ Việt. {_HOW}")
    return languages


def _picture(document: pdfium.PdfDocument, number: int) -> bytes:
    """One page as a grey picture (PGM)."""
    page = document[number]
    try:
        scale = min(200 / 72, _LONGEST / max(*page.get_size(), 1))
        bitmap = page.render(scale=scale, grayscale=True)
        rows = bytes(bitmap.buffer)
        flat = b"".join(
            rows[y * bitmap.stride : y * bitmap.stride + bitmap.width] for y in range(bitmap.height)
        )
        return b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + flat
    finally:
        page.close()


_TURN_AND_FIND, _FIND = "1", "3"  # tesseract's ways to go over a page


def _recognised(name: str, picture: bytes, way: str = _FIND) -> Page:
    command = ["tesseract", "stdin", "stdout", "-l", "vie", "--psm", way, "tsv"]
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
    return page_of(done.stdout.decode("utf-8", errors="replace"))


def _found(name: str, text: str) -> str:
    if len("".join(text.split())) < 20:
        raise Refusal(f"Không nhận được chữ nào trên ảnh {name}. Chụp hoặc quét lại rõ hơn rồi chọn lại.")
    return text
