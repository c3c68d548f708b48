"""Figure tables: the form as printed, the consolidated table, and how they are laid on paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from .content import Cell, Column, FigureTable, Row
from .wording import cell_text

MM = 25.4 / 72  # one point in millimetres
SIZES = (12.0, 11.0, 10.0, 9.0)  # points, the largest that fits is taken
PADDING = 3.0  # left and right of a cell together, millimetres
_DIGIT, _MARK, _LETTER = 0.5, 0.25, 0.62  # em: Tinos figures, points, the mean bold letter and a bit

_SHORT, _LONGEST_WORD = 6, 14  # letters
_MOST_TOGETHER = 9  # columns that one upright sheet holds


@dataclass(frozen=True)
class Headings:
    """Tên các cột của biểu, as the form's document prints them."""

    number: str = "STT"
    label: str = "Các hoạt động"
    unit: str = "Đơn vị"
    group: str = "Số lượng"
    measures: tuple[str, ...] = ("Số lớp/số cuộc thi", "Người")
    note: str = "Ghi chú"


PRINTED = Headings()


@dataclass(frozen=True)
class FigureLine:
    """Dòng của biểu số liệu.

    ``values``: one cell for each measure. ``counted``: for each measure the number of units whose
    figures are in it, None where the line has no such cell. ``by_unit``: for each child unit its
    ``values``.
    """

    number: str
    label: str
    unit: str
    values: tuple[Cell, ...]
    note: str = ""
    lead: bool = False
    counted: tuple[int | None, ...] = ()
    by_unit: tuple[tuple[Cell, ...], ...] = ()


def form_table(lines: Iterable[FigureLine], headings: Headings = PRINTED) -> FigureTable:
    """The report form as printed (biểu mẫu báo cáo)."""
    columns = _form_columns(headings)
    rows = tuple(Row(_form_cells(line), line.lead) for line in lines)
    return FigureTable(columns, rows, key=3, main=len(columns))


def consolidated_table(
    lines: Iterable[FigureLine],
    *,
    expected: int,
    units: Sequence[str] = (),
    headings: Headings = PRINTED,
) -> FigureTable:
    """The form's own columns, then how many of the ``expected`` units each total covers, then ``units``."""
    columns = (*_form_columns(headings), Column("Số đơn vị có số liệu", "centre", 26))
    main = len(columns)
    for unit in units:
        columns += tuple(Column(measure, "number", 15, group=unit) for measure in headings.measures)
    rows = tuple(
        Row(
            (
                *_form_cells(line),
                _coverage(line, expected),
                *(cell for unit in line.by_unit for cell in unit),
            ),
            line.lead,
        )
        for line in lines
    )
    return FigureTable(columns, rows, key=3, main=main)


def text_table(lines: Sequence[Sequence[str]]) -> FigureTable:
    """A table written in a document's text; its first line is the heading.

    The second line belongs to the heading too where it only names the parts of a cell that spans several columns
    (the empty cells after it).
    """
    top, *below = lines
    spans = _spans(top)
    parted = bool(below) and any(below[0]) and all(not text or spans[n] for n, text in enumerate(below[0]))
    under = below[0] if parted else ("",) * len(top)
    rows = below[1:] if parted else below
    columns = tuple(
        _text_column(under[n] or top[n], [row[n] for row in rows], spans[n] if under[n] else "")
        for n in range(len(top))
    )
    whole = len(columns) <= _MOST_TOGETHER
    return FigureTable(
        columns, tuple(Row(tuple(row)) for row in rows), key=1, main=len(columns) if whole else 1
    )


def _spans(top: Sequence[str]) -> list[str]:
    """For each column the heading that spans it, "" where a heading has its column to itself."""
    over = [next((top[k] for k in range(n, -1, -1) if top[k]), "") for n in range(len(top))]
    shared = {text for text, after in pairwise([*top, "-"]) if text and not after}
    return [text if text in shared else "" for text in over]


def _text_column(label: str, texts: Sequence[str], group: str) -> Column:
    if not any(texts):  # to be filled in by hand
        return Column(label, "text", 16, grow=_SHORT, group=group)
    if max(map(len, texts)) <= _SHORT:
        return Column(label, "centre", 12, group=group)
    words = [word for text in texts for word in text.replace("/", "/ ").split()]
    letters = min(max(map(len, words)), _LONGEST_WORD)
    mean = sum(map(len, texts)) / len(texts)
    return Column(label, "text", letters * _LETTER * SIZES[0] * MM + PADDING, grow=mean, group=group)


def _form_columns(headings: Headings) -> tuple[Column, ...]:
    return (
        Column(headings.number, "centre", 11),
        Column(headings.label, "text", 62, grow=6),
        Column(headings.unit, "centre", 29),
        *(Column(measure, "number", 21, group=headings.group) for measure in headings.measures),
        Column(headings.note, "text", 30, grow=1),
    )


def _form_cells(line: FigureLine) -> tuple[Cell, ...]:
    return (line.number, line.label, line.unit, *line.values, line.note)


def _coverage(line: FigureLine, expected: int) -> str:
    counted = [(place, n) for place, n in enumerate(line.counted) if n is not None]
    if len({n for _, n in counted}) <= 1:
        return f"{counted[0][1]}/{expected}" if counted else ""
    names = [name.strip() for name in line.unit.split("/")]
    if len(names) != len(line.counted):
        return "; ".join(f"{n}/{expected}" for _, n in counted)
    return "\n".join(f"{names[place]}: {n}/{expected}" for place, n in counted)


@dataclass(frozen=True)
class Band:
    """The columns (by position) that share one sheet's width, with their widths in millimetres."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class HeadCell:
    """Ô tiêu đề: ``column`` is its place in the band, ``line`` 0 or 1."""

    text: str
    line: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class PaperTable:
    """Bảng số liệu laid on paper: letters of ``size`` points, one band a sheet."""

    size: float
    bands: tuple[Band, ...]


def lay_out(table: FigureTable, available: float) -> PaperTable:
    """Share the columns out over sheets ``available`` mm wide so that no figure or word is cut off."""
    key, rest = range(table.key), range(table.main, len(table.columns))
    for size in SIZES if table.main == len(table.columns) else SIZES[2:]:
        least = _least_widths(table, size)
        if sum(least[: table.main]) <= available:
            break
    sheets = [tuple(range(table.main))]
    room = available - sum(least[place] for place in key)
    for places in _shared_out([tuple(group) for _, group in groupby(rest, _group_of(table))], least, room):
        sheets.append((*key, *places))
    return PaperTable(size, tuple(_band(table, places, least, available) for places in sheets))


def _group_of(table: FigureTable):
    def group(place: int):
        return table.columns[place].group or place

    return group


def _shared_out(groups: list[tuple[int, ...]], least: list[float], room: float) -> list[tuple[int, ...]]:
    """Neighbouring groups in as few sheets as hold them, about equally many on each."""
    if not groups:
        return []
    widest = max(sum(least[place] for place in group) for group in groups)
    fitting = max(1, int(room // widest))
    sheets = -(-len(groups) // fitting)
    cuts = [round(sheet * len(groups) / sheets) for sheet in range(sheets + 1)]
    return [tuple(p for group in groups[a:b] for p in group) for a, b in pairwise(cuts)]


def _band(table: FigureTable, places: tuple[int, ...], least: list[float], available: float) -> Band:
    growth = [table.columns[place].grow for place in places]
    spare = available - sum(least[place] for place in places)
    share = spare / sum(growth) if any(growth) else 0.0
    widths = tuple(least[place] + share * grow for place, grow in zip(places, growth, strict=True))
    return Band(places, widths)


def _least_widths(table: FigureTable, size: float) -> list[float]:
    """Least width of every column; the same measure is equally wide for every unit."""
    least = [_least_width(table, place, size) for place in range(len(table.columns))]
    alike: dict[str, float] = {}
    for place in range(table.main, len(least)):
        label = table.columns[place].label
        alike[label] = max(alike.get(label, 0.0), least[place])
    return [*least[: table.main], *(alike[column.label] for column in table.columns[table.main :])]


def _least_width(table: FigureTable, place: int, size: float) -> float:
    column = table.columns[place]
    words = [word for text in (column.label, column.group) for word in text.replace("/", "/ ").split()]
    longest = max((len(word) * _LETTER for word in words), default=0.0)
    if column.kind == "number":
        figures = (cell_text(row.cells[place]) for row in table.rows)
        longest = max([longest, *map(_figure_em, figures)])
    return max(column.width, longest * size * MM + PADDING)


def _figure_em(text: str) -> float:
    return sum(_MARK if mark == "." else _DIGIT for mark in text)


def head(table: FigureTable, band: Band) -> list[HeadCell]:
    """The heading cells of a band: one line of them, or two where columns are grouped."""
    columns = [table.columns[place] for place in band.columns]
    deep = 2 if any(column.group for column in columns) else 1
    cells: list[HeadCell] = []
    at = 0
    for group, members in groupby(columns, lambda column: column.group):
        for offset, column in enumerate(run := list(members)):
            line, rows = (1, 1) if group else (0, deep)
            cells.append(HeadCell(column.label, line, at + offset, rows=rows))
        if group:
            cells.append(HeadCell(group, 0, at, columns=len(run)))
        at += len(run)
    return sorted(cells, key=lambda cell: (cell.line, cell.column))
