"""The text that was read, line by line, with the places that items come from marked. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from hoctap.directives.understood import GROUPS, LEFT, Item


@dataclass(frozen=True)
class Piece:
    """A stretch of text; ``item`` is the number of what was understood of it, ``kind`` its group; 0 and "" for none.

    ``first``: the item's first place, where its number links to the list.
    """

    text: str
    item: int = 0
    kind: str = ""
    first: bool = False


@dataclass(frozen=True)
class Shown:
    """One paragraph. ``kind``: "text", "caps" (centred capitals), "head" (a numbered heading) or "row" of a table."""

    kind: str
    cells: list[list[Piece]]


def shown(text: str, items: list[Item]) -> list[Shown]:
    """Paragraphs with their marks; where two items speak of the same words the one listed first has them."""
    places = _places(items, len(text))
    seen: set[int] = set()
    out: list[Shown] = []
    at = 0
    for line in text.split("\n"):
        cells, begin = [], at
        for cell in line.split("\t"):
            cells.append(list(_pieces(text, begin, begin + len(cell), places, seen)))
            begin += len(cell) + 1
        if line:
            out.append(Shown(_kind(line), cells))
        at += len(line) + 1
    return out


def tabled(lines: list[Shown]) -> Iterator[tuple[bool, list[Shown]]]:
    """Rows that follow one another are one table: (whether it is one, its lines)."""
    for is_table, group in groupby(lines, key=lambda line: line.kind == "row"):
        yield is_table, list(group)


def _places(items: list[Item], length: int) -> list[tuple[int, int, Item]]:
    """Spans in order, none over another: the first group listed has the better right, then the shorter span."""
    wanted = sorted(
        (
            (start, min(end, length), item)
            for item in items
            if item["state"] != LEFT
            for start, end in item["spans"]
        ),
        key=lambda place: (GROUPS.index(place[2]["group"]), place[1] - place[0], place[0]),
    )
    kept: list[tuple[int, int, Item]] = []
    for start, end, item in wanted:
        if start < end and all(end <= other or start >= stop for other, stop, _item in kept):
            kept.append((start, end, item))
    return sorted(kept, key=lambda place: place[0])


def _pieces(
    text: str, start: int, end: int, places: list[tuple[int, int, Item]], seen: set[int]
) -> Iterator[Piece]:
    at = start
    for begin, stop, item in places:
        begin, stop = max(begin, start), min(stop, end)
        if begin >= stop:
            continue
        if at < begin:
            yield Piece(text[at:begin])
        yield Piece(text[begin:stop], item["id"], item["group"], item["id"] not in seen)
        seen.add(item["id"])
        at = stop
    if at < end:
        yield Piece(text[at:end])


def _kind(line: str) -> str:
    if "\t" in line:
        return "row"
    if line.isupper() and len(line) <= 200:
        return "caps"
    head = (
        line[:1].isalnum()
        and len(line) <= 180
        and line[-1] not in ".;,:"
        and line[:4].rstrip(". )").isalnum()
    )
    return "head" if head and (line[0].isdigit() or line.split(".")[0].isupper()) else "text"
