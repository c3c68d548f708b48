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
    faces = [_glyphs(path.read_bytes()) for path in sorted(FOLDER.glob("*.ttf"))]
    return frozenset.intersection(*map(frozenset, faces))


def width(text: str, *, bold: bool = False) -> float:
    """How long a line of text is, in em; a letter Tinos lacks counts as one em."""
    widths = _widths("Tinos-Bold.ttf" if bold else "Tinos-Regular.ttf")
    return sum(widths.get(ord(letter), 1.0) for letter in text)


@cache
def _widths(name: str) -> dict[int, float]:
    """The advance width of every letter in em (OpenType specification, head, hhea, hmtx)."""
    font = (FOLDER / name).read_bytes()
    tables = _tables(font)
    em, full = _short(font, tables[b"head"] + 18), _short(font, tables[b"hhea"] + 34)
    return {
        code: _short(font, tables[b"hmtx"] + 4 * min(glyph, full - 1)) / em
        for code, glyph in _glyphs(font).items()
    }


def _glyphs(font: bytes) -> dict[int, int]:
    """Glyphs by code point, from the font's ``cmap`` in format 4 (OpenType specification, cmap)."""
    cmap = _tables(font)[b"cmap"]
    (offset,) = struct.unpack_from(">I", font, cmap + 8)
    sub = cmap + offset
    if _short(font, sub) != 4:
        raise ValueError("cmap format 4 expected")
    count = _short(font, sub + 6) // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{count}H", font, sub + 14 + 2 * (n * count + (n > 0))) for n in range(4)
    )
    found = {}
    for n, (start, end, delta, moved) in enumerate(zip(starts, ends, deltas, ranges, strict=True)):
        here = sub + 16 + 2 * (3 * count + n)  # where this segment's idRangeOffset stands
        for code in range(start, end + 1 if end < 0xFFFF else start):
            glyph = _short(font, here + moved + 2 * (code - start)) if moved else code
            found[code] = (glyph + delta) % 0x10000
    return found


def _tables(font: bytes) -> dict[bytes, int]:
    """Where each table of a font begins."""
    records = range(12, 12 + 16 * _short(font, 4), 16)
    return {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in records}


def _short(data: bytes, at: int) -> int:
    return struct.unpack_from(">H", data, at)[0]
