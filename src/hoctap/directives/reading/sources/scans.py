"""Pictures of pages, by tesseract with its Vietnamese letters, where it is installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

import pypdfium2 as pdfium

from hoctap.directives.reading.sources.layout import Page, Piece, paragraphs
from hoctap.kernel.errors import Refusal

MAX_PAGES = 60  # some seconds each
SECONDS = 120  # for one page
_AT_ONCE = min(os.cpu_count() or 1, 4)
_ONE_THREAD = {"OMP_THREAD_LIMIT": "1"}  # several only wait for one another
_HOW = "Cài bằng lệnh: apt install tesseract-ocr tesseract-ocr-vie (Windows: bộ cài tesseract, chọn thêm Vietnamese)."


def read_image(name: str, data: bytes) -> str:
    """Text on one picture. Raises Refusal where there is no tesseract, or nothing is read."""
    _require(name)
    return _found(name, "\n\n".join(paragraphs([_recognised(name, data)])))


def read_pages(name: str, document: pdfium.PdfDocument, pages: list[int]) -> Iterator[Page]:
    """Scanned pages, 200 dots an inch."""
    _require(name)
    if len(pages) > MAX_PAGES:
        raise Refusal(
            f"Tệp {name} có {len(pages)} trang ảnh quét, chỉ đọc được {MAX_PAGES}. Tách tệp rồi chọn lại."
        )
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for at in range(0, len(pages), _AT_ONCE):  # no more pictures in memory than are being read
            pictures = [_picture(document, number) for number in pages[at : at + _AT_ONCE]]
            yield from pool.map(_recognised, repeat(name), pictures)


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


def _recognised(name: str, picture: bytes) -> Page:
    command = ["tesseract", "stdin", "stdout", "-l", "vie", "--psm", "3", "tsv"]
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
    return _page(_TWICE.sub("Đ", done.stdout.decode("utf-8", errors="replace")))


_TWICE = re.compile("ĐÐ|ÐĐ")  # one letter, taken for two that look the same
_PAGE, _LINE, _WORD = "1", "4", "5"  # levels of tesseract's table
_WIDTH = 595.0  # points, of an A4 page


def _page(table: str) -> Page:
    """Tesseract's table (level, …, left, top, width, height, confidence, word) as words that stand on a page."""
    page = Page(_WIDTH, 842.0, [])
    scale, top, bottom = 1.0, 0.0, 0.0
    for row in table.splitlines()[1:]:
        level, *_, x, y, width, height, _, word = row.split("\t")
        if level == _PAGE:
            scale = _WIDTH / max(int(width), 1)
            page.height = int(height) * scale
        elif level == _LINE:
            top = page.height - int(y) * scale
            bottom = top - int(height) * scale
            line_begins = True
        elif level == _WORD and word.strip():
            left = int(x) * scale
            piece = Piece(left, bottom, left + int(width) * scale, top, word.strip())
            if line_begins or piece.left - page.pieces[-1].right > 1.2 * piece.height:
                page.pieces.append(piece)
            else:
                before = page.pieces.pop()
                said = f"{before.text} {piece.text}"
                page.pieces.append(Piece(before.left, bottom, piece.right, top, said))
            line_begins = False
    return page


def _found(name: str, text: str) -> str:
    if len("".join(text.split())) < 20:
        raise Refusal(f"Không nhận được chữ nào trên ảnh {name}. Chụp hoặc quét lại rõ hơn rồi chọn lại.")
    return text
