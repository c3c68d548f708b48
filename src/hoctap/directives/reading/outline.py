"""The normalised text as an outline: every line with its marker and what stands above it. Pure.

Markers nest as each document nests them (Nghị định 30/2020: phần, chương, mục, điều, khoản, điểm; plans use I. 1. a) - +):
a kind of marker met for the first time goes one level deeper than the line before, one met before goes back to its level.
"""

import re
from dataclasses import dataclass, field

CAPITAL = "A-Z" + "".join(letter for letter in map(chr, range(0xC0, 0x1EFA)) if letter.isupper())
"""Capital letters, for a regular expression's brackets: "À-Ỹ" holds small ones, too."""

_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_MARKERS: list[tuple[str, re.Pattern[str]]] = [
    ("annex", re.compile(r"(?:Phụ lục|PHỤ LỤC)(?:\s+(?P<no>[IVXLC]+|\d+[A-Za-z]?))?\s*[.:]?(?:\s+|$)")),
    ("part", re.compile(r"(?:Phần|PHẦN)\s+(?P<no>[IVXLC]+|\d+|(?:thứ|THỨ)\s+\S+)[.:]?(?:\s+|$)")),
    ("chapter", re.compile(r"(?:Chương|CHƯƠNG)\s+(?P<no>[IVXLC]+|\d+)[.:]?(?:\s+|$)")),
    ("section", re.compile(r"(?:Mục|MỤC)\s+(?P<no>[IVXLC]+|\d+)[.:]?(?:\s+|$)")),
    ("article", re.compile(r"(?:Điều|ĐIỀU)\s+(?P<no>\d+)[.:]?(?:\s+|$)")),
    ("capital", re.compile(r"(?P<no>[A-HJ-UWYZ])\s?[.)](?:\s+(?=\S)|$)|(?P<no2>[A-HJ-UWYZ])\s[-–]\s")),
    ("roman", re.compile(r"(?P<no>[IVX]{1,7})\s?[./)](?:\s*(?=\S)|$)|(?P<no2>[IVX]{1,5})\s?[-–]\s")),
    ("decimal", re.compile(r"(?P<no>\d{1,2}(?:\.\d{1,2}){0,4})\s?[.)](?!\d)\s*(?=\S)|(?P<no2>\d{1,2}(?:\.\d{1,2}){1,4})\s"
        r"|(?P<no3>\d{1,2})\s?/\s(?=\S)|(?P<no4>\d{1,2})-\s")),
    ("letter", re.compile(r"(?P<no>[a-zđ])\s?[).]\s+(?=\S)")),
    ("dash", re.compile(r"[-–—]\s*(?=[^\W\d_]|[“\"(\d])")),
    ("plus", re.compile(r"\+\s*(?=\S)")),
    ("bullet", re.compile(r"[•*▪●○◦►➢✓✔·]\s*(?=\S)")),
]  # fmt: skip
LONGEST_HEADING = 220


@dataclass(eq=False)
class Line:
    """One paragraph: its place in the text, its marker (kind and number) and the text behind the marker."""

    start: int
    end: int
    text: str
    marker: str = ""
    no: str = ""
    body: int = 0  # where the text behind the marker begins, from ``start``
    above: "Line | None" = None
    below: list["Line"] = field(default_factory=list)

    @property
    def said(self) -> str:
        return self.text[self.body :]

    @property
    def said_at(self) -> int:
        return self.start + self.body

    @property
    def is_row(self) -> bool:
        return "\t" in self.text

    @property
    def is_item(self) -> bool:
        return self.marker in ("dash", "plus", "bullet")

    @property
    def is_heading(self) -> bool:
        """Short, with a number of its own, and no sentence."""
        if not self.marker or self.is_item or len(self.text) > LONGEST_HEADING:
            return False
        return self.said.rstrip()[-1:] not in (".", ";", ",") or self.said.isupper()

    @property
    def is_title(self) -> bool:
        """In capitals, without a marker."""
        return (
            not self.marker and self.text.isupper() and len(self.text) <= LONGEST_HEADING and not self.is_row
        )

    @property
    def leads(self) -> bool:
        """A line without a marker that what is listed below it belongs to: "Công đoàn cơ sở trực thuộc:"."""
        return not self.marker and self.text.endswith(":") and not self.is_row

    @property
    def ref(self) -> str:
        """As one would cite it: "III.1.2", "Điều 3.1.a"."""
        parts: list[str] = []
        line: Line | None = self
        while line:
            if line.no:
                own = f"Điều {line.no}" if line.marker == "article" else line.no
                if not (parts and line.marker == "decimal" and parts[0].startswith(f"{line.no}.")):
                    parts.insert(0, own)
            if line.marker == "article":  # numbered through all chapters
                break
            line = line.above
        return ".".join(parts)


def lines_of(text: str) -> list[Line]:
    """Every line with its marker; not nested yet."""
    found: list[Line] = []
    at = 0
    for part in text.split("\n"):
        if part:
            line = _marked(Line(at, at + len(part), part))
            last = found[-1] if found else None
            if last and line.is_title and last.marker in ("part", "chapter", "section") and not last.said:
                last.text += f" {part}"  # "Phần II" / "NHIỆM VỤ TRỌNG TÂM"
                last.end, last.body = line.end, line.start - last.start
            else:
                found.append(line)
        at += len(part) + 1
    return found


def _marked(line: Line) -> Line:
    if line.is_row:
        return line
    for kind, pattern in _MARKERS:
        match = pattern.match(line.text)
        if match:
            line.marker = kind
            line.no = next((no for no in match.groupdict().values() if no), "")
            line.body = match.end()
            break
    return line


def nest(lines: list[Line]) -> list[Line]:
    """Hang every line below the one it belongs to; returns those at the top. A plain line belongs to the last heading."""
    top: list[Line] = []
    open_: list[Line] = []  # from the outermost in
    for line in lines:
        line.above, line.below = None, []
        if line.marker or line.leads:
            depth = _depth(line, open_)
            del open_[depth:]
            _hang(line, open_, top)
            open_.append(line)
        else:
            while open_ and not open_[-1].is_heading:
                open_.pop()
            _hang(line, open_, top)
    return top


def _hang(line: Line, open_: list[Line], top: list[Line]) -> None:
    if open_:
        line.above = open_[-1]
        open_[-1].below.append(line)
    else:
        top.append(line)


def _kind(line: Line) -> str:
    return f"decimal{line.no.count('.')}" if line.marker == "decimal" else line.marker


def _depth(line: Line, open_: list[Line]) -> int:
    """At which place of the open lines this one stands: that of its own kind, if one is open, else below all it can."""
    kinds = [_kind(other) for other in open_]
    kind = _kind(line)
    if (
        open_
        and open_[0].leads
        and line.marker in ("part", "chapter", "section", "article", "capital", "roman", "decimal")
    ):
        return 0  # "…, Ủy ban nhân dân xây dựng Kế hoạch như sau:" leads to the whole text
    if kind in kinds:
        return kinds.index(kind)
    if line.leads:
        return next((at for at, other in enumerate(open_) if other.is_item or other.leads), len(kinds))
    if line.marker in ("roman", "part", "chapter", "annex", "capital"):
        outer = ("annex", "part", "chapter") + (("capital",) if line.marker == "roman" else ())
        return next((at for at, other in enumerate(kinds) if other not in outer), len(kinds))
    if line.marker == "decimal" and "." in line.no:
        parent = line.no.rpartition(".")[0]
        for at in range(len(open_) - 1, -1, -1):
            if open_[at].marker == "decimal" and open_[at].no == parent:
                return at + 1
    if line.marker == "decimal":
        items = ("letter", "dash", "plus", "bullet")
        return next((at for at, other in enumerate(kinds) if other in items), len(kinds))
    if line.marker == "letter":
        return next((at for at, other in enumerate(kinds) if other in ("dash", "plus", "bullet")), len(kinds))
    return len(kinds)


def roman(no: str) -> int:
    """The value of a Roman number; 0 for anything else."""
    total, last = 0, 0
    for letter in reversed(no):
        value = _ROMAN.get(letter, 0)
        total += value if value >= last else -value
        last = max(last, value)
    return total


def walk(lines: list[Line]):
    """These lines and all below them, in their order."""
    for line in lines:
        yield line
        yield from walk(line.below)
