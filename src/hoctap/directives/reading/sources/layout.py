"""Pages of placed words to paragraphs, as a reader's eye joins them. Pure.

What a page looks like tells more than its words: a line that leaves no room for the next word goes on below; wider
space, or a line that begins further right, begins a paragraph. Boxes side by side are read one after the other, page
numbers and running heads dropped, and what the edge of a page cut (a paragraph, a table's row) joined again.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from hoctap.directives.reading.text import IN_BOX, MARK, OPENING, PAGE_NUMBER, join


@dataclass(frozen=True)
class Piece:
    """Text that stands together on a line; measures in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 4)


@dataclass(frozen=True)
class Table:
    """A ruled table: where its columns stand, and its rows of cells."""

    top: float
    columns: list[float]
    rows: list[list[str]]


@dataclass
class Page:
    width: float
    height: float
    pieces: list[Piece]
    tables: list[Table] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    """Pieces on one height; ``box``: how wide the box is that stands beside another, if it stands in one."""

    pieces: list[Piece]
    box: float = 0

    @property
    def left(self) -> float:
        return self.pieces[0].left

    @property
    def right(self) -> float:
        return max(piece.right for piece in self.pieces)

    @property
    def top(self) -> float:
        return max(piece.top for piece in self.pieces)

    @property
    def middle(self) -> float:
        return median(piece.middle for piece in self.pieces)

    @property
    def height(self) -> float:
        return median(piece.height for piece in self.pieces)

    @property
    def text(self) -> str:
        out, right = "", None
        for piece in self.pieces:
            gap = 0 if right is None else piece.left - right
            blank = "\t" if gap > _FAR * max(piece.height, 6) else " " if gap > 0.12 * piece.height else ""
            out, right = out + blank + piece.text, max(piece.right, right or 0)
        return out


_FAR = 2.4  # heights of a letter between columns
_EDGE = 0.12  # of a page's height, where page numbers and running heads stand


def paragraphs(pages: list[Page]) -> Iterator[str]:
    """One string each; a table's rows with tabs between cells."""
    edges = _right_edges(pages)
    running = _running_heads(pages)
    blocks: list[_Line | Table | None] = []  # None: a page ends
    for page in pages:
        blocks += [*_in_order(page, running), None]
    yield from _joined(list(_whole_tables(blocks)), edges, [page.width for page in pages])


def visual(pieces: list[Piece]) -> list[_Line]:
    """From the top; pieces whose middles are level stand on one line."""
    found: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (-p.middle, p.left)):
        if found and abs(found[-1][0].middle - piece.middle) < 0.45 * piece.height:
            found[-1].append(piece)
        else:
            found.append([piece])
    return [_Line(sorted(line, key=lambda p: p.left)) for line in found]


def _in_order(page: Page, running: set[str]) -> list[_Line | Table]:
    lines = visual(page.pieces)
    lines = [line for line in lines if not _in_margin(line, page, running)]
    blocks: list[tuple[float, int, _Line | Table]] = [(table.top, 0, table) for table in page.tables]
    for group in _groups(lines):
        top = group[0].top
        blocks += [(top, at, line) for at, line in enumerate(_boxes(group))]
    return [block for _, _, block in sorted(blocks, key=lambda block: (-block[0], block[1]))]


def _in_margin(line: _Line, page: Page, running: set[str]) -> bool:
    if _EDGE * page.height < line.middle < (1 - _EDGE) * page.height:
        return False
    return bool(PAGE_NUMBER.fullmatch(line.text)) or _digitless(line.text) in running


def _digitless(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _running_heads(pages: list[Page]) -> set[str]:
    """What stands at the head or foot of most pages, its numbers aside."""
    if len(pages) < 3:
        return set()
    counts: Counter[str] = Counter()
    for page in pages:
        lines = visual([p for p in page.pieces if not _EDGE < p.middle / page.height < 1 - _EDGE])
        counts.update({_digitless(line.text) for line in lines})
    return {text for text, count in counts.items() if count >= max(3, len(pages) * 0.6)}


def _right_edges(pages: list[Page]) -> dict[float, float]:
    """Where full lines end, for each width of page."""
    rights: dict[float, list[float]] = defaultdict(list)
    for page in pages:
        rights[page.width] += [line.right for line in visual(page.pieces) if len(line.text) > 40]
    return {width: sorted(values)[int(len(values) * 0.9)] for width, values in rights.items() if values}


def _groups(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Lines one by one; those with boxes side by side, and what stands in the same two columns below, together."""
    at = 0
    middle = (
        min((line.left for line in lines), default=0) + max((line.right for line in lines), default=0)
    ) / 2
    while at < len(lines):
        gutter = _gutter(lines[at])
        end = at + 1
        while gutter and end < len(lines):
            line = lines[end]
            centred = len(line.pieces) == 1 and abs((line.left + line.right) / 2 - middle) < 6  # a title
            gutter = None if centred else _narrowed(gutter, line)
            end += gutter is not None
        yield lines[at:end]
        at = end


def _gutter(line: _Line) -> tuple[float, float] | None:
    """The one wide gap of a line."""
    wide = [(a.right, b.left) for a, b in pairwise(line.pieces) if b.left - a.right > _FAR * max(b.height, 6)]
    return wide[0] if len(wide) == 1 else None


def _narrowed(gutter: tuple[float, float], line: _Line) -> tuple[float, float] | None:
    """The gap that this line leaves free, too."""
    low, high = gutter
    for piece in line.pieces:
        if piece.left < high and piece.right > low:
            low, high = max((low, piece.left), (piece.right, high), key=lambda free: free[1] - free[0])
    return (low, high) if high - low > 4 else None


def _boxes(group: list[_Line]) -> list[_Line]:
    if len(group) == 1 or not any(IN_BOX.match(piece.text) for line in group for piece in line.pieces):
        return group
    low, high = group[0].pieces[0].right, group[0].pieces[-1].left
    for line in group:
        low, high = _narrowed((low, high), line) or (low, high)
    middle = (low + high) / 2
    sides = [
        [[p for p in line.pieces if (p.left > middle) == right] for line in group] for right in (False, True)
    ]
    found = []
    for side in sides:
        lines = [_Line(pieces) for pieces in side if pieces]
        widest = max((line.right - line.left for line in lines), default=0)
        found += [_Line(line.pieces, widest) for line in lines]
    return found


def _joined(
    blocks: list[_Line | Table | None], edges: dict[float, float], widths: list[float]
) -> Iterator[str]:
    leading = _leading(blocks)
    left = min((block.left for block in blocks if isinstance(block, _Line)), default=0)
    set_apart = _set_apart(blocks, left, max(edges.values(), default=0), leading)
    parts: list[str] = []
    last: _Line | Table | None = None
    page, turned = 0, False
    for block in blocks:
        if block is None:
            page, turned = page + 1, True
            continue
        edge = edges.get(widths[min(page - turned, len(widths) - 1)], 0)
        if isinstance(block, Table):
            yield from filter(None, ["".join(parts)])
            parts = []
            yield "\n".join("\t".join(row) for row in block.rows)
        elif isinstance(last, _Line) and (
            _goes_on_in_box(parts[0], last, block)
            or _goes_on(last, block, edge, 0 if turned else leading, set_apart and block.left < left + 8)
        ):
            join(parts, block.text)
        else:
            yield from filter(None, ["".join(parts)])
            parts = [block.text]
        last, turned = block, False
    yield from filter(None, ["".join(parts)])


def _leading(blocks: list[_Line | Table | None]) -> float:
    """From line to line inside a paragraph: what most lines have."""
    steps = [
        round(a.middle - b.middle)
        for a, b in pairwise(blocks)
        if isinstance(a, _Line) and isinstance(b, _Line) and 0 < a.middle - b.middle < 60
    ]
    return Counter(steps).most_common(1)[0][0] if steps else 0


def _set_apart(blocks: list[_Line | Table | None], left: float, edge: float, leading: float) -> bool:
    """Whether paragraphs begin further right or below more space: a full line without these is inside one."""
    begun = [
        _is_lower(a, b, leading) or b.left > left + 8
        for a, b in pairwise(blocks)
        if isinstance(a, _Line)
        and isinstance(b, _Line)
        and edge - a.right > _first_word(b)
        and len(b.text) > 40
    ]
    return len(begun) >= 3 and sum(begun) > 0.8 * len(begun)


def _is_lower(last: _Line, line: _Line, leading: float) -> bool:
    return bool(leading) and last.middle - line.middle > leading * 1.13 + 0.5


def _goes_on(last: _Line, line: _Line, edge: float, leading: float, inside: bool) -> bool:
    """Whether the line before left no room for the first word of this one, and nothing else parts them.

    ``leading`` is 0 where a page ends between them; ``inside``: paragraphs begin further right, or lower, than this line.
    """
    text, before = line.text, last.text
    if last.box or line.box or "\t" in text + before or before.isupper() or text.isupper():
        return False
    if edge - last.right > _first_word(line) or _is_lower(last, line, leading):
        return False
    ended = before[-1] in ".;:!?”…"
    inside = inside and leading > 0
    if ended and (MARK.match(text) or (OPENING.match(text) and not inside)):
        return False
    if not (ended or inside) and (MARK.match(text) or OPENING.match(text)) and not _breaks(before, text):
        return False
    return not (ended and line.left > last.left + 8 and not MARK.match(before))


_IN_BOX = re.compile(r"(?:V/v|V/V|Về việc)\b|[-–+]|[^,]{2,40}, ngày\b")
_DATED = re.compile(r"năm \d{4}$")


def _goes_on_in_box(begun: str, last: _Line, line: _Line) -> bool:
    """A letter's subject, its place and day, a receiver's name over several lines; all else in a box keeps its lines."""
    if (
        not (last.box and last.box == line.box and _IN_BOX.match(begun))
        or last.text[-1] in ".;"
        or _DATED.search(last.text)
    ):
        return False
    text = line.text
    return not (MARK.match(text) or OPENING.match(text) or text.isupper())


def _first_word(line: _Line) -> float:
    """How wide its first word is, with a blank."""
    text = line.text
    return (line.right - line.left) * (len(text.split(" ")[0]) + 1) / len(text)


def _breaks(before: str, text: str) -> bool:
    """A number or a dash that only looks like a mark: "… giai đoạn 2023" / "- 2030", "… của Quận" / "3. …"."""
    return bool(re.match(r"[-–]\s*\d", text) and before[-1].isdigit()) or bool(_WANTS_MORE.search(before))


_WANTS_MORE = re.compile(
    r"(?:,|\b(?:và|số|của|theo|tại|từ|đến|năm|tháng|ngày|quý|quận|phường|khoản|điểm|điều|mục|là|các))$",
    re.IGNORECASE,
)


def _whole_tables(blocks: list[_Line | Table | None]) -> Iterator[_Line | Table | None]:
    """A table that goes on at the head of the next page is one; its heading is not said again."""
    held: Table | None = None
    turned: list[None] = []  # pages that ended behind it
    for block in blocks:
        if held and block is None:
            turned.append(None)
        elif held and isinstance(block, Table) and _same_columns(held, block):
            _append(held.rows, block.rows)
        else:
            yield from turned
            turned = []
            held = block if isinstance(block, Table) else None
            yield block


def _same_columns(one: Table, other: Table) -> bool:
    return len(one.columns) == len(other.columns) and all(
        abs(a - b) < 6 for a, b in zip(one.columns, other.columns, strict=True)
    )


def _append(rows: list[list[str]], more: list[list[str]]) -> None:
    while more and more[0] in rows[:2] and any(more[0]):
        more = more[1:]
    if more and rows and _is_cut_row(more[0]):
        rows[-1] = [" ".join(filter(None, cells)) for cells in zip(rows[-1], more[0], strict=True)]
        more = more[1:]
    rows += more


def _is_cut_row(row: list[str]) -> bool:
    """The rest of a row that the page's edge cut: nothing in its first column, and words that go on."""
    said = [cell for cell in row if cell]
    return not row[0] and len(said) == 1 and said[0][0].islower()
