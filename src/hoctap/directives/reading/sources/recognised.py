"""What tesseract read on a picture, as a page of placed words: turned upright and straightened by its own lines. Pure."""

import re
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from hoctap.directives.reading.sources.layout import Page, Piece

_WORD = "5"  # level of a row that holds a word
_WIDTH = 595.0  # points, of an A4 page
_TWICE = re.compile("ĐÐ|ÐĐ")  # one letter, taken for two that look the same


@dataclass(frozen=True)
class _Word:
    """From the upper left corner, in pixels along the lines and down the page."""

    left: float
    top: float
    width: float
    height: float
    text: str

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


def page_of(table: str) -> Page:
    """``table``: tesseract's TSV (level, page, block, par, line, word, left, top, width, height, confidence, text)."""
    rows = [row.split("\t") for row in table.splitlines()[1:]]
    if not rows:
        return Page(_WIDTH, 842.0, [])
    width, height = float(rows[0][8]), float(rows[0][9])
    said = (row for row in rows if row[0] == _WORD and row[11].strip())
    lines = [[_word(row) for row in line] for _, line in groupby(said, key=lambda row: row[1:5])]
    lines, width, height = _upright(lines, width, height)
    slope = _slope(lines)
    scale = _WIDTH / max(width, 1)
    pieces = [piece for line in lines for piece in _pieces(line, slope, scale, height)]
    return Page(_WIDTH, height * scale, pieces)


def _word(row: list[str]) -> _Word:
    left, top, width, height = map(float, row[6:10])
    return _Word(left, top, width, height, _TWICE.sub("Đ", row[11].strip()))


def _upright(lines: list[list[_Word]], width: float, height: float) -> tuple[list[list[_Word]], float, float]:
    """A page that lay on its side, or upside down: tesseract reads it, in the order of its words, where they stand."""
    long = [line for line in lines if len(line) >= 3]
    across = median([line[-1].middle[0] - line[0].middle[0] for line in long] or [1])
    down = median([line[-1].middle[1] - line[0].middle[1] for line in long] or [0])
    if abs(across) >= abs(down):
        if across >= 0:
            return lines, width, height
        return [[_Word(width - w.left - w.width, height - w.top - w.height, w.width, w.height, w.text) for w in line]
                for line in lines], width, height  # fmt: skip
    return (
        [
            [
                _Word(height - w.top - w.height, w.left, w.height, w.width, w.text)
                if down < 0
                else _Word(w.top, width - w.left - w.width, w.height, w.width, w.text)
                for w in line
            ]
            for line in lines
        ],
        height,
        width,
    )


def _slope(lines: list[list[_Word]]) -> float:
    """How far a line sinks from word to word, on a page that lay askew."""
    long = [line for line in lines if len(line) >= 5]
    return median(
        [
            (line[-1].middle[1] - line[0].middle[1]) / max(line[-1].middle[0] - line[0].middle[0], 1)
            for line in long
        ]
        or [0.0]
    )


def _pieces(line: list[_Word], slope: float, scale: float, height: float) -> list[Piece]:
    """Words that follow one another; a wide gap parts them."""
    tops = [word.top - slope * word.middle[0] for word in line]
    top = (height - min(tops)) * scale
    bottom = (height - max(at + word.height for at, word in zip(tops, line, strict=True))) * scale
    found: list[Piece] = []
    for word in line:
        left, right = word.left * scale, (word.left + word.width) * scale
        if found and left - found[-1].right <= 1.2 * (top - bottom):
            begun = found.pop()
            found.append(Piece(begun.left, bottom, right, top, f"{begun.text} {word.text}"))
        else:
            found.append(Piece(left, bottom, right, top, word.text))
    return found
