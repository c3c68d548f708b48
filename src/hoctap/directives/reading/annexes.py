"""What appendices hold: slogans to hang up, and the table of figures that reports are to carry. Pure."""

import re
from collections.abc import Iterator
from itertools import islice

from hoctap.directives.reading.outline import Line, nest, roman, walk
from hoctap.directives.reading.said import Said, quoted, stated
from hoctap.directives.reading.tables import columns_of
from hoctap.kernel.vietnamese import fold

_SLOGANS = re.compile(r"\bkhau hieu\b")
_AUTHOR = re.compile(r"\s*[(–-]\s*(?P<author>[^\W\d_][^()“”\n]{1,60}?)\)?\s*[.;”]*\s*$")
_PLACED = re.compile(r"(?:Treo|Dán|Trang trí|Đặt|Tại|Tuyên truyền|Sử dụng|Dành cho|Cấp|Ở)\b")
_HEADER = {
    "stt": re.compile(r"^(?:stt|tt|so tt|so thu tu)$"),
    "unit": re.compile(r"don vi(?: tinh)?$|^dvt$|^don vi$"),
    "label": re.compile(
        r"noi dung|hoat dong|chi tieu|tieu chi|ten |danh muc|cong viec|hang muc|dien giai|linh vuc"
    ),
}


def slogans(text: str, body: list[Line], annexes: list[list[Line]]) -> list[dict]:
    """Each with its author and where it is to hang, from an appendix, or a list in the text, that says so."""
    found: list[dict] = []
    for lines in [*annexes, *_lists(body)]:
        title = " ".join(fold(line.text) for line in lines[:4])
        if _SLOGANS.search(title) and not any("\t" in line.text for line in lines):
            found += _in(text, lines)
    return found


_HEADS_SLOGANS = re.compile(
    r"(?:(?:mot so|cac|noi dung)(?: cau)? )?khau hieu(?: (?:tuyen truyen|co dong|truc quan)[^.;:]{0,80})?\s*:?$"
)


def _lists(body: list[Line]) -> list[list[Line]]:
    """A heading in the text that speaks of slogans, with the quoted lines below it."""
    nest(body)
    return [
        [line, *walk(line.below)]
        for line in body
        if line.below and _SLOGANS.search(fold(line.said)) and len(line.text) < 200
        and (_HEADS_SLOGANS.match(fold(line.said))
             or any(other.said.lstrip().startswith(("“", "\"")) for other in line.below))
    ]  # fmt: skip


def _in(text: str, lines: list[Line]) -> list[dict]:
    nest(lines)
    found: list[dict] = []
    place: Said | None = None
    begun = False
    for line in lines:
        said = line.said.strip()
        if line.marker and _PLACED.match(said) and not said.startswith("“"):
            place = stated(text, line.said_at, line.end)
            begun = True
            continue
        if not (line.marker and line.marker != "annex") and not said.startswith(("“", '"')):
            if begun and len(found) and not line.is_title:
                continue
            continue
        if (
            said.endswith(":")
            or (line.is_heading and said.isupper())
            or line.marker in ("roman", "capital", "annex")
        ):
            place = stated(text, line.said_at, line.end) if _PLACED.match(said) else place
            continue
        slogan = _slogan(text, line.said_at, line.end)
        if slogan:
            found.append({**slogan, "place": place})
    return found


def _slogan(text: str, start: int, end: int) -> dict | None:
    whole = stated(text, start, end)
    if whole is None:
        return None
    author = None
    end = whole.end
    if named := _AUTHOR.search(text, whole.start, end):
        words = named["author"].split()
        bracket = "(" in named[0]
        if bracket and len(words) <= 8 and words[0][0].isupper():
            author = quoted(text, *named.span("author"))
            end = named.start()
    while end > start and text[end - 1] in ' .;,”"' and not text.endswith("...", 0, end):
        end -= 1
    begin = whole.start
    while begin < end and text[begin] in '“"':
        begin += 1
    said = quoted(text, begin, end)
    return {"text": said, "author": author} if said and len(str(said.value)) >= 6 else None


def form(text: str, annexes: list[list[Line]], body: list[Line]) -> dict | None:
    """The first table that asks for figures: numbered sections, the lines below each, and the units they count in."""
    for lines, at, columns in islice(_tables(text, annexes, body), _MOST_TABLES):
        rows = _rows(lines, at + 1)
        sections = [] if _filled(rows) else _sections(text, rows, columns)
        if sections:
            return {"title": _title(text, lines[:at]), "sections": sections}
    return None


_MOST_TABLES, _MOST_ROWS = 10, 2000  # that look like one; of one


def _tables(
    text: str, annexes: list[list[Line]], body: list[Line]
) -> Iterator[tuple[list[Line], int, dict[str, int]]]:
    """Where the first row of a table says that figures are asked for: its lines, its place, its columns."""
    for lines in [*annexes, body]:
        for at, line in enumerate(lines):
            if line.is_row and not (at and lines[at - 1].is_row):
                columns = _columns(line)
                if columns is not None and not columns_of(text, line):
                    yield lines, at, columns


def _rows(lines: list[Line], at: int) -> list[Line]:
    rows: list[Line] = []
    for line in islice(lines, at, None):
        if line.is_row:
            rows.append(line)
        elif rows and (line.marker or line.is_title):
            break
        if len(rows) == _MOST_ROWS:
            break
    return rows


def _filled(rows: list[Line]) -> bool:
    """Whether figures stand in most rows already: a report's own table asks for none."""
    figures = sum(bool(re.search(r"\t[\d.,]+\s*(?:%|\t|$)", row.text)) for row in rows)
    return figures * 2 > len(rows)


def _cells(line: Line) -> list[tuple[int, int]]:
    places, at = [], line.start
    for cell in line.text.split("\t"):
        places.append((at, at + len(cell)))
        at += len(cell) + 1
    return places


def _columns(head: Line) -> dict[str, int] | None:
    """Which column holds what, by the table's first row; None where it asks for no figures."""
    cells = [fold(cell).strip() for cell in head.text.split("\t")]
    found: dict[str, int] = {}
    for name, pattern in _HEADER.items():
        for at, cell in enumerate(cells):
            if at not in found.values() and pattern.search(cell):
                found[name] = at
                break
    asks = any(
        re.search(r"so luong|ket qua|so lieu|thuc hien|so nguoi|tong so|ghi chu|so lop", cell)
        for cell in cells
    )
    lists = any(re.search(r"chu tri|phoi hop|ho (?:va )?ten", cell) for cell in cells)  # tasks, or persons
    return found if not lists and "stt" in found and "label" in found and (asks or "unit" in found) else None


def _sections(text: str, rows: list[Line], columns: dict[str, int]) -> list[dict]:
    sections: list[dict] = []
    for row in rows:
        cells = _cells(row)
        if len(cells) <= columns["label"]:
            continue
        label = stated(text, *cells[columns["label"]])
        if label is None or re.fullmatch(r"\(?\d{1,2}\)?", str(label.value)):
            continue
        number = quoted(text, *cells[columns["stt"]])
        units = _units(text, cells, columns)
        is_section = number is not None and bool(
            re.fullmatch(r"\d{1,2}\.?|[IVX]{1,5}\.?|[A-Z]\.?", str(number.value))
        )
        if is_section and number and (not sections or _opens(str(number.value), sections)):
            sections.append({"no": quoted(text, number.start, number.end), "title": label, "lines": []})
            if units:
                sections[-1]["lines"].append({"label": label, "units": units})
        elif sections:
            sections[-1]["lines"].append({"label": label, "units": units})
    return sections


def _opens(number: str, sections: list[dict]) -> bool:
    """Roman sections hold Arabic lines; where sections are Arabic, each number opens one."""
    first = str(sections[0]["no"].value)
    return bool(roman(number.rstrip("."))) == bool(roman(first.rstrip(".")))


def _units(text: str, cells: list[tuple[int, int]], columns: dict[str, int]) -> list[Said]:
    at = columns.get("unit")
    if at is None or at >= len(cells):
        return []
    start, end = cells[at]
    found, begin = [], start
    for part in text[start:end].split("/"):
        said = quoted(text, begin, begin + len(part))
        if said:
            found.append(said)
        begin += len(part) + 1
    return found


def _title(text: str, lines: list[Line]) -> Said | None:
    """The lines of capitals right above the table."""
    kept: list[Line] = []
    for up, line in enumerate(reversed(lines), 1):
        if line.is_title:
            kept.insert(0, line)
        elif kept or up > 4 or line.is_row:
            break
    return quoted(text, kept[0].start, kept[-1].end) if kept else None
