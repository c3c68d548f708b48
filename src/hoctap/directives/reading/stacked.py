"""Tables that a web page's copy left with one cell a line: their rows put together again. Pure.

Known by their headings ("STT", "Nội dung" …) that stand right above a "1", and by every row having as many cells.
"""

from collections.abc import Iterator

from hoctap.kernel.vietnamese import fold

_FEWEST, _MOST = 3, 8  # columns
_LONGEST_HEADING = 60


def rows_of(lines: list[str]) -> list[str]:
    """The lines, with each such table's cells joined by tabs."""
    if not any(_is_first(line) for line in lines):
        return lines
    out: list[str] = []
    at = 0
    while at < len(lines):
        table = _table(lines, at) if _is_first(lines[at]) else None
        if table:
            rows, at = table
            out += ["\t".join(row) for row in rows]
        else:
            out.append(lines[at])
            at += 1
    return out


def _is_first(line: str) -> bool:
    return len(line) < 10 and fold(line) in ("stt", "tt", "so tt")


def _table(lines: list[str], begin: int) -> tuple[list[list[str]], int] | None:
    """Its rows, and the line behind it; None where the rows are not all as long as the headings."""
    cells = _cells(lines, begin)
    head: list[str] = []
    for _, cell in cells:
        if cell == "1":
            break
        head.append(cell)
        if len(head) > _MOST or len(cell) > _LONGEST_HEADING:
            return None
    else:
        return None
    if len(head) < _FEWEST:
        return None
    rows, row, end = [head], ["1"], begin
    for at, cell in cells:
        if len(row) == len(head):
            rows.append(row)
            row = []
            if cell != str(len(rows)):
                return rows, end
        row.append(cell)
        end = at + 1
    return ([*rows, row], end) if len(row) == len(head) else None


def _cells(lines: list[str], begin: int) -> Iterator[tuple[int, str]]:
    """Every line with words, and its place; a row ends the table."""
    for at in range(begin, len(lines)):
        if "\t" in lines[at]:
            return
        if lines[at].strip():
            yield at, lines[at].strip()
