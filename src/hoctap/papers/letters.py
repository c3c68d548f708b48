"""Tinos: the letters PDFs are set in (widths of Times New Roman, every Vietnamese letter; SIL OFL 1.1)."""

import re
import struct
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "fonts"
REPLACEMENT = "□"
BREAK = "\u200b"  # marks where an overlong word may be broken; the template sets no letter for it


def printable(text: str, longest: int) -> str:
    """The text with a box for every letter Tinos lacks, and words over ``longest`` letters breakable.

    PDF/A refuses a page with a missing letter, so one emoji in a note would otherwise stop the paper.
    """
    known = covered()
    text = "".join(c if c == "\n" or ord(c) in known else REPLACEMENT for c in text)
    return re.sub(rf"\S{{{longest + 1},}}", lambda word: BREAK.join(word.group()), text)


@cache
def covered() -> frozenset[int]:
    """Code points all four faces can show."""
    faces = [_code_points(path.read_bytes()) for path in sorted(FOLDER.glob("*.ttf"))]
    return frozenset.intersection(*faces)


def _code_points(font: bytes) -> frozenset[int]:
    """Read a TrueType font's ``cmap`` in format 4, segment by segment (OpenType specification, cmap)."""
    tables = {font[at : at + 4]: at for at in range(12, 12 + 16 * _short(font, 4), 16)}
    (cmap,) = struct.unpack_from(">I", font, tables[b"cmap"] + 8)
    (offset,) = struct.unpack_from(">I", font, cmap + 8)
    sub = cmap + offset
    if _short(font, sub) != 4:
        raise ValueError("cmap format 4 expected")
    count = _short(font, sub + 6) // 2
    ends = struct.unpack_from(f">{count}H", font, sub + 14)
    starts = struct.unpack_from(f">{count}H", font, sub + 16 + 2 * count)
    return frozenset(
        code
        for start, end in zip(starts, ends, strict=True)
        for code in range(start, end + 1)
        if end < 0xFFFF
    )


def _short(data: bytes, at: int) -> int:
    return struct.unpack_from(">H", data, at)[0]
