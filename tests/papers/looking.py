"""Reading a rendered PDF back: lines with their place, face and size, in millimetres and points."""

from dataclasses import dataclass
from io import BytesIO

import pdfplumber

MM = 25.4 / 72


@dataclass(frozen=True)
class Line:
    text: str
    face: str
    size: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2

    @property
    def width(self) -> float:
        return self.right - self.left


def opened(data: bytes) -> pdfplumber.PDF:
    return pdfplumber.open(BytesIO(data))


def lines(page, left: float = 0, right: float | None = None) -> list[Line]:
    """The lines of a page (or of the strip between two millimetre marks), from top to bottom."""
    strip = page.crop((left / MM, 0, right / MM if right else page.width, page.height))
    return [_line(found) for found in strip.extract_text_lines(return_chars=True, x_tolerance=1.5)]


def _line(found) -> Line:
    inked = [char for char in found["chars"] if char["text"].strip()]
    faces = {char["fontname"].split("+")[-1] for char in inked}
    sizes = {round(char["size"], 2) for char in inked}
    return Line(
        " ".join(found["text"].split()),
        "/".join(sorted(faces)),
        max(sizes),
        min(char["x0"] for char in inked) * MM,
        max(char["x1"] for char in inked) * MM,
        found["top"] * MM,
        found["bottom"] * MM,
    )


def line(page, start: str, left: float = 0, right: float | None = None) -> Line:
    found = [one for one in lines(page, left, right) if one.text.startswith(start)]
    assert found, (start, [one.text for one in lines(page, left, right)])
    return found[0]


def rules(page) -> list[Line]:
    """The horizontal rules of a page."""
    found = [*page.lines, *page.rects, *page.curves]
    return [
        Line("", "", 0, one["x0"] * MM, one["x1"] * MM, one["top"] * MM, one["bottom"] * MM)
        for one in found
        if one["x1"] - one["x0"] > 10 and one["bottom"] - one["top"] < 2
    ]


def rule_under(page, above: Line) -> Line:
    """The rule next below a line, within 3 mm."""
    near = [one for one in rules(page) if 0 < one.top - above.top < above.bottom - above.top + 3]
    near = [one for one in near if abs(one.centre - above.centre) < 1]
    assert len(near) == 1, (above, rules(page))
    return near[0]


def flat(page) -> str:
    return " ".join(page.extract_text(x_tolerance=1.5).split())
